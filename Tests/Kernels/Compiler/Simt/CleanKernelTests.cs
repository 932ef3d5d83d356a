using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Kernels that are right, and close to something that is not: the checker lets them run.</summary>
public class CleanKernelTests
{
    private static IEnumerable<TestCaseData> Kernels()
    {
        static TestCaseData Clean(Delegate kernel, int groups, int threads, Func<int, int> expected) =>
            new TestCaseData(kernel, groups, threads, expected).SetArgDisplayNames(kernel.Method.Name);
        yield return Clean(WarpBarrierOrders, 1, 32, i => (i ^ 1) + (i ^ 2));
        yield return Clean(ThousandsOfWarpBarriersOrder, 1, 64, i => (i ^ 1) + 10 * (i ^ 2) + 100 * (i ^ 4));
        yield return Clean(AllGroupsReadTheSame, 4, 32, i => 5);
        yield return Clean(AllGroupsCount, 4, 32, i => i == 0 ? 128 : 0);
        yield return Clean(ReadThenWriteAfterBarrier, 1, 128, i => 127 - i);
        yield return Clean(OwnReadAndWrite, 1, 64, i => 3 * i + 1);
        yield return Clean(BarrierInUniformLoop, 2, 64, i => 10 * (63 - i % 64) + 45);
        yield return Clean(ReturnBehindBarriers, 1, 96, i => i < 70 ? 95 - i : 0);
        yield return Clean(MixedWidths, 1, 32, i => i < 8 ? 0x03020100 + i * 0x04040404 : 0);
        yield return Clean(LocalArray, 1, 64, i => (i & 7) * 10 + (i & 7));
        yield return Clean(DivideSmallest, 1, 32, i => int.MinValue);
        yield return Clean(UndefinedNotUsed, 1, 32, i => i < 10 ? 3 : 0);
        yield return Clean(UndefinedBehindTheSameCondition, 1, 32, i => i < 5 ? i + 6 : 0);
        yield return Clean(UndefinedChosenBehindTheSameCondition, 1, 32, i => i < 5 ? i + 5 : 0);
    }

    [TestCaseSource(nameof(Kernels))]
    public void CleanKernel_LaunchedTwice_GivesTheResult(Delegate kernel, int groups, int threads, Func<int, int> expected)
    {
        using SimtRig rig = new();
        var compiled = SimtRig.Compile(kernel);
        for (int run = 0; run < 2; run++)
        {
            (long, long) a = rig.Buffer<int>("a", new int[128]), five = rig.Buffer<int>("five", 5);
            rig.Launch(compiled, new Index3D(groups, 1, 1), new Index3D(threads, 1, 1), a, five);
            Assert.That(rig.Read<int>(a)[..(groups * threads)],
                Is.EqualTo(Enumerable.Range(0, groups * threads).Select(expected)));
        }
    }

    [Test]
    public void SecondLaunch_ReadsWhatTheFirstOneWroteInOtherGroups()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<int>("a", new int[128]), five = rig.Buffer<int>("five", 5);
        rig.Launch(SimtRig.Compile(AllGroupsReadTheSame), new Index3D(4, 1, 1), new Index3D(32, 1, 1), a, five);
        Assert.That(() => rig.Launch(SimtRig.Compile(ReadThenWriteAfterBarrier), new Index3D(1, 1, 1), new Index3D(128, 1, 1), a,
            a), Throws.Nothing);
    }

    // As many as the record of who touched what has numbers for, and one less.
    private static void ThousandsOfWarpBarriersOrder(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        int t = Group.IdxX;
        tile[t] = t;
        for (int i = 0; i < 4096; i++) Warp.Barrier();
        int sum = tile[t ^ 1];
        Warp.Barrier();
        tile[t] = 10 * t;
        a[t] = 100 * t;
        for (int i = 0; i < 4095; i++) Warp.Barrier();
        sum += tile[t ^ 2] + a[t ^ 4];
        Warp.Barrier();
        a[t] = sum;
    }

    private static void UndefinedBehindTheSameCondition(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> kept = LocalMemory.Allocate<int>(1);
        int t = Group.IdxX;
        if (t < 5) kept[0] = five[0] + t;
        int sum = 0;
        if (t < 5) sum = kept[0] + 1;
        a[t] = sum;
    }

    private static void UndefinedChosenBehindTheSameCondition(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> kept = LocalMemory.Allocate<int>(1);
        int t = Group.IdxX;
        if (t < 5) kept[0] = five[0] + t;
        int chosen = 0;
        if (t < 5) chosen = kept[0];
        a[t] = chosen;
    }

    private static void WarpBarrierOrders(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(32);
        int i = Group.IdxX;
        tile[i] = i;
        Warp.Barrier();
        int sum = tile[i ^ 1];
        Warp.Barrier();
        tile[i] = i;
        Warp.Barrier();
        a[i] = sum + tile[i ^ 2];
    }

    private static void AllGroupsReadTheSame(ArrayView<int> a, ArrayView<int> five) => a[Grid.IdxX * 32 + Group.IdxX] = five[0];

    private static void AllGroupsCount(ArrayView<int> a, ArrayView<int> five) => Atomic.Add(ref a[0], 1);

    private static void ReadThenWriteAfterBarrier(ArrayView<int> a, ArrayView<int> five)
    {
        int i = Group.IdxX;
        a[i] = i;
        Group.Barrier();
        int other = a[127 - i];
        Group.Barrier();
        a[i] = other;
    }

    private static void OwnReadAndWrite(ArrayView<int> a, ArrayView<int> five)
    {
        int i = Group.IdxX;
        a[i] = i;
        a[i] = a[i] * 3;
        a[i] += 1;
    }

    private static void BarrierInUniformLoop(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(64);
        int sum = 0, n = 2 * five[0];
        for (int k = 0; k < n; k++)
        {
            tile[Group.IdxX] = Group.IdxX + k;
            Group.Barrier();
            sum += tile[63 - Group.IdxX];
            Group.Barrier();
        }
        a[Grid.IdxX * 64 + Group.IdxX] = sum;
    }

    private static void ReturnBehindBarriers(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(96);
        tile[Group.IdxX] = Group.IdxX;
        Group.Barrier();
        if (Group.IdxX >= 70) return;
        a[Group.IdxX] = tile[95 - Group.IdxX];
    }

    private static void MixedWidths(ArrayView<int> a, ArrayView<int> five)
    {
        // Words first, then single bytes of the same allocation: the record of who touched what gets finer.
        int i = Group.IdxX;
        if (i < 8) a[i] = 0;
        Group.Barrier();
        a.Cast<byte>()[i] = (byte)i;
    }

    private static void LocalArray(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> mine = LocalMemory.Allocate<int>(8);
        int n = five[0] + 3;
        for (int k = 0; k < n; k++) mine[k] = 11 * k;
        a[Group.IdxX] = mine[Group.IdxX & (n - 1)];
    }

    private static void DivideSmallest(ArrayView<int> a, ArrayView<int> five)
    {
        int smallest = int.MinValue + five[0] - 5, minusOne = 4 - five[0];
        a[Group.IdxX] = smallest / minusOne + smallest % minusOne;
    }

    private static void UndefinedNotUsed(ArrayView<int> a, ArrayView<int> five)
    {
        ArrayView<int> two = LocalMemory.Allocate<int>(2);
        bool set = Group.IdxX < 2 * five[0];
        if (set) two[0] = 3;
        if (set) a[Group.IdxX] = two[0];
    }
}
