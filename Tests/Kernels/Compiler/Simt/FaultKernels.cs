using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Kernels with a planted fault each, in the line whose comment names the kernel: <c>// ← Name</c>.</summary>
internal static class FaultKernels
{
    public static void IndexTooLarge(ArrayView<int> a)
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        a[i] = 1; // ← IndexTooLarge
    }

    public static void NegativeIndex(ArrayView<int> a)
    {
        int i = Group.IdxX;
        a[i] = i;
        a[i - 5] = 2; // ← NegativeIndex
    }

    public static void PartTooLong(ArrayView<float> a, int length)
    {
        ArrayView<float> part = a.SubView(Group.IdxX, length); // ← PartTooLong
        part[0] = 1;
    }

    public static void SharedIndex(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(32);
        tile[Group.IdxX * 2] = 1; // ← SharedIndex
        Group.Barrier();
        a[Group.IdxX] = tile[Group.IdxX];
    }

    public static void SharedUnwritten(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        if (Group.IdxX != 41) tile[Group.IdxX] = 1;
        Group.Barrier();
        a[Group.IdxX] = tile[63 - Group.IdxX]; // ← SharedUnwritten
    }

    public static void LocalUnwritten(ArrayView<int> a, int n)
    {
        ArrayView<int> mine = LocalMemory.Allocate<int>(8);
        for (int i = 0; i < n; i++) mine[(i * 3) & 7] = i;
        a[Group.IdxX] = mine[Group.IdxX & 7]; // ← LocalUnwritten
    }

    public static void SharedRace(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        tile[Group.IdxX] = Group.IdxX;
        a[Group.IdxX] = tile[Group.IdxX ^ 1]; // ← SharedRace
    }

    public static void SharedRaceOfWarps(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        tile[Group.IdxX] = Group.IdxX;
        Warp.Barrier();
        a[Group.IdxX] = tile[Group.IdxX ^ 1];
        if (Group.IdxX >= 32) a[Group.IdxX] += tile[Group.IdxX ^ 32]; // ← SharedRaceOfWarps
    }

    public static void LoopWithOneBarrier(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        int sum = 0;
        for (int i = 0; i < 4; i++)
        {
            tile[Group.IdxX] = i;
            Group.Barrier();
            sum += tile[63 - Group.IdxX]; // ← LoopWithOneBarrier
        }
        a[Group.IdxX] = sum;
    }

    public static void SameValueRace(ArrayView<int> a)
    {
        a[Group.IdxX / 2] = 7; // ← SameValueRace
    }

    public static void RaceOfGroups(ArrayView<int> a)
    {
        a[Grid.IdxX * 8 + Group.IdxX] = 1; // ← RaceOfGroups
    }

    public static void ReadOfOtherGroup(ArrayView<int> a, ArrayView<int> b)
    {
        a[Grid.IdxX * 32 + Group.IdxX] = 1;
        Group.Barrier();
        int other = (Grid.IdxX * 32 + Group.IdxX + 96) % 128;
        if (Grid.IdxX > 0) b[Grid.IdxX * 32 + Group.IdxX] = a[other]; // ← ReadOfOtherGroup
    }

    public static void AtomicAndPlain(ArrayView<int> a)
    {
        Atomic.Add(ref a[0], 1);
        if (Group.IdxX == 3) a[1] = a[0]; // ← AtomicAndPlain
    }

    public static void BarrierInBranch(ArrayView<int> a)
    {
        if (Group.IdxX < 40)
        {
            Group.Barrier(); // ← BarrierInBranch
        }
        a[Group.IdxX] = 1;
    }

    public static void BarrierAfterReturn(ArrayView<int> a)
    {
        if (Group.IdxX >= 64) return;
        Group.Barrier(); // ← BarrierAfterReturn
        a[Group.IdxX] = 1;
    }

    public static void TwoBarriers(ArrayView<int> a)
    {
        if (Group.IdxX < 32)
        {
            a[Group.IdxX] = 1;
            Group.Barrier(); // ← TwoBarriers
        }
        else
        {
            a[Group.IdxX] = 2;
            Group.Barrier();
        }
    }

    public static void ShuffleInBranch(ArrayView<int> a)
    {
        int x = Group.IdxX;
        if (x != 9)
        {
            x = Warp.ShuffleXor(x, 1); // ← ShuffleInBranch
        }
        a[Group.IdxX] = x;
    }

    public static void ShuffleTooFar(ArrayView<int> a)
    {
        a[Group.IdxX] = Warp.Shuffle(Group.IdxX, Group.IdxX + 3); // ← ShuffleTooFar
    }

    public static void ShuffleFromNobody(ArrayView<int> a)
    {
        a[Group.IdxX] = Warp.ShuffleDown(Group.IdxX, 4); // ← ShuffleFromNobody
    }

    public static void DivisionByZero(ArrayView<int> a)
    {
        a[Group.IdxX] = 100 / (Group.IdxX - 37); // ← DivisionByZero
    }

    public static void MisalignedVector(ArrayView<float> a)
    {
        ArrayView<Pair> pairs = a.SubView(1).Cast<Pair>();
        Pair pair = pairs[Group.IdxX]; // ← MisalignedVector
        a[64 + Group.IdxX] = pair.X + pair.Y;
    }

    public static void InfiniteLoop(ArrayView<int> a)
    {
        int i = 0;
        while (i < 10) i += Group.IdxX != 5 ? 1 : 0; // ← InfiniteLoop
        a[Group.IdxX] = i;
    }

    public static void CopyReadTooEarly(ArrayView<float> a)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(32);
        AsyncCopy.Copy(ref tile[Group.IdxX], ref a[Group.IdxX]);
        AsyncCopy.Commit();
        a[32 + Group.IdxX] = tile[Group.IdxX]; // ← CopyReadTooEarly
    }

    public static void CopyWithoutCommit(ArrayView<float> a)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(32);
        AsyncCopy.Copy(ref tile[Group.IdxX], ref a[Group.IdxX]);
        AsyncCopy.Wait(0);
        a[32 + Group.IdxX] = tile[Group.IdxX]; // ← CopyWithoutCommit
    }

    public static void CopyWithoutBarrier(ArrayView<float> a)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(32);
        AsyncCopy.Copy(ref tile[Group.IdxX], ref a[Group.IdxX]);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        a[32 + Group.IdxX] = tile[31 - Group.IdxX]; // ← CopyWithoutBarrier
    }

    public static void CopySourceWritten(ArrayView<float> a)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(32);
        AsyncCopy.Copy(ref tile[Group.IdxX], ref a[Group.IdxX]);
        AsyncCopy.Commit();
        Group.Barrier();
        if (Group.IdxX == 20) a[11] = 1; // ← CopySourceWritten
        AsyncCopy.Wait(0);
    }

    public static void CopyNotAwaited(ArrayView<float> a)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(32);
        AsyncCopy.Copy(ref tile[Group.IdxX], ref a[Group.IdxX]); // ← CopyNotAwaited
        AsyncCopy.Commit();
    }

    public static void InInlinedMethod(ArrayView<int> a)
    {
        int i = Group.IdxX;
        Store(a, i); // ← Caller
        Store(a, i + 100); // ← Caller of the fault
    }

    public static void Undefined(ArrayView<int> a, int n)
    {
        ArrayView<int> two = LocalMemory.Allocate<int>(2);
        two[1] = Group.IdxX;
        if (Group.IdxX < n) two[0] = 3;
        a[Group.IdxX] = two[0] + two[1]; // ← Undefined
    }

    public static void TensorCoreInBranch(ArrayView<float> a)
    {
        float d0 = 0, d1 = 0, d2 = 0, d3 = 0;
        if (Group.IdxX < 16)
        {
            TensorCore.MultiplyAddM16N8K8(ref d0, ref d1, ref d2, ref d3, 1, 1, 1, 1, 1, 1); // ← TensorCoreInBranch
        }
        a[Group.IdxX] = d0 + d1 + d2 + d3;
    }

    /// <summary>The line of a marker in this file.</summary>
    public static int Line(string marker, [CallerFilePath] string file = "")
    {
        string path = Path.Combine(Path.GetDirectoryName(file)!, "FaultKernels.cs");
        int line = Array.FindIndex(File.ReadAllLines(path), l => l.EndsWith("// ← " + marker, StringComparison.Ordinal));
        return line >= 0 ? line + 1 : throw new ArgumentException($"No line of {path} ends with '// ← {marker}'.");
    }

    private static void Store(ArrayView<int> a, int i)
    {
        a[i] = 1; // ← InInlinedMethod
    }

    internal struct Pair
    {
        public float X, Y;
    }
}
