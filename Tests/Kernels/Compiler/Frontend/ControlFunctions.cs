namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Conditions, choices, calls, early returns, switches.</summary>
internal static class ControlFunctions
{
    public static bool ShortCircuits(int a, int b, int c) => a > 0 && b > 0 || c < 0 && (a == b || b != c);

    public static bool EagerLogic(bool a, bool b, bool c) => a & !b | c ^ (a | b);

    public static int Assigned(int a, int b)
    {
        bool positive = a > 0 && b > 0;
        bool other = !positive || a == b;
        return (positive ? 1 : 0) + (other ? 2 : 0) + (positive == other ? 4 : 0);
    }

    public static int Ternaries(int a, int b) => a > b ? a < 100 ? a : b > 0 ? 3 : 4 : b == 5 ? a : -b;

    public static long TernaryOfLongs(int a, long b) => a > 0 ? b : a;

    public static float TernaryOfFloats(int a, float b, float c) => (a > 0 ? b : c) * (a < 5 ? 2f : 3f);

    public static int EarlyReturns(int a, int b)
    {
        if (a < 0) return -1;
        if (b < 0) return a > 10 ? 5 : 6;
        if (a == b) return 0;
        return a - b;
    }

    public static int DenseSwitch(int a)
    {
        switch (a)
        {
            case 0: return 10;
            case 1:
            case 2: return 20;
            case 3: a += 5; break;
            case 7: return 1;
            default: a -= 1; break;
        }
        return a * 2;
    }

    public static int SparseSwitch(int a) => a switch
    {
        -1 => 5,
        31 => 6,
        127 => 7,
        int.MaxValue => 8,
        > 1000 => 9,
        _ => 0,
    };

    public static int SwitchOfByte(byte a) => a switch { 0 => 1, 1 => 2, 2 => 4, 3 => 8, 255 => 16, _ => 0 };

    public static int Patterns(int a, int b) => (a, b) switch
    {
        (0, 0) => 1,
        ( > 0, < 0) => 2,
        (_, 1 or 2) => 3,
        _ => 4,
    };

    public static int Calls(int a, int b) => Twice(Larger(a, b)) + Larger(Twice(a), Twice(b)) + Larger(a, 3);

    public static int RefAndOut(int a, int b)
    {
        Swap(ref a, ref b);
        Split(a, out int high, out int low);
        Add(ref low, in b);
        return high * 31 + low * 7 + a;
    }

    public static int RefReturns(int a, int b)
    {
        int x = a;
        ref int same = ref Itself(ref x);
        same += b;
        Itself(ref same) *= 3;
        return x;
    }

    public static int RefSeesALaterStore(int a, int b)
    {
        int x = a;
        ref int r = ref x;
        x = b;
        return r;
    }

    public static int RefArgumentSeesAStoreAmongTheArguments(int a, int b)
    {
        int x = a;
        AddTo(ref x, x = b);
        return x;
    }

    public static int RefStaysOneVariableInALoop(int a, int b)
    {
        int x = a, sum = 0;
        ref int r = ref x;
        for (int i = 0; i < 4; i++)
        {
            x = i * b;
            r += a;
            sum += x;
        }
        return sum;
    }

    public static int RefAndVariableTakeTurns(int a, int b)
    {
        int x = a;
        ref int r = ref x;
        r = b;
        int y = x;
        x = a + b;
        r++;
        return y * 100 + x;
    }

    public static int RefLocals(int a, int b)
    {
        int x = a;
        {
            ref int r = ref x;
            r += b;
        }
        int y = b;
        {
            ref int s = ref y;
            s *= 2;
        }
        return x ^ y;
    }

    public static int ReassignedParameter(int a, int b)
    {
        if (a > b) a = b;
        b += a;
        return Lowered(a) + a + b;
    }

    public static int LocalFunctions(int a, int b)
    {
        return Scaled(a) - Scaled(b);

        static int Scaled(int x) => x * 3 + 1;
    }

    public static int Goto(int a)
    {
        int n = 0;
    again:
        n++;
        a /= 2;
        if (a != 0 && n < 40) goto again;
        return n;
    }

    public static int Constants() => ConstantField + ReadOnlyField + (int)ReadOnlyLong;

    public static float ReadOnlyStruct(float a) => Weights.X * a + Weights.Y;

    public static int Enumerations(int a)
    {
        Kind kind = (Kind)(a & 3);
        return kind == Kind.Second ? 1 : kind is Kind.First or Kind.Third ? (int)kind + 10 : 0;
    }

    private enum Kind : byte
    {
        First,
        Second,
        Third,
    }

    private const int ConstantField = 5;
    private static readonly int ReadOnlyField = 7;
    private static readonly long ReadOnlyLong = 9;
    private static readonly (float X, float Y) Weights = (0.25f, 3f);

    private static int Twice(int x) => 2 * x;

    private static int Larger(int x, int y)
    {
        if (x > y) return x;
        return y;
    }

    private static int Lowered(int x)
    {
        x -= 10;
        if (x < 0) x = 0;
        return x;
    }

    private static void Swap(ref int x, ref int y) => (x, y) = (y, x);

    private static void Split(int x, out int high, out int low)
    {
        high = x >> 16;
        low = x & 0xffff;
    }

    private static void Add(ref int x, in int y) => x += y;

    private static ref int Itself(ref int x) => ref x;

    private static void AddTo(ref int x, int y) => x += y;
}
