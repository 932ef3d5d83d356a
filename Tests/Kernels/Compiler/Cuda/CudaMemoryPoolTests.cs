using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaMemoryPoolTests : CudaStubTests
{
    private CudaMemoryPool Pool => Context.Memory;

    [TestCase(0, 256)]
    [TestCase(1, 256)]
    [TestCase(256, 256)]
    [TestCase(257, 512)]
    public void Allocate_TakesWholeBlocksAndKeepsAnExactAccount(long bytes, long block)
    {
        CudaMemory memory = Pool.Allocate(bytes);

        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[] { $"cuMemAlloc_v2({block})" }));
        Assert.That((memory.Bytes, memory.BlockBytes), Is.EqualTo((bytes, block)));
        Assert.That(memory.Address % CudaMemoryPool.Alignment, Is.Zero);
        Assert.That(memory.Address, Is.GreaterThan((ulong)uint.MaxValue), "an address keeps its upper half");
        Assert.That(Pool.Usage, Is.EqualTo(new CudaMemoryUsage(bytes, block, block, block)));

        memory.Dispose();
        memory.Dispose();
        Assert.That(Pool.Usage, Is.EqualTo(new CudaMemoryUsage(0, 0, block, block)));
        Assert.That(Pool.Usage.IdleBytes, Is.EqualTo(block));
        Assert.That(Stub.TakeLog(), Is.Empty, "the block stays with the pool");
    }

    [Test]
    public void Allocate_ReusesTheSmallestIdleBlockThatFits_AtMostAnEighthLarger()
    {
        CudaMemory[] blocks = new[] { 2048L, 2304, 2560, 2816 }.Select(Pool.Allocate).ToArray();
        foreach (CudaMemory b in blocks) b.Dispose();
        Stub.TakeLog();

        using CudaMemory first = Pool.Allocate(2100), second = Pool.Allocate(2050);
        using CudaMemory third = Pool.Allocate(2050), fourth = Pool.Allocate(2000);

        Assert.That(first.BlockBytes, Is.EqualTo(2304), "the exact class");
        Assert.That(second.BlockBytes, Is.EqualTo(2560), "2560 is at most an eighth more than 2304");
        Assert.That(third.BlockBytes, Is.EqualTo(2304), "2816 is more than an eighth above it, so a new one");
        Assert.That(fourth.BlockBytes, Is.EqualTo(2048));
        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[] { "cuMemAlloc_v2(2304)" }));
        Assert.That(Pool.Usage, Is.EqualTo(new CudaMemoryUsage(2100 + 2050 + 2050 + 2000, 2304 + 2560 + 2304 + 2048,
            2048 + 2304 + 2560 + 2816, 2048 + 2304 + 2560 + 2816 + 2304)));
    }

    [Test]
    public void Allocate_RandomSequence_AccountEqualsTheSumOfWhatIsHeld_AndBlocksNeverOverlap()
    {
        const int Seed = 7, Steps = 2000;
        var random = new Random(Seed);
        List<CudaMemory> held = [];
        long peak = 0;
        for (int step = 0; step < Steps; step++)
        {
            if (held.Count > 0 && random.Next(2) == 0)
            {
                int i = random.Next(held.Count);
                held[i].Dispose();
                held.RemoveAt(i);
            }
            else
            {
                held.Add(Pool.Allocate(random.Next(20_000)));
            }
            if (step % 97 == 0) Pool.Trim(random.Next(10_000));
            long inUse = held.Sum(m => m.BlockBytes);
            peak = Math.Max(peak, inUse);
            CudaMemoryUsage usage = Pool.Usage;
            Assert.That((usage.RequestedBytes, usage.InUseBytes, usage.PeakInUseBytes), Is.EqualTo((held.Sum(m => m.Bytes), inUse, peak)),
                $"seed {Seed}, step {step}");
            CudaMemoryInfo device = Context.GetMemoryInfo();
            Assert.That(usage.ReservedBytes, Is.EqualTo(device.TotalBytes - device.FreeBytes), $"seed {Seed}, step {step}");
            Stub.TakeLog();
        }
        CudaMemory[] byAddress = held.OrderBy(m => m.Address).ToArray();
        for (int i = 1; i < byAddress.Length; i++)
            Assert.That(byAddress[i].Address, Is.GreaterThanOrEqualTo(byAddress[i - 1].Address + (ulong)byAddress[i - 1].BlockBytes));
    }

    [Test]
    public void Trim_GivesBackTheLargestFirst_DownToWhatIsToStay()
    {
        foreach (CudaMemory b in new[] { 256L, 512, 1024 }.Select(Pool.Allocate).ToArray()) b.Dispose();
        Stub.TakeLog();

        Assert.That(Pool.Trim(800), Is.EqualTo(1024));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[] { "cuMemFree_v2(memory#3+0)" }));
        Assert.That(Pool.Usage.ReservedBytes, Is.EqualTo(768));
        Assert.That(Pool.Trim(), Is.EqualTo(768));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[] { "cuMemFree_v2(memory#2+0)", "cuMemFree_v2(memory#1+0)" }));
        Assert.That(Pool.Trim(), Is.Zero);
        Assert.That(Pool.Usage.ReservedBytes, Is.Zero);
    }

    [Test]
    public void ResetPeak_BeginsAnew()
    {
        using CudaMemory kept = Pool.Allocate(256);
        Pool.Allocate(1024).Dispose();
        Assert.That(Pool.Usage.PeakInUseBytes, Is.EqualTo(1280));

        Pool.ResetPeak();

        Assert.That(Pool.Usage.PeakInUseBytes, Is.EqualTo(256));
    }

    [Test]
    public void Allocate_DeviceIsFull_GivesTheIdleBlocksBackAndTriesAgain()
    {
        Stub.Memory(10 << 20);
        Pool.Allocate(6 << 20).Dispose();
        Stub.TakeLog();

        using CudaMemory memory = Pool.Allocate(8 << 20);

        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[]
        {
            "cuMemAlloc_v2(8388608)", "cuMemFree_v2(memory#1+0)", "cuMemAlloc_v2(8388608)",
        }));
        Assert.That(Pool.Usage, Is.EqualTo(new CudaMemoryUsage(8 << 20, 8 << 20, 8 << 20, 8 << 20)));
    }

    [Test]
    public void Allocate_ThatDoesNotFit_SaysWhatWasAskedForWhatIsFreeWhatThePoolHoldsAndWhatToLower()
    {
        Stub.Memory(8UL << 30);
        using CudaMemory used = Pool.Allocate((5L << 30) + 300);

        DeviceOutOfMemoryException? e = Assert.Throws<DeviceOutOfMemoryException>(() => Pool.Allocate(6L << 30));

        Assert.That(e!.Message, Is.EqualTo("Stub A was asked for 6,144.0 MiB; 3,072.0 MiB of its 8,192.0 MiB are free, "
            + "and this program's pool holds 5,120.0 MiB, 5,120.0 MiB of it in use. Lower the size of the picture, "
            + "or end other programs that use the device."));
        long block = (5L << 30) + 512;
        Assert.That((e.RequestedBytes, e.FreeBytes, e.TotalBytes), Is.EqualTo((6L << 30, (8L << 30) - block, 8L << 30)));
        Assert.That(e.Pool, Is.EqualTo(new CudaMemoryUsage((5L << 30) + 300, block, block, block)));
        Assert.That((e.Call, e.Result, e.ErrorName), Is.EqualTo(("cuMemAlloc_v2", CudaResult.OutOfMemory, "CUDA_ERROR_OUT_OF_MEMORY")));
        Assert.That(Pool.Usage, Is.EqualTo(e.Pool), "what did not fit is in no account");
    }

    [TestCase(9L << 30)]
    [TestCase(long.MaxValue)]
    public void Allocate_MoreThanTheDeviceHas_SaysSo(long bytes)
    {
        Assert.That(() => Pool.Allocate(bytes), Throws.InstanceOf<DeviceOutOfMemoryException>()
            .With.Property(nameof(DeviceOutOfMemoryException.RequestedBytes)).EqualTo(bytes)
            .And.Message.EndsWith("Lower the size of the picture."));
        Assert.That(Pool.Usage, Is.EqualTo(default(CudaMemoryUsage)));
    }

    [Test]
    public void Allocate_OtherFailure_IsNotTakenForLackOfMemory()
    {
        Stub.Fail("cuMemAlloc_v2", 1, 999);

        Assert.That(() => Pool.Allocate(1), Throws.Exception.TypeOf<CudaException>().With.Message.Contains("256 bytes on Stub A"));
        Assert.That(() => Pool.Allocate(-1), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Allocate_FromSeveralThreads_KeepsTheAccount()
    {
        Parallel.For(0, 4, _ =>
        {
            for (int i = 1; i < 50; i++) Pool.Allocate(i * 100).Dispose();
        });

        Assert.That((Pool.Usage.RequestedBytes, Pool.Usage.InUseBytes), Is.EqualTo((0L, 0L)));
        CudaMemoryInfo device = Context.GetMemoryInfo();
        Assert.That(Pool.Usage.ReservedBytes, Is.EqualTo(device.TotalBytes - device.FreeBytes));
    }
}
