using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Members of the language and of the framework used as they must not be.</summary>
internal unsafe partial class RefusedKernels
{
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

    [Refused("'a_1', which is never written", "Store a value", after: 5)]
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
