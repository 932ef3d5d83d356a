using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

#pragma warning disable CA1822, CS0649, CS8500

/// <summary>What a kernel must not say: each is refused at its line.</summary>
internal unsafe partial class RefusedKernels
{
    private static int mutable;
    private static readonly string Text = "text";
    private static readonly int Failing = int.Parse("no number", null);

    internal class Box
    {
        public int Value;

        public virtual int Get() => Value;
    }

    private interface IShape
    {
        int Area(int x);
    }

    private struct Square : IShape
    {
        public readonly int Area(int x) => x * x;
    }

    [StructLayout(LayoutKind.Explicit)]
    internal struct Union
    {
        [FieldOffset(0)]
        public float Number;

        [FieldOffset(0)]
        public int Bits;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct Packed
    {
        public byte A;
        public int B;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Inline
    {
        private int element;
    }

    internal record struct Pair(int X, int Y);

    [Refused("throw", "no exceptions", after: 4)]
    public static void Throws(ArrayView<int> x)
    {
        if (x.IntLength == 0)
            throw new InvalidOperationException("a message");
        x[0] = 1;
    }

    [Refused("try", "no exceptions")]
    public static void Tries(ArrayView<int> x)
    {
        try { x[0] = 1; } finally { x[1] = 1; }
    }

    [Refused("a new array", "ArrayView")]
    public static void NewArray(ArrayView<int> x)
    {
        int[] a = new int[x.IntLength];
        x[0] = a[0];
    }

    [Refused("a string", "no strings")]
    public static void Strings(ArrayView<int> x)
    {
        x[0] = "text".Length;
    }

    [Refused("new Box", "no objects")]
    public static void Classes(ArrayView<int> x)
    {
        x[0] = new Box().Get();
    }

    [Refused("boxing", "generics")]
    public static void Boxes(ArrayView<int> x)
    {
        x[0] = ((IShape)default(Square)).Area(x[0]);
    }

    [Refused("calls itself", "loop")]
    public static void Recursion(ArrayView<int> x)
    {
        x[0] = Factorial(x[0]);
    }

    [Refused("calls itself", "loop", after: 4)]
    public static void MutualRecursion(ArrayView<int> x)
    {
        x[1] = 0;
        x[0] = Even(x[0]) ? 1 : 0;
    }

    [Refused("a delegate or lambda", "by name")]
    public static void Lambdas(ArrayView<int> x)
    {
        Func<int, int> twice = a => 2 * a;
        x[0] = twice(x[0]);
    }

    [Refused("the parameter 'f' of type Func<int, int>", "views", after: 1)]
    public static void DelegateParameter(ArrayView<int> x, Func<int, int> f) => x[0] = f(1);

    [Refused("function pointer", "by name")]
    public static void FunctionPointers(ArrayView<int> x)
    {
        delegate*<int, int> f = &Factorial;
        x[0] = f(1);
    }

    [Refused("the static field 'RefusedKernels.mutable'", "parameters")]
    public static void ReadsMutableStatic(ArrayView<int> x)
    {
        x[0] = mutable;
    }

    [Refused("a change of the static field 'RefusedKernels.mutable'", "view")]
    public static void WritesStatic(ArrayView<int> x)
    {
        mutable = x[0];
    }

    [Refused("the static field 'RefusedKernels.Text'", "numbers")]
    public static void StaticString(ArrayView<int> x)
    {
        x[0] = Text.Length;
    }

    [Refused("'Failing', whose initialiser fails", "const")]
    public static void StaticThatFails(ArrayView<int> x)
    {
        x[0] = FailingHolder.Failing;
    }

    [Refused("checked arithmetic", "unchecked")]
    public static void Checked(ArrayView<int> x)
    {
        x[0] = checked(x[0] + 1);
    }

    [Refused("checked arithmetic", "unchecked")]
    public static void CheckedConversion(ArrayView<byte> x, int a)
    {
        x[0] = checked((byte)a);
    }

    [Refused("the parameter 'p' of type int*, an unsafe pointer", "view", after: 1)]
    public static void PointerParameter(int* p) => *p = 1;

    [Refused("as a number", "ref", after: 4)]
    public static void AddressOfLocal(ArrayView<int> x)
    {
        int a = 3;
        int* p = &a;
        x[0] = *p;
    }

    [Refused("stackalloc", "LocalMemory")]
    public static void StackAlloc(ArrayView<int> x)
    {
        int* p = stackalloc int[4];
        x[0] = p[1];
    }

    [Refused("refers to one variable at one place and to another elsewhere", "one variable", after: 6)]
    public static void RefToTwoVariables(ArrayView<int> x)
    {
        int a = 1;
        int b = 2;
        ref int r = ref a;
        if (x[0] > 0) r = ref b;
        r = 5;
        x[0] = a + b;
    }

    [Refused("the addresses of two variables", "Choose between values", after: 5)]
    public static void ChoiceOfRefs(ArrayView<int> x)
    {
        int a = 1;
        int b = 2;
        ref int r = ref x[0] > 0 ? ref a : ref b;
        r = 5;
        x[0] = a + b;
    }

    [Refused("an address in global memory at one place and an address in shared memory at another", "one kind", after: 5)]
    public static void ViewInTwoMemories(ArrayView<int> x)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(4);
        ArrayView<int> view = x;
        if (x[0] > 0) view = shared;
        view[0] = 5;
    }

    [Refused("extent is not a positive constant", "GetDynamic")]
    public static void SharedExtent(ArrayView<int> x)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(x.IntLength);
        shared[0] = 1;
        x[0] = shared[0];
    }

    [Refused("extent is not a positive constant", "const")]
    public static void NegativeExtent(ArrayView<int> x)
    {
        x[0] = LocalMemory.Allocate<int>(-1)[0];
    }

    [Refused("8589934588 bytes in shared memory", "global memory")]
    public static void HugeExtent(ArrayView<int> x)
    {
        x[0] = SharedMemory.Allocate<int>(int.MaxValue)[0];
    }

    [Refused("the parameter 'a', a reference", "view", after: 1)]
    public static void ReferenceParameter(ref int a) => a = 1;

    [Refused("the parameter 'a' of type int[], which is not a value", "views", after: 1)]
    public static void ArrayParameter(int[] a) => a[0] = 1;

    [Refused("the parameter 'box' of type Box, which is not a value", "views", after: 1)]
    public static void ClassParameter(ArrayView<int> x, Box box) => x[0] = box.Value;

    [Refused("the parameter 'u' of type Union, a struct whose fields may overlap", "sequential", after: 1)]
    public static void UnionParameter(ArrayView<int> x, Union u) => x[0] = u.Bits;

    [Refused("which is not a value", "numbers", after: 1)]
    public static void StructWithString(ArrayView<int> x, (int, string) pair) => x[0] = pair.Item1;

    [Refused("a kernel that returns a int", "void", after: 1)]
    public static int Returns(ArrayView<int> x) => x[0];

    [Refused("an instance method or lambda", "static method", after: 1)]
    public void Instance(ArrayView<int> x) => x[0] = 1;

    [Refused("'u' is of type Union, a struct whose fields may overlap", "sequential")]
    public static void UnionVariable(ArrayView<int> x)
    {
        Union u = default;
        u.Number = 1;
        x[0] = u.Bits;
    }

    [Refused("Union in memory", "sequential")]
    public static void UnionInMemory(ArrayView<Union> x)
    {
        x[0] = x[1];
    }

    [Refused("Packed, a struct with a layout of its own", "sequential")]
    public static void PackedInMemory(ArrayView<Packed> x)
    {
        x[0].B = 1;
    }

    [Refused("an inline array", "LocalMemory")]
    public static void InlineArrays(ArrayView<int> x)
    {
        Inline a = default;
        x[0] = a[2];
    }

    [Refused("index 4 of a local array of 4 elements", "inside")]
    public static void IndexOutside(ArrayView<int> x)
    {
        LocalMemory.Allocate<int>(4)[4] = x[0];
    }

    [Refused("index 9 of a local array of 9 elements", "inside", after: 4)]
    public static void LoopIndexOutside(ArrayView<int> x)
    {
        ArrayView<int> a = LocalMemory.Allocate<int>(9);
        for (int i = 0; i <= 9; i++) a[i] = x[i];
        for (int i = 0; i < 9; i++) x[i] = a[i];
    }

    [Refused("a part of 3 elements from 2 on of a local array of 4", "inside")]
    public static void PartOutside(ArrayView<int> x)
    {
        x[0] = LocalMemory.Allocate<int>(4).SubView(2, 3)[0];
    }

    [Refused("'local0_1', which is never written", "Store a value", after: 5)]
    public static void NeverWritten(ArrayView<int> x)
    {
        ArrayView<int> a = LocalMemory.Allocate<int>(2);
        a[0] = 1;
        x[0] = a[1];
    }

    [Refused("MathF.Cbrt", "MathF have Abs, Min")]
    public static void UnknownMathFunction(ArrayView<float> x)
    {
        x[0] = MathF.Cbrt(x[0]);
    }

    [Refused("Math.Exp", "in 32 bits Exp")]
    public static void DoubleFunction(ArrayView<double> x)
    {
        x[0] = Math.Exp(x[0]);
    }

    [Refused("Math.Round", "Round")]
    public static void RoundWithDigits(ArrayView<double> x)
    {
        x[0] = Math.Round(x[0], 2);
    }

    [Refused("GC.CollectionCount", "README")]
    public static void UnknownFrameworkMethod(ArrayView<int> x)
    {
        x[0] = GC.CollectionCount(0);
    }

    [Refused("Console.WriteLine", "README")]
    public static void Prints(ArrayView<int> x)
    {
        Console.WriteLine(x[0]);
    }

    [Refused("the remainder of floats", "Truncate")]
    public static void FloatRemainder(ArrayView<float> x)
    {
        x[0] = x[0] % 3f;
    }

    [Refused("Volatile.Read", "MemoryFence")]
    public static void VolatileRead(ArrayView<int> x)
    {
        x[0] = Volatile.Read(ref x[1]);
    }

    [Refused("an atomic operation on a local variable", "Local variables need none", after: 4)]
    public static void AtomicOnLocal(ArrayView<int> x)
    {
        int a = 1;
        Atomic.Add(ref a, x[0]);
        x[0] = a;
    }

    [Refused("a shuffle of a struct", "one by one")]
    public static void StructShuffle(ArrayView<Pair> x)
    {
        x[0] = Warp.ShuffleDown(x[0], 1);
    }

    [Refused("asynchronous copy", "4, 8 or 16")]
    public static void AsyncCopyOfBytes(ArrayView<byte> x)
    {
        AsyncCopy.Copy(ref SharedMemory.Allocate<byte>(16)[0], ref x[0]);
    }

    [Refused("asynchronous copy", "from a parameter's view to SharedMemory")]
    public static void AsyncCopyBackwards(ArrayView<int> x)
    {
        AsyncCopy.Copy(ref x[0], ref SharedMemory.Allocate<int>(16)[0]);
    }

    [Refused("not a constant from 0 to 7", "const")]
    public static void AsyncWaitForData(ArrayView<int> x)
    {
        AsyncCopy.Wait(x[0]);
    }

    [Refused("ToString on Square", "struct that implements")]
    public static void VirtualOnStruct(ArrayView<int> x)
    {
        x[0] = default(Square).ToString()!.Length;
    }

    [Refused("ValueTuple<int, int>, a struct with a layout of its own", "sequential")]
    public static void TuplesInMemory(ArrayView<(int, int)> x)
    {
        x[0] = (1, 2);
    }

    [Refused("typeof", "generics")]
    public static void Types(ArrayView<int> x)
    {
        x[0] = typeof(int) == typeof(float) ? 1 : 2;
    }

    [Refused("a table of constants", "view")]
    public static void Tables(ArrayView<int> x)
    {
        ReadOnlySpan<int> table = [1, 2, 3, 4, 5];
        x[0] = table[x[1]];
    }

    [Refused("calls more than 64 deep", "less deeply")]
    public static void GenericRecursion(ArrayView<int> x)
    {
        x[0] = Deeper(default(Nest<int>));
    }

    [Refused("more than 20000 calls", "call less")]
    public static void Explosion(ArrayView<int> x)
    {
        x[0] = Level1(x[0]) + Level1(x[1]);
    }

    private struct Nest<T>;

    private static class FailingHolder
    {
        public static readonly int Failing = RefusedKernels.Failing;
    }

    private static int Factorial(int n) => n < 2 ? 1 : n * Factorial(n - 1);

    private static bool Even(int n) => n == 0 || Odd(n - 1);

    private static bool Odd(int n) => n != 0 && Even(n - 1);

    private static int Deeper<T>(T value) => Deeper(default(Nest<T>)) + 1;

    private static int Level1(int x) => Level2(x) + Level2(x + 1) + Level2(x + 2) + Level2(x + 3);

    private static int Level2(int x) => Level3(x) + Level3(x + 1) + Level3(x + 2) + Level3(x + 3);

    private static int Level3(int x) => Level4(x) + Level4(x + 1) + Level4(x + 2) + Level4(x + 3);

    private static int Level4(int x) => Level5(x) + Level5(x + 1) + Level5(x + 2) + Level5(x + 3);

    private static int Level5(int x) => Level6(x) + Level6(x + 1) + Level6(x + 2) + Level6(x + 3);

    private static int Level6(int x) => Level7(x) + Level7(x + 1) + Level7(x + 2) + Level7(x + 3);

    private static int Level7(int x) => Level8(x) + Level8(x + 1) + Level8(x + 2) + Level8(x + 3);

    private static int Level8(int x) => x ^ (x >> 1);
}
