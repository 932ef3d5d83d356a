using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>A painting on the GPU's kernels, run by the checker, beside the CPU's.</summary>
public class GpuStylizeTests() : TwoPictureTests((32, 32), (32, 32))
{
    // Two iterations of L-BFGS from the same picture. In full precision sums of some thousand products differ by their order,
    // about 1e-6 of a step of up to tens of levels: one step of the 16-bit file, 0.004, was seen. With factors of 10 bits, 0.06
    // was seen.
    [TestCase("fp32", 0.02f)]
    [TestCase("tf32", 0.3f)]
    public void TheChecker_PaintsWhatTheCpuPaints(string precision, float tolerance)
    {
        Picture cpu = Painted("cpu", precision), simt = Painted("simt", precision);
        float[] start = [.. PictureFile.Read(Content).Samples];
        Assert.That(cpu.Samples.Length, Is.EqualTo(3 * 32 * 32));
        Assert.That(LargestDifference(cpu.Samples, start), Is.GreaterThan(5), "the painting is not the content");
        Assert.That(LargestDifference(simt.Samples, cpu.Samples), Is.LessThanOrEqualTo(tolerance), "levels of 0 to 255");
    }

    [Test]
    public void ADeviceThatIsNotThere_IsRefusedWithTheReason()
    {
        GatysRun run = GatysRun.Of(Arguments("cuda:99", "fp32"));
        run.Refused("--device cuda:99: ");
    }

    private Picture Painted(string device, string precision)
    {
        GatysRun.Of(Arguments(device, precision)).Succeeded();
        return PictureFile.Read(Folder.File($"{device}.png"));
    }

    // 16 bits a channel, so that the file rounds next to nothing away.
    private string[] Arguments(string device, string precision) =>
    [
        "stylize", Content, Style, "-o", Folder.File($"{device.Replace(':', '_')}.png"),
        "--device", device, "--precision", precision, "--size", "32", "--iterations", "2", "--weights", "random",
        "--bit-depth", "16",
        "--init", "content", "--match-colors", "off", "--content-layers", "conv2_2",
        "--style-layers", "conv1_1,conv1_2,conv2_1,conv3_1", "--tv-weight", "0.01",
    ];

    private static float LargestDifference(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float largest = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = Math.Abs(a[i] - b[i]);
            // Written so that NaN is the largest of all.
            if (!(difference <= largest)) largest = difference;
        }
        return largest;
    }
}
