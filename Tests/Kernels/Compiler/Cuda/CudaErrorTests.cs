using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

/// <summary>Every call of the driver, made to fail in the middle of ordinary work.</summary>
[NonParallelizable]
public class CudaErrorTests
{
    // Each call after discovery, with what its message has to be about.
    private static readonly (string Call, string Subject)[] Calls =
    [
        ("cuDeviceGet", "Stub A"), ("cuDevicePrimaryCtxRetain", "Stub A"), ("cuCtxSetCurrent", "Stub A"),
        ("cuCtxSynchronize", "all work on Stub A"),
        ("cuMemGetInfo_v2", "Stub A"), ("cuMemAlloc_v2", "1024 bytes on Stub A"), ("cuMemAllocHost_v2", "64 bytes of page-locked"),
        ("cuMemcpyHtoDAsync_v2", "64 bytes"), ("cuMemcpyDtoHAsync_v2", "64 bytes"), ("cuMemcpyDtoDAsync_v2", "64 bytes"),
        ("cuMemsetD8Async", "1000 bytes"), ("cuMemsetD32Async", "250 words"), ("cuModuleLoadDataEx", "module 'work'"),
        ("cuModuleGetFunction", "kernel 'k' of module 'work'"), ("cuFuncGetAttribute", "NumRegs of kernel 'k'"),
        ("cuFuncSetAttribute", "65536 bytes of dynamic shared memory for kernel 'k'"), ("cuLaunchKernel", "kernel 'k', grid 2×1×1"),
        ("cuOccupancyMaxActiveBlocksPerMultiprocessor", "kernel 'k'"), ("cuStreamCreate", "Stub A"), ("cuStreamSynchronize", "Stub A"),
        ("cuStreamWaitEvent", "event"), ("cuEventCreate", "Stub A"), ("cuEventRecord", "event"), ("cuEventSynchronize", "event"),
        ("cuEventElapsedTime", "two events"), ("cuStreamBeginCapture_v2", "capture"), ("cuStreamEndCapture", "capture"),
        ("cuGraphInstantiateWithFlags", "captured graph"), ("cuGraphLaunch", "captured graph"), ("cuGraphDestroy", "captured graph"),
        ("cuGraphExecDestroy", "captured graph"), ("cuModuleUnload", "module 'work'"), ("cuMemFreeHost", "64 bytes of page-locked"),
        ("cuMemFree_v2", "1024 bytes on Stub A"), ("cuEventDestroy_v2", "event"), ("cuStreamDestroy_v2", "stream"),
        ("cuDevicePrimaryCtxRelease_v2", "Stub A"),
    ];

    private static IEnumerable<TestCaseData> Cases() =>
        Calls.Select(c => new TestCaseData(c.Call, c.Subject).SetArgDisplayNames(c.Call));

    [TestCaseSource(nameof(Cases))]
    public void CallThatFails_IsAnExceptionWithItsNameAndSubject_AndEverythingElseIsGivenBack(string call, string subject)
    {
        DriverStub stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);
        stub.Fail(call, 1, 999);

        CudaException? e = Assert.Throws<CudaException>(() => Work(driver!));

        Assert.That(e!.Call, Is.EqualTo(call));
        Assert.That((int)e.Result, Is.EqualTo(999));
        Assert.That(e.Subject, Does.Contain(subject));
        Assert.That(e.Message, Does.StartWith(call + ": ").And.Contains("unknown error (CUDA_ERROR_UNKNOWN, 999)"));
        // A call that gives something back and fails leaves that one thing behind; every other leaves nothing.
        bool givesBack = call.Contains("Destroy") || call.Contains("Free") || call.Contains("Unload") || call.Contains("Release");
        Assert.That(stub.Alive.Split(' ', StringSplitOptions.RemoveEmptyEntries), Has.Length.EqualTo(givesBack ? 1 : 0), stub.Alive);
    }

    [Test]
    public void Cases_CoverEveryCallOfTheWork()
    {
        DriverStub stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);
        stub.TakeLog();

        Work(driver!);

        IEnumerable<string> made = stub.TakeLog().Where(l => l[0] != ' ').Select(l => l[..l.IndexOf('(')]).Distinct();
        Assert.That(made, Is.EquivalentTo(Calls.Select(c => c.Call)));
        Assert.That(stub.Alive, Is.Empty);
    }

    // Uses everything that a context offers once.
    private static void Work(CudaDriver driver)
    {
        using CudaContext context = driver.CreateContext();
        using CudaStream stream = context.CreateStream();
        using CudaEvent start = context.CreateEvent(), end = context.CreateEvent();
        using CudaMemory memory = context.Memory.Allocate(1000);
        using PinnedMemory pinned = context.AllocatePinned(64);
        using CudaModule module = context.LoadModule("work", ".version 7.5");
        CudaFunction kernel = module.GetFunction("k");
        context.GetMemoryInfo();
        start.Record(stream);
        stream.WaitFor(start);
        using (CudaGraph graph = stream.Capture(() =>
        {
            stream.Fill(memory, 1);
            stream.FillWords(memory, 2);
            stream.CopyToDeviceAsync(pinned, 0, memory.Range(0, 64));
            stream.CopyOnDevice(memory.Range(0, 64), memory.Range(64, 64));
            kernel.Launch(stream, new CudaLaunchShape(new(2), new(kernel.BlocksPerMultiprocessor(32)), 65536), new byte[8], [0]);
            stream.CopyToHostAsync(memory.Range(64, 64), pinned, 0);
        }))
            graph.Launch(stream);
        end.Record(stream);
        end.MillisecondsSince(start);
        stream.Synchronize();
        context.Synchronize();
    }
}
