using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Network;
using GatysGpu.Tests.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Engine.Objective;

/// <summary>Evaluations that a device records and repeats: in the checker, which repeats launches with the arguments that were
/// recorded, they give the bits of plain ones; on the driver's stub they are one call.</summary>
[NonParallelizable]
public class RepeatedEvaluationTests
{
    private const int Width = 13, Height = 9;

    private static readonly Func<Action<string>, IDevice>[] Devices =
    [
        note => GpuDevice.CreateSimt(GpuPrecision.Tf32, note), note => GpuDevice.CreateSimt(GpuPrecision.Fp32, note),
        _ => HostDevice.Create(1),
    ];

    private static readonly string[] LaunchAndRead = ["cuGraphLaunch", "cuMemcpyDtoHAsync_v2", "cuStreamSynchronize"];

    [TestCaseSource(nameof(Devices))]
    public void Evaluate_ManyTimesInTheSameMemory_GivesTheBitsOfFirstEvaluations(Func<Action<string>, IDevice> make)
    {
        const int Pictures = 3, Evaluations = 10;
        List<string> notes = [];
        using IDevice device = make(notes.Add);
        using ConvNetwork network = new(device, SmallNetworks.Random(5, Padding.Reflect));
        using StyleTransferObjective objective = Objective(network);
        using Vectors repeated = new(device, objective.Length);
        Vectors[] own = [.. Enumerable.Range(0, Pictures).Select(_ => new Vectors(device, objective.Length))];
        (double Total, ObjectiveTerm[] Terms, float[] Gradient)[] first =
            [.. own.Select((v, p) => v.Evaluate(objective, Image(p), 0))];
        Assert.That(first.Select(f => f.Total), Is.Unique.And.All.GreaterThan(0));
        // Nothing is given back meanwhile, so that recordings stay valid.
        for (int i = 0; i < Evaluations; i++)
        {
            (double total, ObjectiveTerm[] terms, float[] gradient) = repeated.Evaluate(objective, Image(i % Pictures), i % 2);
            Assert.That(total, Is.EqualTo(first[i % Pictures].Total), $"evaluation {i}");
            Assert.That(terms, Is.EqualTo(first[i % Pictures].Terms), $"evaluation {i}");
            ArrayComparison.AssertIdentical($"gradient of evaluation {i}", first[i % Pictures].Gradient, gradient);
        }
        Assert.That(notes, Is.Empty, "a refused recording leaves plain runs, which give the same bits");
        foreach (Vectors vectors in own) vectors.Dispose();

        static Picture Image(int p) => SmallNetworks.Noise(Width, Height, 20 + p);
    }

    [Test]
    public void Evaluate_OnAGpu_IsPlainOnce_RecordedOnce_ThenOneLaunchForEachPairOfVectors()
    {
        using StubGpu gpu = new();
        using ConvNetwork network = new(gpu.Device, SmallNetworks.Random(5));
        StyleTransferObjective objective = Objective(network);
        using Vectors vectors = new(gpu.Device, objective.Length);
        gpu.Calls();
        for (int gradient = 0; gradient < 2; gradient++)
        {
            objective.Evaluate(vectors.X, vectors.Gradient(gradient));
            string[] plain = gpu.Calls();
            string[] launches = [.. plain.Where(c => c == "cuLaunchKernel")];
            Assert.That(launches, Has.Length.GreaterThan(20));
            Assert.That(plain, Has.None.Contains("Graph").And.None.Contains("Capture"));
            objective.Evaluate(vectors.X, vectors.Gradient(gradient));
            Assert.That(gpu.Calls(), Is.EqualTo(new[] { "cuStreamBeginCapture_v2" }.Concat(launches)
                .Concat(["cuStreamEndCapture", "cuGraphInstantiateWithFlags", "cuGraphDestroy", .. LaunchAndRead])));
        }
        for (int i = 0; i < 4; i++)
        {
            objective.Evaluate(vectors.X, vectors.Gradient(i % 2));
            Assert.That(gpu.Calls(), Is.EqualTo(LaunchAndRead));
        }
        Assert.That(gpu.Notes, Is.Empty);
        objective.Dispose();
        Assert.That(gpu.Calls().Where(c => c.StartsWith("cuGraph", StringComparison.Ordinal)),
            Is.EqualTo(new[] { "cuGraphExecDestroy", "cuGraphExecDestroy" }));
    }

    [Test]
    public void Evaluate_OfEverNewVectors_KeepsFewGraphs()
    {
        using StubGpu gpu = new();
        using ConvNetwork network = new(gpu.Device, SmallNetworks.Random(3));
        using StyleTransferObjective objective = Objective(network);
        List<Vectors> many = [];
        for (int i = 0; i < 9; i++)
        {
            many.Add(new Vectors(gpu.Device, objective.Length));
            for (int again = 0; again < 3; again++) objective.Evaluate(many[i].X, many[i].Gradient(0));
        }
        Assert.That(gpu.Stub.Alive.Split(' ').Count(o => o.StartsWith("exec#", StringComparison.Ordinal)), Is.EqualTo(4));
        foreach (Vectors vectors in many) vectors.Dispose();
    }

    private static StyleTransferObjective Objective(ConvNetwork network) => new(network, SmallNetworks.Noise(Width, Height, 1),
        [new StylePicture(SmallNetworks.Noise(Width + 4, Height, 2), 1)],
        new ObjectiveSettings(ObjectiveKind.Relative, [new("conv2_1", 1), new("conv1_1", 1)],
            [new("conv1_1", 1), new("conv2_1", 1)], 0.3, 1, 0.1));

    /// <summary>A picture and two gradients on a device.</summary>
    private sealed class Vectors(IDevice device, long length) : IDisposable
    {
        private readonly DeviceMemory memory = device.Allocate(3 * DeviceVector.BytesFor(length));

        public DeviceVector X => new(memory, 0, length);

        public DeviceVector Gradient(int i) => new(memory, (1 + i) * DeviceVector.BytesFor(length), length);

        public (double Total, ObjectiveTerm[] Terms, float[] Gradient) Evaluate(StyleTransferObjective objective,
            Picture image, int i)
        {
            float[] gradient = new float[length];
            device.Upload(image.Samples, X);
            device.Upload(gradient, Gradient(i));
            double total = objective.Evaluate(X, Gradient(i));
            device.Download(Gradient(i), gradient);
            return (total, [.. objective.Terms], gradient);
        }

        public void Dispose() => memory.Dispose();
    }

    /// <summary>The device on a driver without a GPU.</summary>
    private sealed class StubGpu : IDisposable
    {
        public StubGpu()
        {
            Stub = DriverStub.Fresh();
            Assert.That(CudaDriver.TryLoad(Stub.Path, out CudaDriver? driver, out string reason), reason);
            Context context = Context.Create(builder => builder.Cuda(driver!));
            Device = new GpuDevice(context.CreateCudaAccelerator(0), GpuPrecision.Tf32, context, Notes.Add);
        }

        public DriverStub Stub { get; }

        public GpuDevice Device { get; }

        public List<string> Notes { get; } = [];

        /// <summary>Names of the calls since the last time.</summary>
        public string[] Calls() => [.. Stub.TakeCalls().Select(c => c[..c.IndexOf('(')]).Where(c => c != "cuFuncGetAttribute")];

        public void Dispose()
        {
            Device.Dispose();
            Assert.That(Stub.Alive, Is.Empty, "what the driver still holds");
        }
    }
}
