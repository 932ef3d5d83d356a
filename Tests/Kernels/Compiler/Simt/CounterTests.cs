using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Counts of accesses whose cost can be worked out by hand.</summary>
public class CounterTests
{
    private struct Float2
    {
        public float X, Y;
    }

    private struct Float4
    {
        public float X, Y, Z, W;
    }

    private static readonly Index3D One = new(1, 1, 1);

    [TestCase(1, 0, 4, 1)]
    [TestCase(1, 1, 5, 2)]
    [TestCase(2, 0, 8, 2)]
    [TestCase(8, 0, 32, 8)]
    [TestCase(32, 0, 32, 32)]
    [TestCase(0, 3, 1, 1)]
    public void GlobalLoad_StridedAndShifted_SectorsAndLinesAsOnADevice(int stride, int offset, int sectors, int lines)
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(Strided), One, new Index3D(32, 1, 1),
            rig.Buffer<float>("a", new float[1100]), rig.Buffer<float>("b", new float[32]), stride, offset);
        MemoryTraffic loads = counters.GlobalLoads, stores = counters.GlobalStores;
        Assert.That((loads.Requests, loads.Bytes, loads.Sectors, loads.Lines),
            Is.EqualTo((1L, 128L, (long)sectors, (long)lines)));
        Assert.That((stores.Requests, stores.Bytes, stores.Sectors, stores.Lines), Is.EqualTo((1L, 128L, 4L, 1L)));
    }

    [Test]
    public void GlobalLoad_OfFloat4_IsOneRequestOf512Bytes()
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(Vectors), One, new Index3D(32, 1, 1),
            rig.Buffer<float>("a", [.. Enumerable.Range(0, 128).Select(i => (float)i)]), rig.Buffer<float>("b", new float[128]));
        MemoryTraffic loads = counters.GlobalLoads;
        Assert.That((loads.Requests, loads.Bytes, loads.Sectors, loads.Lines), Is.EqualTo((1L, 512L, 16L, 4L)));
    }

    [Test]
    public void GlobalLoad_PartialWarp_CountsActiveThreads()
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(Strided), One, new Index3D(40, 1, 1),
            rig.Buffer<float>("a", new float[64]), rig.Buffer<float>("b", new float[64]), 1, 0);
        MemoryTraffic loads = counters.GlobalLoads;
        Assert.That((loads.Requests, loads.Bytes, loads.Sectors, loads.Lines), Is.EqualTo((2L, 160L, 5L, 2L)));
    }

    [Test]
    public void GlobalAccesses_ToTwoBuffers_AreOneRequestAnInstruction()
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(TwoBuffers), One, new Index3D(32, 1, 1),
            rig.Buffer<int>("a", new int[32]), rig.Buffer<int>("b", new int[32]));
        MemoryTraffic loads = counters.GlobalLoads, stores = counters.GlobalStores;
        Assert.That((loads.Requests, loads.Bytes, loads.Sectors), Is.EqualTo((2L, 256L, 8L)), "a load and a copy");
        Assert.That((stores.Requests, stores.Bytes, stores.Sectors), Is.EqualTo((2L, 256L, 8L)), "a store and an atomic");
    }

    private static void TwoBuffers(ArrayView<int> a, ArrayView<int> b)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(32);
        int t = Group.IdxX;
        ArrayView<int> view = a;
        if (t >= 16) view = b;
        AsyncCopy.Copy(ref tile[t], ref view[t]);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        view[t] += tile[t];
        Atomic.Add(ref view[t], 1);
    }

    [TestCase(0, 1, 0)]
    [TestCase(1, 1, 0)]
    [TestCase(2, 2, 1)]
    [TestCase(3, 1, 0)]
    [TestCase(4, 4, 3)]
    [TestCase(32, 32, 31)]
    [TestCase(33, 1, 0)]
    public void SharedLoad_WordsStrided_WavefrontsAndConflicts(int stride, int wavefronts, int conflicts)
    {
        SimtCounters counters = CheckSharedLoad(SharedWords, stride, 4, wavefronts, conflicts);
        Assert.That(counters.SharedStores.BankConflicts, Is.Zero);
    }

    [TestCase(1, 2, 0)]
    [TestCase(2, 4, 2)]
    [TestCase(16, 32, 30)]
    public void SharedLoad_Float2_InTwoPhases(int stride, int wavefronts, int conflicts) =>
        CheckSharedLoad(SharedPairs, stride, 8, wavefronts, conflicts);

    [TestCase(1, 4, 0)]
    [TestCase(2, 8, 4)]
    [TestCase(5, 4, 0)]
    public void SharedLoad_Float4_InFourPhases(int stride, int wavefronts, int conflicts) =>
        CheckSharedLoad(SharedVectors, stride, 16, wavefronts, conflicts);

    [Test]
    public void Launch_OfNaiveGemm_CountsEveryMultiplyAdd()
    {
        const int N = 32;
        using SimtRig rig = new();
        (long, long) Matrix(string name) => rig.Buffer<float>(name, new float[N * N]);
        SimtCounters counters = rig.Launch(SimtRig.Compile(GemmKernels.Naive), new Index3D(2, 2, 1), new Index3D(16, 16, 1),
            Matrix("a"), Matrix("b"), Matrix("c"), N);
        Assert.Multiple(() =>
        {
            Assert.That(counters.FusedMultiplyAdds, Is.EqualTo(N * N * N));
            Assert.That(counters.WarpInstructions(InstructionKind.FusedMultiplyAdd), Is.EqualTo(N * N * N / 32));
            Assert.That(counters.GlobalLoads.Bytes, Is.EqualTo(2 * 4 * N * N * N));
            // A warp is two rows of 16: of a one word of each row, of b 16 words of one row, for each k.
            Assert.That(counters.GlobalLoads.Sectors, Is.EqualTo((2 + 2) * N * N * N / 32));
            Assert.That(counters.GlobalStores.Bytes, Is.EqualTo(4 * N * N));
            Assert.That((counters.Launches, counters.Groups, counters.Warps, counters.Divergences), Is.EqualTo((1, 4, 32, 0)));
        });
    }

    [Test]
    public void Launch_OfTiledGemm_ComputesAndMovesLessThanNaive()
    {
        const int N = 64;
        using SimtRig rig = new();
        float[] a = [.. Enumerable.Range(0, N * N).Select(i => i % 17 - 8f)],
            b = [.. Enumerable.Range(0, N * N).Select(i => i % 13 - 6f)];
        (long, long) viewA = rig.Buffer<float>("a", a), viewB = rig.Buffer<float>("b", b),
            viewC = rig.Buffer<float>("c", new float[N * N]);
        SimtCounters naive = rig.Launch(SimtRig.Compile(GemmKernels.Naive), new Index3D(4, 4, 1), new Index3D(16, 16, 1), viewA,
            viewB, viewC, N);
        float[] expected = rig.Read<float>(viewC);
        SimtCounters tiled = rig.Launch(SimtRig.Compile(GemmKernels.Tiled), One, new Index3D(16, 16, 1), viewA, viewB, viewC, N);
        Assert.That(rig.Read<float>(viewC), Is.EqualTo(expected));
        for (int i = 0; i < 3; i++)
            Assert.That(expected[i * 65], Is.EqualTo(Enumerable.Range(0, N).Sum(k => a[i * N + k] * b[k * N + i])),
                "small integers: exact in any order");
        Assert.That(tiled.FusedMultiplyAdds, Is.EqualTo(naive.FusedMultiplyAdds).And.EqualTo(N * N * N));
        Assert.That(tiled.GlobalLoads.Bytes, Is.EqualTo(2 * 4 * N * N));
        Assert.That(tiled.Barriers, Is.EqualTo(2 * (N / 16) * 8), "two each tile, for each of 8 warps");
    }

    [Test]
    public void Divergence_HalfOfEveryWarp_IsCountedOnceAWarp()
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(Halves), One, new Index3D(96, 1, 1),
            rig.Buffer<int>("a", new int[96]));
        Assert.That(counters.Divergences, Is.EqualTo(3));
        Assert.That(counters.ThreadInstructions(InstructionKind.Store), Is.EqualTo(96));
        Assert.That(counters.WarpInstructions(InstructionKind.Store), Is.EqualTo(6));
    }

    [Test]
    public void Counters_Added_AreTheSums()
    {
        using SimtRig rig = new(new SimtOptions { CountLines = true });
        Kernel kernel = SimtRig.Compile(Halves);
        (long, long) a = rig.Buffer<int>("a", new int[96]);
        SimtCounters sum = rig.Launch(kernel, One, new Index3D(96, 1, 1), a),
            second = rig.Launch(kernel, One, new Index3D(64, 1, 1), a);
        long stores = sum.GlobalStores.Bytes, lines = sum.Lines.Sum(l => l.Value.WarpInstructions);
        sum.Add(second);
        Assert.That(sum.GlobalStores.Bytes, Is.EqualTo(stores + second.GlobalStores.Bytes).And.EqualTo(4 * 160));
        Assert.That((sum.Launches, sum.Warps, sum.Divergences), Is.EqualTo((2, 5, 5)));
        Assert.That(sum.Lines.Sum(l => l.Value.WarpInstructions),
            Is.EqualTo(lines + second.Lines.Sum(l => l.Value.WarpInstructions)));
        Assert.That(sum.Lines.Sum(l => l.Value.Memory.Bytes), Is.EqualTo(4 * 160));
        Assert.That(sum.Lines.Keys, Has.All.StartsWith("CounterTests.cs:"));
    }

    [Test]
    public void SameLaunchTwice_Counters_AreTheSame()
    {
        using SimtRig rig = new();
        Kernel kernel = SimtRig.Compile(GemmKernels.Tiled);
        (long, long) m = rig.Buffer<float>("a", new float[64 * 64]), c = rig.Buffer<float>("c", new float[64 * 64]);
        SimtCounters[] runs = [.. Enumerable.Range(0, 2)
            .Select(_ => rig.Launch(kernel, One, new Index3D(16, 16, 1), m, m, c, 64))];
        Assert.That(runs[1].TotalThreadInstructions, Is.EqualTo(runs[0].TotalThreadInstructions));
        Assert.That(runs[1].SharedLoads, Is.EqualTo(runs[0].SharedLoads));
        Assert.That(runs[1].GlobalLoads, Is.EqualTo(runs[0].GlobalLoads));
    }

    // One warp loads one element a thread from shared memory.
    private static SimtCounters CheckSharedLoad(Action<ArrayView<float>, int> kernel, int stride, long elementBytes,
        long wavefronts, long conflicts)
    {
        using SimtRig rig = new();
        SimtCounters counters = rig.Launch(SimtRig.Compile(kernel), One, new Index3D(32, 1, 1),
            rig.Buffer<float>("a", new float[32]), stride);
        MemoryTraffic loads = counters.SharedLoads;
        Assert.That((loads.Requests, loads.Bytes, loads.Wavefronts, loads.BankConflicts),
            Is.EqualTo((1L, 32 * elementBytes, wavefronts, conflicts)));
        return counters;
    }

    private static void Strided(ArrayView<float> a, ArrayView<float> b, int stride, int offset) =>
        b[Group.IdxX] = a[Group.IdxX * stride + offset];

    private static void Vectors(ArrayView<float> a, ArrayView<float> b)
    {
        Float4 v = a.Cast<Float4>()[Group.IdxX];
        b[Group.IdxX] = v.X + v.Y + v.Z + v.W;
    }

    private static void SharedWords(ArrayView<float> a, int stride)
    {
        ArrayView<float> tile = SharedMemory.Allocate<float>(33 * 32);
        for (int i = Group.IdxX; i < 33 * 32; i += 32) tile[i] = i;
        Group.Barrier();
        a[Group.IdxX] = tile[Group.IdxX * stride];
    }

    private static void SharedPairs(ArrayView<float> a, int stride)
    {
        ArrayView<Float2> tile = SharedMemory.Allocate<Float2>(512);
        for (int i = Group.IdxX; i < 512; i += 32) tile[i] = new Float2 { X = i, Y = 1 };
        Group.Barrier();
        Float2 v = tile[Group.IdxX * stride];
        a[Group.IdxX] = v.X + v.Y;
    }

    private static void SharedVectors(ArrayView<float> a, int stride)
    {
        ArrayView<Float4> tile = SharedMemory.Allocate<Float4>(160);
        for (int i = Group.IdxX; i < 160; i += 32) tile[i] = new Float4 { X = i, Y = 1, Z = 2, W = 3 };
        Group.Barrier();
        Float4 v = tile[Group.IdxX * stride];
        a[Group.IdxX] = v.X + v.Y + v.Z + v.W;
    }

    private static void Halves(ArrayView<int> a)
    {
        if ((Group.IdxX & 1) == 0) a[Group.IdxX] = 1;
        else a[Group.IdxX] = 2;
    }
}
