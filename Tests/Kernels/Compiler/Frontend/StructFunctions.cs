namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Structs: nested, generic, copied, with methods, behind interfaces.</summary>
internal static class StructFunctions
{
    public static float Fields(float a, float b)
    {
        Pair<float> pair = new(a, b);
        pair.First += 1;
        pair.Second *= pair.First;
        return pair.First - pair.Second;
    }

    public static int Copies(int a, int b)
    {
        Pair<int> one = new(a, b);
        Pair<int> two = one;
        two.First = 5;
        one.Second = 6;
        Changed(one);
        return one.First * 7 + one.Second * 3 + two.First - two.Second;
    }

    public static int Nested(int a, int b)
    {
        Pair<Pair<int>> outer = default;
        outer.First = new Pair<int>(a, b);
        outer.Second.First = outer.First.Second;
        outer.Second.Second++;
        Raise(ref outer.First);
        return outer.First.Sum() * 3 + outer.Second.Sum();
    }

    public static int Choice(int a, int b)
    {
        Pair<int> chosen = a > b ? new Pair<int>(a, 1) : new Pair<int>(2, b);
        return chosen.First ^ chosen.Second;
    }

    public static int ChoiceOfNested(int a, int b)
    {
        Pair<Pair<int>> one = new(new(a, b), new(1, 2));
        Pair<Pair<int>> two = new(new(b, b), new(a, 4));
        Pair<Pair<int>> chosen = a > b ? one : two;
        return chosen.First.First + chosen.Second.First * 3 + chosen.Second.Second;
    }

    public static int Methods(int a, int b)
    {
        Pair<int> pair = new(a, b);
        pair.Swap();
        return pair.Sum() - pair.Larger() * 3;
    }

    public static int Loop(int a, int b)
    {
        Pair<int> pair = new(a, b);
        for (int i = 0; i < (b & 7); i++) pair = new Pair<int>(pair.Second, pair.First + i);
        return pair.First * 5 + pair.Second;
    }

    public static int Interfaces(int a, int b) => Apply(default(Adder), a, b) * 3 + Apply(new Scaler { Factor = 7 }, a, b);

    public static int StaticInterfaces(int a, int b) =>
        ApplyStatic<Adder>(a, b) * 3 + ApplyStatic<Subtractor>(a, b) - ApplyStatic<Defaulted>(a, b);

    public static int InterfaceThatChanges(int a, int b)
    {
        Counter counter = default;
        Count(ref counter, a);
        Count(ref counter, b);
        Count(ref counter, a);
        return counter.Total + counter.Calls * 1000;
    }

    public static int Tuples(int a, int b)
    {
        (int high, int low) = Split(a);
        (low, high) = (high + b, low);
        return high * 3 + low;
    }

    public static int WithExpressions(int a, int b)
    {
        Record record = new(a, b);
        Record other = record with { Y = 5 };
        return other.X * other.Y - record.Y;
    }

    public static int RefField(int a, int b)
    {
        Pair<int> pair = new(a, b);
        ref int second = ref pair.Second;
        second += a;
        return pair.First - pair.Second;
    }

    public static int RefToNested(int a, int b)
    {
        Pair<Pair<int>> outer = new(new(a, b), new(b, a));
        ref Pair<int> inner = ref outer.Second;
        inner.First *= 3;
        inner = new Pair<int>(inner.First, 9);
        return outer.Second.First + outer.Second.Second + outer.First.First;
    }

    public static int OutStruct(int a, int b)
    {
        Make(a, b, out Pair<int> pair);
        return pair.First - pair.Second;
    }

    public static int GenericMethod(int a, int b) => Second<Pair<int>, int>(new Pair<int>(a, b), b) + (int)Second(1f, 2.0);

    private struct Pair<T>(T first, T second)
        where T : struct
    {
        public T First = first;
        public T Second = second;

        public void Swap() => (First, Second) = (Second, First);
    }

    private static int Sum(this in Pair<int> pair) => pair.First + pair.Second;

    private static int Larger(this Pair<int> pair) => pair.First > pair.Second ? pair.First : pair.Second;

    private readonly record struct Record(int X, int Y);

    private interface IOperation
    {
        int Run(int a, int b);

        static abstract int RunStatic(int a, int b);

        static virtual int Bonus(int a) => a + 11;
    }

    private struct Adder : IOperation
    {
        public readonly int Run(int a, int b) => a + b;

        public static int RunStatic(int a, int b) => a + b;
    }

    private struct Subtractor : IOperation
    {
        public readonly int Run(int a, int b) => a - b;

        public static int RunStatic(int a, int b) => a - b;

        public static int Bonus(int a) => a * 2;
    }

    private struct Defaulted : IOperation
    {
        readonly int IOperation.Run(int a, int b) => a ^ b;

        static int IOperation.RunStatic(int a, int b) => a ^ b;
    }

    private struct Scaler : IOperation
    {
        public int Factor;

        public readonly int Run(int a, int b) => a * Factor - b;

        public static int RunStatic(int a, int b) => b;
    }

    private interface ICounter
    {
        void Add(int value);
    }

    private struct Counter : ICounter
    {
        public int Total;
        public int Calls;

        public void Add(int value)
        {
            Total += value;
            Calls++;
        }
    }

    private static int Apply<T>(T operation, int a, int b)
        where T : struct, IOperation => operation.Run(a, b) + operation.Run(b, 3);

    private static int ApplyStatic<T>(int a, int b)
        where T : struct, IOperation => T.RunStatic(a, b) * T.Bonus(a);

    private static void Count<T>(ref T counter, int value)
        where T : struct, ICounter => counter.Add(value);

    private static void Changed(Pair<int> pair) => pair.First = 1000;

    private static void Raise(ref Pair<int> pair)
    {
        pair.First++;
        pair.Swap();
    }

    private static (int High, int Low) Split(int a) => (a >> 16, a & 0xffff);

    private static void Make(int a, int b, out Pair<int> pair)
    {
        pair = new Pair<int>(b, a);
        pair.First++;
    }

    private static TSecond Second<TFirst, TSecond>(TFirst first, TSecond second)
        where TFirst : struct
        where TSecond : struct => second;
}
