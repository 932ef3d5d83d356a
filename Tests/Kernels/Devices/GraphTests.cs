using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Tests.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>How a device on an NVIDIA GPU repeats operations, by the calls that the driver's stub writes down.</summary>
[NonParallelizable]
public class GraphTests
{
    private const int Length = 12_288;
    private readonly List<string> notes = [];
    private DriverStub stub = null!;
    private CudaAccelerator accelerator = null!;
    private GpuDevice device = null!;
    private DeviceMemory memory = null!, scalar = null!;

    private static readonly string[] Plain = ["cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel", "cuLaunchKernel"];

    private static readonly string[] Recorded = ["cuStreamBeginCapture_v2", .. Plain, "cuStreamEndCapture",
        "cuGraphInstantiateWithFlags", "cuGraphDestroy", "cuGraphLaunch"];

    private DeviceVector Gram => new(memory, 0, 4096);

    private FeatureMap Map => new(memory, Gram.Length * sizeof(float), 64, 4, 32);

    [SetUp]
    public void OpenDevice()
    {
        notes.Clear();
        stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), reason);
        Context context = Context.Create(builder => builder.Cuda(driver!));
        accelerator = context.CreateCudaAccelerator(0);
        device = new GpuDevice(accelerator, GpuPrecision.Tf32, context, notes.Add);
        memory = device.Allocate(Length * sizeof(float));
        scalar = device.Allocate(sizeof(double));
    }

    [TearDown]
    public void NothingIsLeft()
    {
        if (device is null) return;
        device.Dispose();
        Assert.That(stub.Alive, Is.Empty, "what the driver still holds");
        device = null!;
    }

    [Test]
    public void Repeat_RunsPlainOnce_RecordsOnce_ThenOnlyLaunchesTheGraph()
    {
        using RepeatedOperations work = device.Repeat(GramLoss);
        stub.TakeLog();
        work.Run();
        string[] first = Calls();
        Assert.That(first.Where(c => c == "cuLaunchKernel"), Is.EqualTo(Plain));
        Assert.That(first, Does.Contain("cuModuleLoadDataEx").And.Contain("cuMemAlloc_v2"));
        Assert.That(first, Has.None.Contains("Graph").And.None.Contains("Capture"));
        work.Run();
        Assert.That(Calls(), Is.EqualTo(Recorded));
        for (int i = 0; i < 3; i++) work.Run();
        Assert.That(stub.TakeCalls(), Is.EqualTo(Enumerable.Repeat("cuGraphLaunch(exec#1 with 4 operations, stream#1)", 3)));
        Assert.That(notes, Is.Empty);
    }

    [Test]
    public void Repeat_InTheChecker_RecordsLikewise()
    {
        using GpuDevice checker = GpuDevice.CreateSimt();
        using DeviceMemory there = checker.Allocate(256);
        DeviceVector x = new(there, 0, 4);
        float[] read = new float[4];
        int runs = 0;
        using RepeatedOperations work = checker.Repeat(() =>
        {
            runs++;
            checker.LinearCombination([2], [x], x);
        });
        checker.Upload([1, 2, 3, 4], x);
        for (int i = 0; i < 5; i++) work.Run();
        checker.Download(x, read);
        Assert.That((runs, read[0], read[3]), Is.EqualTo((2, 32f, 128f)));
    }

    [Test]
    public void Dispose_GivesTheGraphBack_OnceAndAlsoWhereThereIsNone()
    {
        RepeatedOperations unused = device.Repeat(GramLoss), work = device.Repeat(GramLoss);
        for (int i = 0; i < 3; i++) work.Run();
        Assert.That(stub.Alive, Does.Contain("exec#1").And.Not.Contain("graph#"));
        stub.TakeLog();
        unused.Dispose();
        work.Dispose();
        work.Dispose();
        Assert.That(stub.TakeCalls(), Is.EqualTo(new[] { "cuGraphExecDestroy(exec#1)" }));
    }

    [Test]
    public void Repeat_AfterABufferWasGivenBack_BeginsAnew()
    {
        DeviceMemory other = device.Allocate(1000);
        using RepeatedOperations work = device.Repeat(GramLoss);
        for (int i = 0; i < 3; i++) work.Run();
        other.Dispose();
        stub.TakeLog();
        work.Run();
        Assert.That(Calls(), Is.EqualTo(Plain.Prepend("cuGraphExecDestroy")));
        work.Run();
        Assert.That(Calls(), Is.EqualTo(Recorded));
    }

    [Test]
    public void Repeat_AfterAnotherOperationTookMoreScratch_DoesNotUseTheOldOne()
    {
        using DeviceMemory large = device.Allocate(device.FeatureMapBytes(256, 64, 64) + 65_536 * sizeof(float));
        using RepeatedOperations work = device.Repeat(GramLoss);
        for (int i = 0; i < 3; i++) work.Run();
        device.Gram(new FeatureMap(large, 65_536 * sizeof(float), 256, 64, 64), new DeviceVector(large, 0, 65_536));
        stub.TakeLog();
        work.Run();
        Assert.That(Calls(), Is.EqualTo(Plain.Prepend("cuGraphExecDestroy")));
    }

    [Test]
    public void Repeat_OfMemoryThatIsGone_SaysSoAndLaunchesNothing()
    {
        using RepeatedOperations work = device.Repeat(GramLoss);
        for (int i = 0; i < 3; i++) work.Run();
        memory.Dispose();
        stub.TakeLog();
        Assert.That(work.Run, Throws.InstanceOf<ObjectDisposedException>());
        Assert.That(Calls(), Is.EqualTo(new[] { "cuGraphExecDestroy" }));
        Assert.That(notes, Is.Empty);
    }

    [TestCase("cuStreamBeginCapture_v2")]
    [TestCase("cuLaunchKernel")]
    [TestCase("cuStreamEndCapture")]
    [TestCase("cuGraphInstantiateWithFlags")]
    [TestCase("cuGraphLaunch")]
    public void Repeat_WhereTheDriverRefuses_RunsPlainAndSaysSoOnce(string call)
    {
        using RepeatedOperations work = device.Repeat(GramLoss), another = device.Repeat(GramLoss);
        work.Run();
        another.Run();
        stub.Fail(call, 1, 900);
        stub.TakeLog();
        work.Run();
        Assert.That(Calls().TakeLast(Plain.Length), Is.EqualTo(Plain), "the work is done all the same");
        Assert.That(stub.Alive, Does.Not.Contain("graph#").And.Not.Contain("exec#"));
        Assert.That(notes, Has.Count.EqualTo(1).And.All.Contains(call).And.All.Contains("one by one"));
        for (int i = 0; i < 2; i++)
        {
            work.Run();
            another.Run();
        }
        Assert.That(Calls(), Is.EqualTo(Enumerable.Repeat(Plain, 4).SelectMany(c => c)), "it is not tried again");
        Assert.That(notes, Has.Count.EqualTo(1));
        device.ReadScalars(scalar, new double[1]);
    }

    [Test]
    public void Repeat_OfSomethingThatWaits_RunsPlain()
    {
        double[] read = new double[1];
        using RepeatedOperations work = device.Repeat(() =>
        {
            GramLoss();
            device.ReadScalars(scalar, read);
        });
        for (int i = 0; i < 3; i++) work.Run();
        Assert.That(notes, Has.Count.EqualTo(1).And.All.Contains("waits for the device"));
    }

    [Test]
    public void Repeat_OperationsThatFailByThemselves_ReportTheirOwnError()
    {
        int runs = 0;
        using RepeatedOperations work = device.Repeat(() =>
        {
            if (runs++ > 0) throw new InvalidOperationException("mine");
        });
        work.Run();
        Assert.That(work.Run, Throws.InvalidOperationException.With.Message.EqualTo("mine"));
        Assert.That(notes, Is.Empty);
    }

    private void GramLoss()
    {
        device.Gram(Map, Gram);
        device.GramLoss(Gram, Gram, 1, Map.Positions, new DeviceScalar(scalar, 0));
    }

    /// <summary>Names of the calls that were made.</summary>
    private string[] Calls() => [.. stub.TakeCalls().Select(c => c[..c.IndexOf('(')]).Where(c => c != "cuFuncGetAttribute")];
}
