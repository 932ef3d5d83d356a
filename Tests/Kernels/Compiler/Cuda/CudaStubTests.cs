using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

/// <summary>Tests that run against the driver's stub: a fresh stub, one context on it, and afterwards nothing left in the
/// driver.</summary>
[NonParallelizable]
public abstract class CudaStubTests
{
    private protected const string AnyPtx = ".version 7.5\n.target sm_75\n.address_size 64\n";

    private protected DriverStub Stub { get; private set; } = null!;

    private protected CudaContext Context { get; private set; } = null!;

    [SetUp]
    public void OpenContext()
    {
        Stub = DriverStub.Fresh();
        Context = Driver(Stub).CreateContext();
        Context.GetMemoryInfo();
        Stub.TakeLog();
    }

    [TearDown]
    public void NothingIsLeft()
    {
        if (Context is null) return;
        Context.Dispose();
        Assert.That(Stub.Alive, Is.Empty, "what the driver still holds after the context's disposal");
        Context = null!;
    }

    private protected static CudaDriver Driver(DriverStub stub)
    {
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);
        return driver!;
    }

    private protected CudaFunction Kernel(string name) => Context.LoadModule("test", AnyPtx).GetFunction(name);
}
