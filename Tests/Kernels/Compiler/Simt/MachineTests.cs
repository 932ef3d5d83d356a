using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Tests.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>What threads do together: barriers, shuffles, atomic accesses, tensor cores, asynchronous copies; and limits of
/// launches.</summary>
public class MachineTests
{
    private static readonly Index3D One = new(1, 1, 1);

    [Test]
    public void Barriers_WithPredicate_TellEveryThread()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<int>("a", new int[4 * 80]);
        rig.Launch(SimtRig.Compile(Predicates), One, new Index3D(80, 1, 1), a);
        Assert.That(rig.Read<int>(a), Is.EqualTo(Enumerable.Range(0, 80).SelectMany(_ => (int[])[27, 0, 1, 1])));
    }

    [Test]
    public void Shuffles_AllKinds_TakeFromTheLaneNamedOrKeepTheirOwn()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<long>("a", new long[5 * 32]);
        rig.Launch(SimtRig.Compile(Shuffles), One, new Index3D(32, 1, 1), a);
        long[] actual = rig.Read<long>(a);
        for (int lane = 0; lane < 32; lane++)
        {
            int[] sources = [(lane * 7) & 31, lane + 5 > 31 ? lane : lane + 5, lane < 3 ? lane : lane - 3, lane ^ 10, 17];
            for (int k = 0; k < 5; k++)
                Assert.That(actual[5 * lane + k], Is.EqualTo(1000L + sources[k] + (k == 0 ? 1L << 40 : 0)),
                    $"lane {lane}, shuffle {k}");
        }
    }

    [Test]
    public void Atomics_AllKinds_EqualTheirSequence()
    {
        using SimtRig rig = new();
        (long, long) ints = rig.Buffer<int>("ints", 0, -5, 5, -1, 0, 0, 0, 7), longs = rig.Buffer<long>("longs", 1L << 40, 0),
            floats = rig.Buffer<float>("floats", 0.5f);
        (long, long) olds = rig.Buffer<int>("olds", new int[70]);
        SimtCounters counters = rig.Launch(SimtRig.Compile(Atomics), One, new Index3D(70, 1, 1), ints, longs, floats, olds);
        Assert.That(rig.Read<int>(ints), Is.EqualTo((int[])[70, 69, 0, -64, 127, Enumerable.Range(0, 70)
            .Aggregate(0, (x, i) => x ^ i), 69, 100]));
        Assert.That(rig.Read<long>(longs), Is.EqualTo((long[])[(1L << 40) + 140, 69]));
        Assert.That(rig.Read<float>(floats), Is.EqualTo((float[])[70.5f]));
        Assert.That(rig.Read<int>(olds).Order(), Is.EqualTo(Enumerable.Range(0, 70)), "each thread gets a number of its own");
        Assert.That(counters.Atomics, Is.EqualTo(70 * 11));
    }

    [Test]
    public void SharedAtomics_Histogram_CountsEverything()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<int>("a", new int[8]);
        rig.Launch(SimtRig.Compile(Histogram), One, new Index3D(100, 1, 1), a);
        Assert.That(rig.Read<int>(a), Is.EqualTo((int[])[13, 13, 13, 13, 12, 12, 12, 12]));
    }

    [Test]
    public void TensorCore_RandomMatrices_EqualTheProductInDouble()
    {
        const int Seed = 7;
        Random random = new(Seed);
        float[] Random(int n) => [.. Enumerable.Range(0, n).Select(_ => (float)(random.NextDouble() * 2 - 1))];
        float[] a = Random(16 * 8), b = Random(8 * 8), c = Random(16 * 8);
        using SimtRig rig = new();
        (long, long) d = rig.Buffer<float>("d", c);
        rig.Launch(SimtRig.Compile(Tensor), One, new Index3D(32, 1, 1), rig.Buffer<float>("a", a), rig.Buffer<float>("b", b), d);
        float[] actual = rig.Read<float>(d);
        static double Cut(float x) => BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(x) & ~0x1fff);
        for (int i = 0; i < 16; i++)
            for (int j = 0; j < 8; j++)
            {
                double expected = c[i * 8 + j];
                for (int k = 0; k < 8; k++) expected += Cut(a[i * 8 + k]) * Cut(b[k * 8 + j]);
                // Eight sums of at most 9 in size, each rounded to half of 2⁻²⁰.
                Assert.That(Math.Abs(actual[i * 8 + j] - expected), Is.LessThanOrEqualTo(8 * Math.Pow(2, -21)),
                    $"seed {Seed}, element ({i}, {j})");
            }
    }

    [Test]
    public void AsyncCopies_TwoStages_MoveTheDataAndZerosOutside()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<float>("a", [.. Enumerable.Range(0, 256).Select(i => i + 1f)]),
            b = rig.Buffer<float>("b", new float[256]);
        SimtCounters counters = rig.Launch(SimtRig.Compile(Pipeline), One, new Index3D(64, 1, 1), a, b, 200);
        Assert.That(rig.Read<float>(b), Is.EqualTo(Enumerable.Range(0, 256).Select(i => (i ^ 63) < 200 ? (i ^ 63) + 1f : 0)));
        Assert.That(counters.AsyncCopyBytes, Is.EqualTo(1024));
        Assert.That(counters.GlobalLoads.Bytes, Is.EqualTo(800), "zeros are not read");
    }

    [Test]
    public void LoopsOfDifferentLength_ThreadsMeetAgainBehind()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<int>("a", new int[70]);
        SimtCounters counters = rig.Launch(SimtRig.Compile(Lengths), One, new Index3D(70, 1, 1), a);
        Assert.That(rig.Read<int>(a), Is.EqualTo(Enumerable.Range(0, 70)
            .Select(i => Enumerable.Range(0, i % 9).Sum(k => k == 6 ? 0 : k + i))));
        Assert.That(counters.WarpInstructions(InstructionKind.Store), Is.EqualTo(3),
            "one store a warp: its lanes are together again");
    }

    [Test]
    public void ByteStores_ByNeighbours_AreNoRace()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<byte>("a", new byte[64]), b = rig.Buffer<int>("b", new int[64]);
        rig.Launch(SimtRig.Compile(Bytes), One, new Index3D(64, 1, 1), a, b);
        Assert.That(rig.Read<byte>(a), Is.EqualTo(Enumerable.Range(0, 64).Select(i => (byte)(3 * i))));
        Assert.That(rig.Read<int>(b), Is.EqualTo(Enumerable.Range(0, 64).Select(i => 3 * (63 - i))));
    }

    [Test]
    public void PointersIntoTwoAllocations_InOneInstruction_ReachBoth()
    {
        using SimtRig rig = new();
        KernelBuilder code = new();
        (Parameter Pointer, Parameter Length) a = code.View("a"), b = code.View("b"), c = code.View("c");
        Value thread = code.ThreadX();
        Value odd = code.Do(Opcode.Compare, Comparison.NotEqual, IrType.Bool,
            code.Do(Opcode.And, null, IrType.Int32, thread, Constant.Of(1)), Constant.Of(0));
        Value from = code.Do(Opcode.Select, null, IrType.GlobalPointer, odd, a.Pointer, b.Pointer);
        code.Keep(code.Element(c.Pointer, thread, 4, c.Length), code.Load(code.Element(from, thread, 4, a.Length)));
        (long, long) result = rig.Buffer<float>("c", new float[32]);
        rig.Launch(code.Return(), One, new Index3D(32, 1, 1), rig.Buffer<float>("a", [.. Enumerable.Repeat(1f, 32)]),
            rig.Buffer<float>("b", [.. Enumerable.Repeat(2f, 32)]), result);
        Assert.That(rig.Read<float>(result), Is.EqualTo(Enumerable.Range(0, 32).Select(i => i % 2 != 0 ? 1f : 2f)));
    }

    [Test]
    public void FreedMemory_InALaterLaunch_IsAFault()
    {
        using SimtRig rig = new();
        (long Address, long) a = rig.Buffer<int>("weights", new int[70]);
        rig.Memory.Free(a.Address);
        rig.Buffer<int>("other", new int[70]);
        KernelFaultException fault = rig.Fault(SimtRig.Compile(Lengths), One, new Index3D(70, 1, 1), a);
        Assert.That((fault.Kind, fault.Details), Is.EqualTo((FaultKind.AccessToFreedMemory,
            "4 bytes at byte 0 of 'weights', which was freed.")));
    }

    [Test]
    public void ViewLongerThanItsMemory_Fault_NamesTheAllocation()
    {
        using SimtRig rig = new();
        (long Address, long) a = rig.Buffer<int>("short", new int[50]);
        KernelFaultException fault = rig.Fault(SimtRig.Compile(Lengths), One, new Index3D(70, 1, 1), (a.Address, 70L));
        Assert.That((fault.Kind, fault.Thread.X), Is.EqualTo((FaultKind.AccessOutsideMemory, 50)));
        Assert.That(fault.Details, Is.EqualTo("4 bytes at byte 200 of 'short', which has 200 bytes."));
        fault = rig.Fault(SimtRig.Compile(Lengths), One, new Index3D(70, 1, 1), (0L, 70L));
        Assert.That((fault.Kind, fault.Details), Is.EqualTo((FaultKind.AccessOutsideMemory,
            "4 bytes at 0x0, where no allocation is.")));
    }

    [TestCase(1025, 1, 1, 1, 1)]
    [TestCase(32, 33, 1, 1, 1)]
    [TestCase(1, 1, 65, 1, 1)]
    [TestCase(0, 1, 1, 1, 1)]
    [TestCase(32, 1, 1, 0, 1)]
    [TestCase(32, 1, 1, 1, 65536)]
    public void Extents_ThatNoDeviceTakes_AreFaults(int x, int y, int z, int gridX, int gridY)
    {
        using SimtRig rig = new();
        KernelFaultException fault = rig.Fault(SimtRig.Compile(Lengths), new Index3D(gridX, gridY, 1), new Index3D(x, y, z),
            rig.Buffer<int>("a", new int[1]));
        Assert.That(fault.Kind, Is.EqualTo(FaultKind.BadLaunch));
    }

    [Test]
    public void SharedMemory_BeyondTheLimits_IsAFaultWithBothNumbers()
    {
        using SimtRig rig = new();
        KernelFaultException fault = rig.Fault(SimtRig.Compile(TooMuchShared), One, new Index3D(32, 1, 1),
            rig.Buffer<int>("a", new int[32]));
        Assert.That((fault.Kind, fault.Details), Is.EqualTo((FaultKind.SharedMemoryTooLarge,
            "its shared arrays take 49408 bytes, 49152 can be had. Use SharedMemory.GetDynamic for more.")));
        Kernel dynamic = SimtRig.Compile(DynamicShared);
        (long, long) a = rig.Buffer<int>("a", new int[32]);
        rig.LaunchDynamic(dynamic, One, new Index3D(32, 1, 1), 99 * 1024, a);
        Assert.That(rig.Read<int>(a), Is.EqualTo(Enumerable.Range(0, 32).Select(i => 31 - i + 99 * 256)));
        Assert.That(() => rig.LaunchDynamic(dynamic, One, new Index3D(32, 1, 1), 99 * 1024 + 4, a),
            Throws.TypeOf<KernelFaultException>().With.Property("Kind").EqualTo(FaultKind.SharedMemoryTooLarge));
    }

    [Test]
    public void Arguments_TooFew_AreAFault()
    {
        using SimtRig rig = new();
        Assert.That(() => new SimtMachine(rig.Memory, rig.Options).Launch(SimtRig.Compile(Lengths), new byte[8], One, One, 0),
            Throws.TypeOf<KernelFaultException>().With.Message.Contains("8 bytes of arguments, its 2 scalars take 16"));
    }

    private static void Predicates(ArrayView<int> a)
    {
        int i = Group.IdxX;
        a[4 * i] = Group.BarrierPopCount(i % 3 == 0);
        a[4 * i + 1] = Group.BarrierAnd(i != 79) ? 1 : 0;
        a[4 * i + 2] = Group.BarrierOr(i == 79) ? 1 : 0;
        a[4 * i + 3] = Group.BarrierAnd(i < 80) ? 1 : 0;
    }

    private static void Shuffles(ArrayView<long> a)
    {
        int lane = Warp.LaneIdx;
        a[5 * lane] = Warp.Shuffle(1000L + lane + (1L << 40), (lane * 7) & 31);
        a[5 * lane + 1] = Warp.ShuffleDown(1000 + lane, 5);
        a[5 * lane + 2] = Warp.ShuffleUp(1000 + lane, 3);
        a[5 * lane + 3] = Warp.ShuffleXor(1000 + lane, 10);
        a[5 * lane + 4] = (long)Warp.Broadcast(1000f + lane, 17);
    }

    private static void Atomics(ArrayView<int> ints, ArrayView<long> longs, ArrayView<float> floats, ArrayView<int> olds)
    {
        int i = Group.IdxX;
        olds[i] = Atomic.Add(ref ints[0], 1);
        Atomic.Max(ref ints[1], i);
        Atomic.Min(ref ints[2], i);
        Atomic.And(ref ints[3], ~(i & 63));
        Atomic.Or(ref ints[4], i);
        Atomic.Xor(ref ints[5], i);
        Atomic.Exchange(ref ints[6], i);
        Atomic.CompareExchange(ref ints[7], 7, 100);
        Atomic.Add(ref longs[0], 2);
        Atomic.Max(ref longs[1], i);
        Atomic.Add(ref floats[0], 1f);
    }

    private static void Histogram(ArrayView<int> a)
    {
        ArrayView<int> counts = SharedMemory.Allocate<int>(8);
        if (Group.IdxX < 8) counts[Group.IdxX] = 0;
        Group.Barrier();
        Atomic.Add(ref counts[Group.IdxX % 8], 1);
        Group.Barrier();
        if (Group.IdxX < 8) a[Group.IdxX] = counts[Group.IdxX];
    }

    private static void Tensor(ArrayView<float> a, ArrayView<float> b, ArrayView<float> d)
    {
        int group = Warp.LaneIdx / 4, member = Warp.LaneIdx % 4;
        float d0 = d[group * 8 + 2 * member], d1 = d[group * 8 + 2 * member + 1];
        float d2 = d[(group + 8) * 8 + 2 * member], d3 = d[(group + 8) * 8 + 2 * member + 1];
        TensorCore.MultiplyAddM16N8K8(ref d0, ref d1, ref d2, ref d3,
            a[group * 8 + member], a[(group + 8) * 8 + member], a[group * 8 + member + 4], a[(group + 8) * 8 + member + 4],
            b[member * 8 + group], b[(member + 4) * 8 + group]);
        d[group * 8 + 2 * member] = d0;
        d[group * 8 + 2 * member + 1] = d1;
        d[(group + 8) * 8 + 2 * member] = d2;
        d[(group + 8) * 8 + 2 * member + 1] = d3;
    }

    private static void Pipeline(ArrayView<float> a, ArrayView<float> b, int inside)
    {
        ArrayView<float> stages = SharedMemory.Allocate<float>(128);
        int t = Group.IdxX;
        AsyncCopy.CopyOrZero(ref stages[t], ref a[t], t < inside);
        AsyncCopy.Commit();
        for (int i = 0; i < 4; i++)
        {
            if (i < 3) AsyncCopy.CopyOrZero(ref stages[((i + 1) & 1) * 64 + t], ref a[(i + 1) * 64 + t],
                (i + 1) * 64 + t < inside);
            AsyncCopy.Commit();
            AsyncCopy.Wait(1);
            Group.Barrier();
            b[i * 64 + t] = stages[(i & 1) * 64 + (t ^ 63)];
            Group.Barrier();
        }
    }

    private static void Lengths(ArrayView<int> a)
    {
        int sum = 0;
        for (int k = 0; k < Group.IdxX % 9; k++)
        {
            if (k == 6) continue;
            sum += k + Group.IdxX;
        }
        a[Group.IdxX] = sum;
    }

    private static void Bytes(ArrayView<byte> a, ArrayView<int> b)
    {
        ArrayView<byte> tile = SharedMemory.Allocate<byte>(64);
        a[Group.IdxX] = (byte)(3 * Group.IdxX);
        tile[Group.IdxX] = (byte)(3 * Group.IdxX);
        Group.Barrier();
        b[Group.IdxX] = tile[63 - Group.IdxX];
    }

    private static void TooMuchShared(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.Allocate<int>(12352);
        tile[Group.IdxX] = 1;
        a[Group.IdxX] = tile[Group.IdxX];
    }

    private static void DynamicShared(ArrayView<int> a)
    {
        ArrayView<int> tile = SharedMemory.GetDynamic<int>();
        tile[tile.IntLength - 1 - Group.IdxX] = Group.IdxX;
        Group.Barrier();
        a[Group.IdxX] = tile[tile.IntLength - 32 + Group.IdxX] + tile.IntLength;
    }
}
