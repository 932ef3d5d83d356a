using GatysGpu.Cli;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Cli;

/// <summary>Which exception leads to which exit code.</summary>
public class FailureTests
{
    private static IEnumerable<TestCaseData> Failures()
    {
        yield return Case(new InputException("--size"), 2);
        yield return Case(new PictureException("a.png", "is damaged"), 2);
        yield return Case(new PictureTooSmallException(1, 2, "conv5_1"), 2);
        yield return Case(new WeightException("a.pth", "is damaged", "Get it again."), 2);
        yield return Case(new OptimizationException("NaN"), 2);
        yield return Case(new IOException("the disk is full"), 2);
        yield return Case(new UnauthorizedAccessException("no"), 2);
        yield return Case(new DeviceMemoryException("too little"), 3);
        yield return Case(new OutOfMemoryException(), 3);
        yield return Case(new PictureException("a.png", "too large", new OutOfMemoryException()), 3);
        yield return Case(new AggregateException(new OutOfMemoryException()), 3);
        yield return Case(new ArgumentException("a shape"), 1);
        yield return Case(new NullReferenceException(), 1);
    }

    [TestCaseSource(nameof(Failures))]
    public void Report_OneLine_UnlessItIsADefect(Exception failure, int code)
    {
        StringWriter error = new();
        Assert.That(Failure.Report(failure, error), Is.EqualTo(code));
        string[] lines = error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines[0], Does.StartWith("gatys: "));
        if (code != 1) Assert.That(lines, Has.Length.EqualTo(1));
        else Assert.That(lines[1], Does.Contain("Please report it"));
    }

    private static TestCaseData Case(Exception failure, int code) => new TestCaseData(failure, code).SetArgDisplayNames(failure.GetType().Name, $"{code}");
}
