using GatysGpu.Cli.Display;
using GatysGpu.Engine.Transfer;
using Spectre.Console;

namespace GatysGpu.Tests.Cli;

/// <summary>What is shown while a transfer runs.</summary>
public class ProgressTests
{
    [Test]
    public void PlainLines_AreEveryTenthAndEachScalesEnds()
    {
        StringWriter writer = new();
        new PlainProgress(writer).Show(show => Run(show, scales: 2, iterations: 25, secondsEach: 1));
        string[] lines = writer.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines.Select(l => l.Split(", ")[2]), Is.EqualTo(
            new[] { 1, 10, 20, 25, 1, 10, 20, 25 }.Select(i => $"iteration {i}/25")));
        Assert.That(lines[1], Is.EqualTo("scale 1/2, 64×48, iteration 10/25, loss 0.1, 1.00 it/s, 0:40 left"));
    }

    [Test]
    public void PlainLines_OfAFastRun_AreFew()
    {
        StringWriter writer = new();
        new PlainProgress(writer).Show(show => Run(show, scales: 1, iterations: 10_000, secondsEach: 0.001));
        // 10 s at two lines a second, and the first and last iteration.
        Assert.That(writer.ToString().Count(c => c == '\n'), Is.LessThanOrEqualTo(22));
    }

    [TestCase(0, "0:00")]
    [TestCase(0.2, "0:01")]
    [TestCase(59.5, "1:00")]
    [TestCase(3723, "1:02:03")]
    [TestCase(360000, "100:00:00")]
    public void Clock_RoundsUp(double seconds, string expected) => Assert.That(Pace.Clock(TimeSpan.FromSeconds(seconds)), Is.EqualTo(expected));

    [Test]
    public void TheRate_OfANewScale_ForgetsTheOldOne()
    {
        Pace pace = new();
        Run(pace.Add, scales: 1, iterations: 20, secondsEach: 1);
        Assert.That(pace.Rate, Is.EqualTo(1).Within(1e-9));
        pace.Add(At(scale: 2, iteration: 1, seconds: 30));
        Assert.That((pace.Rate, pace.Left), Is.EqualTo(((double?)null, (TimeSpan?)null)), "the first iteration's time holds the filters' learning");
        pace.Add(At(scale: 2, iteration: 2, seconds: 40));
        Assert.That(pace.Rate, Is.EqualTo(0.1).Within(1e-9));
        // 23 of 50 iterations are left, 10 s each.
        Assert.That(pace.Left!.Value.TotalSeconds, Is.EqualTo(230).Within(1e-6));
    }

    [Test]
    public void TheLiveBar_ShowsTheSameTextAndReturnsTheResult()
    {
        StringWriter writer = new();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = AnsiSupport.Yes, Interactive = InteractionSupport.Yes, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = 160;
        int result = new LiveProgress(console).Show(show => Run(show, scales: 1, iterations: 3, secondsEach: 1));
        Assert.That(result, Is.EqualTo(3));
        Assert.That(writer.ToString(), Does.Contain("100%").And.Contain("scale 1/1, 64×48, iteration 3/3, loss 0.33333, 1.00 it/s, 0:00 left"));
    }

    [Test]
    public void TheLiveBar_LetsFailuresThrough()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(new StringWriter()) });
        Assert.Throws<InvalidDataException>(() => new LiveProgress(console).Show<int>(_ => throw new InvalidDataException()));
    }

    private static int Run(Action<TransferProgress> show, int scales, int iterations, double secondsEach)
    {
        int done = 0;
        for (int scale = 1; scale <= scales; scale++)
            for (int i = 1; i <= iterations; i++)
                show(At(scale, i, ++done * secondsEach, scales, iterations));
        return done;
    }

    private static TransferProgress At(int scale, int iteration, double seconds, int scales = 2, int iterations = 25) => new(scale, scales, 64, 48,
        iteration, iterations, 1.0 / iteration, 1, iteration, [], ((scale - 1) * iterations + iteration) / (double)(scales * iterations),
        TimeSpan.FromSeconds(seconds), () => throw new NotSupportedException());
}
