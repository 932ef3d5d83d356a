using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Tests.Engine;

/// <summary>The whole network, objective and gradient on the CPU device against PyTorch in float64.</summary>
[TestFixture(SimdWidth.Bits512)]
[TestFixture(SimdWidth.Bits256)]
[TestFixture(SimdWidth.Bits128)]
public class GoldenTests(SimdWidth width)
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Names))]
    public void Objective_MatchesPyTorchInFloat64(string name)
    {
        GoldenCase golden = new(name);
        Picture image = GoldenCase.Image;
        using IDevice device = HostDevice.Create(2, width);
        using ConvNetwork network = new(device, golden.Network());
        using StyleTransferObjective objective = new(network, GoldenCase.Content, [new StylePicture(GoldenCase.Style, 1)], golden.Settings);
        using DeviceMemory memory = device.Allocate(2 * DeviceVector.BytesFor(objective.Length));
        DeviceVector x = new(memory, 0, objective.Length), g = new(memory, DeviceVector.BytesFor(objective.Length), objective.Length);
        device.Upload(image.Samples, x);

        double total = objective.Evaluate(x, g);

        // float32 against float64: the issue asks for 1e-5 of every loss, and 1e-4 of the gradient in the L2 norm.
        Assert.That(total, Is.EqualTo(golden.Total).Within(1e-5 * golden.Total));
        foreach (ObjectiveTerm term in objective.Terms)
            Assert.That(term.Value, Is.EqualTo(golden.Term(term)).Within(1e-5 * golden.Term(term)), $"{term.Kind} {term.Layer}");
        float[] gradient = new float[objective.Length];
        device.Download(g, gradient);
        double[] expected = golden.Gradient;
        double relative = RelativeL2(expected, gradient);
        TestContext.Out.WriteLine($"{name}, {width}: loss {total / golden.Total - 1:E2}, gradient {relative:E2}");
        Assert.That(relative <= 1e-4, $"gradient: relative L2 error {relative:E2}");
    }

    private static double RelativeL2(double[] expected, float[] actual)
    {
        Assert.That(actual, Has.Length.EqualTo(expected.Length));
        double difference = 0, norm = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            difference += (actual[i] - expected[i]) * (actual[i] - expected[i]);
            norm += expected[i] * expected[i];
        }
        return Math.Sqrt(difference / norm);
    }
}
