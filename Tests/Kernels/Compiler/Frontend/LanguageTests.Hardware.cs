using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>What the hardware has: threads, atomics, asynchronous copies, tensor cores, functions.</summary>
internal sealed partial class LanguageTests
{
    [Test]
    public void Atomics_ReturnWhatWasThere()
    {
        int[] x = [5, 0, 0, 0, 0, 0];
        uint[] u = [0xffffffff, 0];
        float[] f = [1.5f];
        OneThread.Run(Atomics, x, u, f);
        Assert.That(x, Is.EqualTo(new[] { 13, 5, 7, 9, 9, 12 }));
        Assert.That(u, Is.EqualTo(new[] { 0xffffffffu, 0xffffffffu }));
        Assert.That(f[0], Is.EqualTo(4f));
    }

    private static void Atomics(ArrayView<int> x, ArrayView<uint> u, ArrayView<float> f)
    {
        x[1] = Atomic.Add(ref x[0], 2);
        x[2] = Atomic.Max(ref x[0], 9);
        x[3] = Atomic.CompareExchange(ref x[0], 9, 12);
        x[4] = x[3] == 9 ? x[3] : 0;
        x[5] = Atomic.Exchange(ref x[0], 13);
        u[1] = Atomic.Max(ref u[0], 3);
        Atomic.Add(ref f[0], 2.5f);
    }

    [Test]
    public void Threads_AreSpecialRegisters()
    {
        int[] x = new int[4];
        OneThread.Run(Threads, x);
        Assert.That(x, Is.EqualTo(new[] { 3 + 10 * 2 + 100 * 4, 32, 0, 3 }));
    }

    private static void Threads(ArrayView<int> x)
    {
        x[0] = Group.IdxX + 10 * Grid.IdxX + 100 * Group.DimX;
        x[1] = Warp.WarpSize;
        x[2] = Warp.WarpIdx + Grid.DimY + Group.IdxZ;
        int sum = Warp.ShuffleDown(x[0], 16) + Warp.ShuffleXor(0, 1) + Warp.Broadcast(0, 0);
        bool any = Group.BarrierOr(sum > 0) && Group.BarrierAnd(sum > 1);
        x[3] = (any ? 2 : 0) + Group.BarrierPopCount(any);
        MemoryFence.GroupLevel();
        MemoryFence.DeviceLevel();
        Warp.Barrier();
    }

    [Test]
    public void AsynchronousCopies_GoFromGlobalToSharedMemory()
    {
        float[] x = [1, 2, 3, 4, 0, 0, 0, 0];
        Kernel kernel = OneThread.Run(AsyncCopies, x);
        Assert.That(x[4..], Is.EqualTo(new float[] { 4, 0, 2, 0 }));
        Assert.That(kernel.NeedsAmpere, Is.True);
    }

    private static void AsyncCopies(ArrayView<float> x)
    {
        ArrayView<float> shared = SharedMemory.Allocate<float>(8);
        ArrayView<Float4> to = shared.Cast<Float4>();
        AsyncCopy.Copy(ref to[0], ref x.Cast<Float4>()[0]);
        AsyncCopy.CopyOrZero(ref shared[4], ref x[1], x[0] > 0);
        AsyncCopy.CopyOrZero(ref shared[5], ref x[1], x[0] > 5);
        AsyncCopy.Commit();
        AsyncCopy.Wait(0);
        Group.Barrier();
        x[4] = shared[3];
        x[5] = shared[5];
        x[6] = shared[4];
    }

    [Test]
    public void TensorCores_UpdateReferencesOfEveryKind()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<float>>)TensorCores);
        Assert.That(kernel.Arrays, Is.Empty);
        Instruction[] all = [.. kernel.Blocks.SelectMany(b => b.Instructions)];
        Assert.That(all.Count(i => i.Opcode == Opcode.MultiplyAddTf32), Is.EqualTo(2));
        Assert.That(all.Count(i => i.Opcode == Opcode.RoundToTf32), Is.EqualTo(2), "the number may have changed between");
        Assert.That(all.Count(i => i.Opcode == Opcode.Store), Is.EqualTo(3));
    }

    private static void TensorCores(ArrayView<float> x)
    {
        ArrayView<float> d = LocalMemory.Allocate<float>(2);
        float local = 0;
        d[0] = d[1] = 0;
        for (int i = 0; i < 2; i++)
        {
            float a = TensorCore.RoundToTf32(x[1]);
            TensorCore.MultiplyAddM16N8K8(ref d[0], ref d[1], ref local, ref x[0], a, a, a, a, a, a);
        }
        x[2] = d[0] + d[1] + local;
    }

    [Test]
    public void Functions_ThatTheHardwareApproximates_AreClose()
    {
        float[] x = [0.7f, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        OneThread.Run(Functions, x);
        float a = 0.7f;
        float[] expected =
            [a, MathF.Exp(a), MathF.Log(a), MathF.Log2(a), MathF.Log10(a), MathF.Pow(a, 2.5f), MathF.Sin(a), MathF.Cos(a),
            MathF.Tanh(a), 1 / MathF.Sqrt(a),
            MathF.FusedMultiplyAdd(a, a, a)];
        // The functions are made of 2ˣ and log₂ with a few roundings between.
        for (int i = 0; i < x.Length; i++)
            Assert.That(Math.Abs(x[i] - expected[i]), Is.LessThanOrEqualTo(1e-6), $"{i}: {x[i]}, expected {expected[i]}");
    }

    private static void Functions(ArrayView<float> x)
    {
        float a = x[0];
        x[1] = MathF.Exp(a);
        x[2] = MathF.Log(a);
        x[3] = MathF.Log2(a);
        x[4] = MathF.Log10(a);
        x[5] = MathF.Pow(a, 2.5f);
        x[6] = MathF.Sin(a);
        x[7] = MathF.Cos(a);
        x[8] = MathF.Tanh(a);
        x[9] = MathF.ReciprocalSqrtEstimate(a);
        x[10] = MathF.FusedMultiplyAdd(a, a, a);
    }

    [Test]
    public void BitsOfFloats_GoThereAndBack()
    {
        float[] x = [-1.5f, 0];
        OneThread.Run(BitsOfFloats, x);
        Assert.That(x[1], Is.EqualTo(1.5f + 4));
    }

    private static void BitsOfFloats(ArrayView<float> x) =>
        x[1] = Interop.IntAsFloat(Interop.FloatAsInt(x[0]) & 0x7fffffff) + Interop.SizeOf<float>();
}
