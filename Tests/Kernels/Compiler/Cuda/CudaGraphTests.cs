using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

public class CudaGraphTests : CudaStubTests
{
    [Test]
    public void Capture_RunsNothingUntilTheGraphIsLaunched()
    {
        using CudaStream stream = Context.CreateStream(), other = Context.CreateStream();
        using CudaMemory a = Context.Memory.Allocate(16), b = Context.Memory.Allocate(16);
        CudaFunction kernel = Kernel("step");
        byte[] received = new byte[16];
        stream.Fill(b, 1);
        Stub.TakeLog();

        using CudaGraph graph = stream.Capture(() =>
        {
            Assert.That(stream.IsCapturing, Is.True);
            stream.Fill(a, 7);
            kernel.Launch(stream, new CudaLaunchShape(new(1), new(32)), [], []);
            stream.CopyOnDevice(a, b);
        });
        Assert.That(stream.IsCapturing, Is.False);
        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[]
        {
            "cuStreamBeginCapture_v2(stream#1, 1)", "cuMemsetD8Async(memory#1+0, 7, 16, stream#1)",
            "cuLaunchKernel(step, 1 1 1, 32 1 1, 0, stream#1, extra NULL,)", "cuMemcpyDtoDAsync_v2(memory#2+0, memory#1+0, 16, stream#1)",
            "cuStreamEndCapture(stream#1)", "cuGraphInstantiateWithFlags(graph#1, 0)", "cuGraphDestroy(graph#1)",
        }));
        stream.CopyToHost<byte>(b, received);
        Assert.That(received, Is.All.EqualTo(1));

        Stub.TakeLog();
        graph.Launch(other);
        graph.Launch(stream);
        Assert.That(Stub.TakeLog(), Is.EqualTo(new[]
        {
            "cuGraphLaunch(exec#1 with 3 operations, stream#2)", "cuGraphLaunch(exec#1 with 3 operations, stream#1)",
        }));
        stream.CopyToHost<byte>(b, received);
        Assert.That(received, Is.All.EqualTo(7));
    }

    [Test]
    public void Capture_ActionThatThrows_EndsTheCaptureAndKeepsItsError()
    {
        using CudaStream stream = Context.CreateStream();
        Stub.TakeLog();

        Assert.That(() => stream.Capture(() => throw new FormatException("mine")),
            Throws.InstanceOf<FormatException>().With.Message.EqualTo("mine"));

        Assert.That(stream.IsCapturing, Is.False);
        Assert.That(Stub.TakeCalls(), Is.EqualTo(new[]
        {
            "cuStreamBeginCapture_v2(stream#1, 1)", "cuStreamEndCapture(stream#1)", "cuGraphDestroy(graph#1)",
        }));
        Assert.That(stream.Synchronize, Throws.Nothing);
    }

    [Test]
    public void Capture_RefusesWhatWaitsForTheDevice_BeforeItSpoilsTheCapture()
    {
        using CudaStream stream = Context.CreateStream();
        using CudaMemory memory = Context.Memory.Allocate(4);
        foreach (Action wrong in new Action[]
        {
            stream.Synchronize, () => stream.CopyToDevice<byte>(new byte[4], memory), () => stream.CopyToHost<byte>(memory, new byte[4]),
            () => stream.Capture(() => { }),
        })
        {
            Assert.That(() => stream.Capture(wrong), Throws.InvalidOperationException.With.Message.Contains("before or after Capture"));
            Assert.That(Stub.TakeCalls().TakeLast(3).Select(l => l[..l.IndexOf('(')]), Is.EqualTo(new[]
            {
                "cuStreamBeginCapture_v2", "cuStreamEndCapture", "cuGraphDestroy",
            }));
        }
    }

    [TestCase("cuStreamBeginCapture_v2")]
    [TestCase("cuStreamEndCapture")]
    [TestCase("cuGraphInstantiateWithFlags")]
    public void Capture_CallThatFails_LeavesTheStreamUsable(string call)
    {
        using CudaStream stream = Context.CreateStream();
        Stub.Fail(call, 1, 901);

        Assert.That(() => stream.Capture(() => { }), Throws.InstanceOf<CudaException>()
            .With.Property(nameof(CudaException.Call)).EqualTo(call)
            .And.Property(nameof(CudaException.Result)).EqualTo(CudaResult.StreamCaptureInvalidated));

        Assert.That(stream.IsCapturing, Is.False);
        Assert.That(stream.Synchronize, Throws.Nothing);
        Assert.That(Stub.Alive, Does.Not.Contain("graph").And.Not.Contain("exec"));
    }
}
