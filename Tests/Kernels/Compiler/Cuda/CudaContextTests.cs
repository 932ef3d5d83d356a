using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaContextTests : CudaStubTests
{
    [Test]
    public void CreateContext_TakesThePrimaryContextAndMakesItCurrentAtTheFirstCall()
    {
        Context.Dispose();
        Stub.TakeLog();

        using CudaContext context = Context.Driver.CreateContext();
        context.GetMemoryInfo();
        context.GetMemoryInfo();

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuDeviceGet(0)", "cuDevicePrimaryCtxRetain(40)", "cuCtxSetCurrent(context:0)", "cuMemGetInfo_v2()", "cuMemGetInfo_v2()",
        }));
    }

    [Test]
    public void OtherThread_MakesTheContextCurrentThereOnce()
    {
        using CudaStream stream = Context.CreateStream();
        Stub.TakeLog();
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                stream.Synchronize();
                stream.Synchronize();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();

        Assert.That(failure, Is.Null);
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuCtxSetCurrent(context:0)", "cuStreamSynchronize(stream#1)", "cuStreamSynchronize(stream#1)",
        }));
    }

    [Test]
    public void TwoContexts_TakeTurnsOnOneThread()
    {
        Stub.Devices(2);
        using CudaContext second = Driver(Stub).CreateContext(1);
        Stub.TakeLog();

        second.Synchronize();
        Context.Synchronize();
        Context.Synchronize();
        second.Synchronize();

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuCtxSetCurrent(context:1)", "cuCtxSynchronize()", "cuCtxSetCurrent(context:0)", "cuCtxSynchronize()", "cuCtxSynchronize()",
            "cuCtxSetCurrent(context:1)", "cuCtxSynchronize()",
        }));
    }

    [Test]
    public void GetMemoryInfo_CountsIn64Bits()
    {
        Stub.Memory(141UL << 30);
        using CudaMemory memory = Context.Memory.Allocate(5L << 30);

        Assert.That(Context.GetMemoryInfo(), Is.EqualTo(new CudaMemoryInfo(136L << 30, 141L << 30)));
    }

    [Test]
    public void Dispose_GivesBackEverythingOnce_TheLatestFirst()
    {
        CudaStream stream = Context.CreateStream();
        CudaEvent mark = Context.CreateEvent();
        Context.LoadModule("m", AnyPtx);
        PinnedMemory pinned = Context.AllocatePinned(100);
        CudaMemory used = Context.Memory.Allocate(1), idle = Context.Memory.Allocate(1000);
        idle.Dispose();
        CudaGraph graph = stream.Capture(() => { });
        mark.Dispose();
        Stub.TakeLog();

        Context.Dispose();
        Context.Dispose();
        foreach (IDisposable d in new IDisposable[] { stream, mark, pinned, graph, used, idle }) d.Dispose();

        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuCtxSynchronize()", "cuGraphExecDestroy(exec#1)", "cuMemFreeHost(pinned#1+0)", "cuModuleUnload(module#1)",
            "cuStreamDestroy_v2(stream#1)", "cuMemFree_v2(memory#2+0)", "cuMemFree_v2(memory#1+0)", "cuCtxSetCurrent(NULL)", "cuDevicePrimaryCtxRelease_v2(40)",
        }));
        Assert.That(Stub.Alive, Is.Empty);
    }

    [Test]
    public void Dispose_CallThatFails_IsThrownAfterTheRestWasGivenBack()
    {
        CudaStream stream = Context.CreateStream();
        Context.CreateEvent();
        Stub.Fail("cuStreamDestroy_v2", 1, 999);

        Assert.That(Context.Dispose, Throws.InstanceOf<CudaException>()
            .With.Property(nameof(CudaException.Call)).EqualTo("cuStreamDestroy_v2"));

        Assert.That(stream.IsDisposed, Is.True);
        Assert.That(Stub.Alive, Is.EqualTo("stream#1"), "all but what the driver refused to take");
        Stub.Reset();
    }

    [Test]
    public void Dispose_AfterTheContextWasLost_HidesNoOtherError()
    {
        CudaStream stream = Context.CreateStream();
        foreach (string call in new[] { "cuStreamSynchronize", "cuCtxSynchronize", "cuStreamDestroy_v2", "cuCtxSetCurrent", "cuDevicePrimaryCtxRelease_v2" })
            Stub.Fail(call, 0, (int)CudaResult.IllegalAddress);

        Assert.That(stream.Synchronize, Throws.InstanceOf<CudaException>()
            .With.Message.Contains("an illegal memory access was encountered (CUDA_ERROR_ILLEGAL_ADDRESS, 700)"));
        Assert.That(stream.Dispose, Throws.Nothing);
        Assert.That(Context.Dispose, Throws.Nothing);
        Stub.Reset();
    }

    [Test]
    public void DisposedObjects_RefuseEveryUse()
    {
        CudaStream stream = Context.CreateStream(), other = Context.CreateStream();
        CudaEvent mark = Context.CreateEvent();
        CudaModule module = Context.LoadModule("m", AnyPtx);
        CudaFunction function = module.GetFunction("f");
        PinnedMemory pinned = Context.AllocatePinned(16);
        CudaMemory memory = Context.Memory.Allocate(16);
        CudaMemoryRange range = memory;
        CudaGraph graph = other.Capture(() => { });
        foreach (IDisposable d in new IDisposable[] { stream, mark, module, pinned, memory, graph }) d.Dispose();
        Stub.TakeLog();

        var uses = new Action[]
        {
            stream.Synchronize, () => stream.Capture(() => { }), () => graph.Launch(other), mark.Synchronize, () => mark.Record(other),
            () => other.WaitFor(mark), () => module.GetFunction("g"), () => function.BlocksPerMultiprocessor(1),
            () => function.Launch(other, new CudaLaunchShape(new(1), new(1)), [], []), () => pinned.AsSpan<byte>(),
            () => other.CopyToDeviceAsync(pinned, 0, range), () => other.Fill(range, 1),
            () => other.CopyToDevice<byte>(new byte[16], range),
            () => _ = memory.Address,
        };
        foreach (Action use in uses) Assert.That(use, Throws.InstanceOf<ObjectDisposedException>());
        Context.Dispose();
        var afterwards = new Action[]
        {
            Context.Synchronize, () => Context.CreateStream(), () => Context.CreateEvent(), () => Context.LoadModule("m", AnyPtx),
            () => Context.AllocatePinned(1), () => Context.GetMemoryInfo(), () => Context.Memory.Allocate(1), () => Context.Memory.Trim(),
            other.Synchronize,
        };
        foreach (Action use in afterwards) Assert.That(use, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Stub.TakeCalls(), Has.None.StartsWith("cuLaunch").And.None.StartsWith("cuMemset").And.None.StartsWith("cuMemcpy"));
    }

    [Test]
    public void ThingsOfAnotherContext_AreRefused()
    {
        Stub.Devices(2);
        using CudaContext second = Driver(Stub).CreateContext(1);
        CudaStream stream = second.CreateStream();
        CudaEvent mark = Context.CreateEvent();
        CudaMemory memory = Context.Memory.Allocate(16);

        foreach (Action use in new Action[] { () => mark.Record(stream), () => stream.WaitFor(mark), () => stream.Fill(memory, 0) })
            Assert.That(use, Throws.ArgumentException.With.Message.Contains("Stub A").And.Message.Contains("Stub B"));
    }
}
