using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaStreamTests : CudaStubTests
{
    [Test]
    public void Stream_IsMadeNonBlockingAndDestroyedOnce()
    {
        CudaStream stream = Context.CreateStream();
        stream.Dispose();
        stream.Dispose();

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[] { "cuStreamCreate(1)", "  = stream#1", "cuStreamDestroy_v2(stream#1)" }));
    }

    [Test]
    public void Copies_ThroughTheDevice_BringEveryValueBack()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory a = Context.Memory.Allocate(40), b = Context.Memory.Allocate(40);
        float[] sent = Enumerable.Range(0, 10).Select(i => i * 1.5f).ToArray(), received = new float[10];
        Stub.TakeLog();

        stream.CopyToDevice<float>(sent, a);
        stream.CopyOnDevice(a.Range(8, 32), b.Range(4, 32));
        stream.CopyToHost<float>(b.Range(4, 32), received.AsSpan(0, 8));

        Assert.That(received, Is.EqualTo(sent.Skip(2).Concat([0f, 0f])));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuMemcpyHtoDAsync_v2(memory#1+0, host, 40, stream#1)", "cuStreamSynchronize(stream#1)",
            "cuMemcpyDtoDAsync_v2(memory#2+4, memory#1+8, 32, stream#1)",
            "cuMemcpyDtoHAsync_v2(host, memory#2+4, 32, stream#1)", "cuStreamSynchronize(stream#1)",
        }));
    }

    [Test]
    public void PinnedCopies_OnlyEnqueue()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(64);
        using PinnedMemory pinned = Context.AllocatePinned(100);
        Stub.TakeLog();
        pinned.AsSpan<int>(4, 16).Fill(0x01020304);

        stream.CopyToDeviceAsync(pinned, 4, memory);
        stream.CopyToHostAsync(memory.Range(0, 8), pinned, 92);

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuMemcpyHtoDAsync_v2(memory#1+0, pinned#1+4, 64, stream#1)", "cuMemcpyDtoHAsync_v2(pinned#1+92, memory#1+0, 8, stream#1)",
        }));
        Assert.That(pinned.AsSpan<byte>(92, 8).ToArray(), Is.EqualTo(new byte[] { 4, 3, 2, 1, 4, 3, 2, 1 }));
        Assert.That(pinned.AsSpan<double>().Length, Is.EqualTo(12), "100 bytes hold 12 doubles");
    }

    [Test]
    public void Fills_ReachTheirBytesAndNoOthers()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(32);
        byte[] received = new byte[32];
        Stub.TakeLog();

        stream.Fill(memory, 0xAB);
        stream.FillWords(memory.Range(8, 16), BitConverter.SingleToUInt32Bits(1f));
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuMemsetD8Async(memory#1+0, 171, 32, stream#1)", "cuMemsetD32Async(memory#1+8, 0x3f800000, 4, stream#1)",
        }));
        stream.CopyToHost<byte>(memory, received);

        Assert.That(received.Take(8).Concat(received.Skip(24)), Is.All.EqualTo(0xAB));
        Assert.That(BitConverter.ToSingle(received, 8), Is.EqualTo(1f));
        Assert.That(BitConverter.ToSingle(received, 20), Is.EqualTo(1f));
    }

    [Test]
    public void Fill_OfMoreThan4GiB_ArrivesWhole()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(5L << 30);
        Stub.Fail("cuMemsetD8Async", 1, 999);

        Assert.That(() => stream.Fill(memory, 0), Throws.InstanceOf<CudaException>().With.Message.Contains("5368709120 bytes"));
        Assert.That(Stub.TakeCalls(), Has.Some.EqualTo("cuMemsetD8Async(memory#1+0, 0, 5368709120, stream#1)"));
    }

    [Test]
    public void EmptyCopiesAndFills_DoNotReachTheDriver()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(0);
        using PinnedMemory pinned = Context.AllocatePinned(0);
        Stub.TakeLog();

        stream.CopyOnDevice(memory, memory);
        stream.Fill(memory, 1);
        stream.FillWords(memory, 1);
        stream.CopyToDeviceAsync(pinned, 0, memory);
        stream.CopyToHostAsync(memory, pinned, 0);

        Assert.That(Stub.TakeLog(), Is.Empty);
    }

    [Test]
    public void WrongSizes_NameBothValues()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(40), smaller = Context.Memory.Allocate(36);
        using PinnedMemory pinned = Context.AllocatePinned(40);
        Stub.TakeLog();

        Assert.That(() => stream.CopyToDevice<float>(new float[9], memory),
            Throws.ArgumentException.With.Message.Contains("36").And.Message.Contains("40"));
        Assert.That(() => stream.CopyToHost<float>(memory, new float[11]),
            Throws.ArgumentException.With.Message.Contains("40").And.Message.Contains("44"));
        Assert.That(() => stream.CopyOnDevice(memory, smaller),
            Throws.ArgumentException.With.Message.Contains("40").And.Message.Contains("36"));
        Assert.That(() => stream.FillWords(memory.Range(2, 8), 0), Throws.ArgumentException.With.Message.Contains("2"));
        Assert.That(() => stream.FillWords(memory.Range(4, 6), 0), Throws.ArgumentException.With.Message.Contains("6"));
        foreach (Action use in new Action[]
        {
            () => stream.CopyToDeviceAsync(pinned, 1, memory), () => stream.CopyToHostAsync(memory, pinned, -1),
            () => memory.Range(1, 40), () => memory.Range(-1, 4), () => memory.Range(0, -1), () => memory.Range(long.MaxValue, 1),
            () => pinned.AsSpan<float>(4, 10), () => pinned.AsSpan<float>(0, -1),
        })
            Assert.That(use, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(Stub.TakeLog(), Is.Empty, "nothing wrong reaches the driver");
    }

    [Test]
    public void Events_TellTheTimeBetweenThem()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaEvent start = Context.CreateEvent(), end = Context.CreateEvent();
        Stub.TakeLog();

        start.Record(stream);
        end.Record(stream);

        Assert.That(end.MillisecondsSince(start), Is.EqualTo(1.25));
        Assert.That(start.MillisecondsSince(end), Is.EqualTo(-1.25));
        Assert.That(Stub.TakeLog().Take(4), Is.EqualTo(new[]
        {
            "cuEventRecord(event#1, stream#1)", "cuEventRecord(event#2, stream#1)", "cuEventSynchronize(event#2)",
            "cuEventElapsedTime(event#1, event#2)",
        }));
    }

    [Test]
    public void Events_WithoutTiming_OrderStreamsOnly()
    {
        using CudaStream first = Context.CreateStream(), second = Context.CreateStream();
        Stub.TakeLog();
        using CudaEvent mark = Context.CreateEvent(timing: false);

        mark.Record(first);
        second.WaitFor(mark);

        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[]
        {
            "cuEventCreate(2)", "cuEventRecord(event#1, stream#1)", "cuStreamWaitEvent(stream#2, event#1, 0)",
        }));
        Assert.That(() => mark.MillisecondsSince(mark), Throws.InvalidOperationException.With.Message.Contains("timing"));
    }
}
