using GatysGpu.Engine.Features;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Transfer;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Tests.Engine.Network;

namespace GatysGpu.Tests.Engine.Transfer;

/// <summary>Whole transfers, small ones: a narrow network and pictures of some forty pixels.</summary>
public class StyleTransferTests
{
    private static readonly Picture Content = SmallNetworks.Forms(50, 37, 1), Style = SmallNetworks.Noise(33, 41, 2);
    private static readonly ObjectiveSettings Shallow =
        new(ObjectiveKind.Relative, [new("conv2_1", 1)], [new("conv1_1", 1), new("conv2_1", 1)], 0.1, 1, 0);

    private static readonly TransferSettings Small = new()
    {
        Size = 40, FirstSize = 20, Iterations = 12, Objective = Shallow, Tolerance = 0, Seed = 5,
        Weights = new WeightChoice(SmallNetworks.Random(3, Padding.Reflect, Pooling.Average), null),
    };

    private IDevice? device;

    private IDevice Device => device!;

    [OneTimeSetUp]
    public void MakeDevice() => device = HostDevice.Create(2);

    [OneTimeTearDown]
    public void DisposeDevice() => device?.Dispose();

    [Test]
    public void Lbfgs_LossFallsWithEveryIterationOfEveryScale()
    {
        (TransferResult result, List<TransferProgress> progress) = Run(Small);
        Assert.That(progress.Select(p => (p.Scale, p.Width, p.Height)).Distinct(), Is.EqualTo(new[] { (1, 20, 15), (2, 40, 30) }));
        Assert.That(progress.GroupBy(p => p.Scale).Select(s => s.Count()), Is.EqualTo(new[] { 18, 12 }));
        for (int i = 1; i < progress.Count; i++)
            if (progress[i].Scale == progress[i - 1].Scale) Assert.That(progress[i].Loss, Is.LessThan(progress[i - 1].Loss), $"step {i}");
        Assert.That((result.Picture.Width, result.Picture.Height, result.Cancelled), Is.EqualTo((40, 30, false)));
        Assert.That(result.Loss, Is.EqualTo(progress[^1].Loss));
        AssertInRange(result.Picture);
    }

    [Test]
    public void Progress_CountsIterationsEvaluationsAndWork()
    {
        (TransferResult result, List<TransferProgress> progress) = Run(Small);
        Assert.That(result.Iterations, Is.EqualTo(30));
        // Evaluations are counted by each scale's optimiser; a line search may take several an iteration.
        Assert.That(result.Evaluations, Is.EqualTo(progress.GroupBy(p => p.Scale).Sum(s => s.Last().Evaluations)).And.GreaterThan(30));
        Assert.That(progress.Select(p => p.Done), Is.Ordered.Ascending.And.All.InRange(0, 1));
        Assert.That(progress[^1].Done, Is.EqualTo(1).Within(1e-9));
        Assert.That(progress.Select(p => p.Elapsed), Is.Ordered.Ascending);
        Assert.That(progress.All(p => p.Scales == 2 && p.Terms.Count == 3 && p.GradientNorm > 0));
        Assert.That(progress.Select(p => (p.Iteration, p.Iterations)), Is.EqualTo(
            Enumerable.Range(1, 18).Select(i => (i, 18)).Concat(Enumerable.Range(1, 12).Select(i => (i, 12)))));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void SameSeed_GivesTheSameBytes_WithAnyNumberOfThreads(bool learned)
    {
        TransferSettings settings = Small with
        {
            Initial = InitialImage.Noise, Iterations = 6,
            Weights = learned ? new WeightChoice(null, LearningSettings.Mixed with { WidthShare = 0.2 }) : Small.Weights,
        };
        float[] first = Run(settings).Result.Picture.Samples;
        ArrayComparison.AssertIdentical("again", first, Run(settings).Result.Picture.Samples);
        foreach (int threads in new[] { 1, 3 })
        {
            using IDevice other = HostDevice.Create(threads);
            ArrayComparison.AssertIdentical($"{threads} threads", first, Run(settings, on: other).Result.Picture.Samples);
        }
        Assert.That(Run(settings with { Seed = 6 }).Result.Picture.Samples, Is.Not.EqualTo(first), "another seed");
    }

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(7)]
    [TestCase(18)]
    [TestCase(23)]
    public void Cancelled_GivesAPictureOfTheFinalSize(int after)
    {
        using CancellationTokenSource source = new();
        if (after == 0) source.Cancel();
        int count = 0;
        TransferResult result = Transfer(Small).Run(_ => { if (++count == after) source.Cancel(); }, source.Token);
        Assert.That((result.Cancelled, count, result.Iterations), Is.EqualTo((true, after, after)));
        Assert.That((result.Picture.Width, result.Picture.Height), Is.EqualTo((40, 30)));
        AssertInRange(result.Picture);
    }

    [Test]
    public void Snapshot_IsThePictureOfThatMoment()
    {
        List<Picture> snapshots = [];
        TransferResult result = Transfer(Small).Run(p =>
        {
            snapshots.Add(p.Snapshot());
            Assert.That((snapshots[^1].Width, snapshots[^1].Height), Is.EqualTo((p.Width, p.Height)));
            AssertInRange(snapshots[^1]);
        });
        Assert.That(snapshots[0].Samples, Is.Not.EqualTo(snapshots[1].Samples));
        ArrayComparison.AssertIdentical("the last snapshot", result.Picture.Samples, snapshots[^1].Samples);
    }

    [TestCase(1, 128, new[] { 1 })]
    [TestCase(128, 128, new[] { 128 })]
    [TestCase(191, 128, new[] { 191 })]
    [TestCase(192, 128, new[] { 96, 192 })]
    [TestCase(512, 128, new[] { 128, 256, 512 })]
    [TestCase(1000, 128, new[] { 125, 250, 500, 1000 })]
    [TestCase(40, 1000, new[] { 40 })]
    public void Scales_HalveTheSize_DownToAboutTheFirst(int size, int first, int[] scales) =>
        Assert.That(Pyramid.Scales(size, first), Is.EqualTo(scales));

    [Test]
    public void Iterations_GrowByHalfTowardsTheSmallScales()
    {
        Assert.That(Pyramid.Iterations(3, 100), Is.EqualTo(new[] { 225, 150, 100 }));
        Assert.That(Pyramid.Iterations(1, 7), Is.EqualTo(new[] { 7 }));
        Assert.That(Pyramid.Iterations(4, 1), Is.All.AtLeast(1));
    }

    [Test]
    public void Initial_Picture_GoesOnWhereItWasLeft()
    {
        TransferSettings one = Small with { FirstSize = 40, MatchColors = false };
        (TransferResult first, _) = Run(one);
        (TransferResult second, List<TransferProgress> progress) =
            Run(one with { Initial = InitialImage.Picture, InitialPicture = first.Picture });
        Assert.That(progress[0].Loss, Is.LessThan(first.Loss));
        Assert.That(second.Loss, Is.LessThan(first.Loss));
        Assert.That(() => Transfer(one with { Initial = InitialImage.Picture }), Throws.ArgumentException.With.Message.Contains("picture"));
    }

    [Test]
    public void Initial_EveryKind_StartsElsewhereAndEndsNearTheSameLoss()
    {
        TransferSettings one = Small with { FirstSize = 40, Iterations = 80, MatchColors = false };
        Dictionary<InitialImage, (TransferResult Result, List<TransferProgress> Progress)> runs = [];
        foreach (InitialImage initial in new[] { InitialImage.Content, InitialImage.Style, InitialImage.Noise })
            runs[initial] = Run(one with { Initial = initial });
        double StyleTerms(InitialImage i) => runs[i].Progress[0].Terms.Where(t => t.Kind == "style").Sum(t => t.Value);
        double ContentTerm(InitialImage i) => runs[i].Progress[0].Terms.Single(t => t.Kind == "content").Value;
        Assert.That(StyleTerms(InitialImage.Style), Is.LessThan(0.5 * StyleTerms(InitialImage.Content)),
            "style terms of the first iteration");
        Assert.That(ContentTerm(InitialImage.Content), Is.LessThan(0.5 * ContentTerm(InitialImage.Style))
            .And.LessThan(0.5 * ContentTerm(InitialImage.Noise)));
        foreach ((InitialImage initial, (TransferResult result, _)) in runs)
        {
            TestContext.Out.WriteLine($"{initial}: {runs[initial].Progress[0].Loss:G4} to {result.Loss:G4}");
            // Not convex: other minima, but none much worse.
            Assert.That(result.Loss, Is.LessThan(1.5 * runs[InitialImage.Content].Result.Loss), $"{initial}");
        }
    }

    [TestCase(OptimizerKind.Lbfgs, 0.5)]
    [TestCase(OptimizerKind.Adam, 0.6)]
    [TestCase(OptimizerKind.GradientDescent, 0.8)]
    public void Optimizer_LowersTheLossOfTheContentPicture(OptimizerKind kind, double share)
    {
        TransferSettings settings = Small with { Optimizer = kind, FirstSize = 40, Iterations = 40, MatchColors = false };
        (TransferResult result, List<TransferProgress> progress) = Run(settings);
        // At the content picture the style terms are 1 each and content is 0.
        double reached = LossOf(settings, result.Picture);
        TestContext.Out.WriteLine($"{kind}: {progress[0].Loss:G4} to {reached:G4} in {result.Evaluations} evaluations");
        Assert.That(reached, Is.LessThan(share));
        AssertInRange(result.Picture);
    }

    [Test]
    public void Adam_WithTheDefaultTolerance_IsNotStoppedByItsOwnJitter()
    {
        double tolerance = new TransferSettings { Weights = Small.Weights }.Tolerance;
        TransferSettings settings = Small with { Optimizer = OptimizerKind.Adam, FirstSize = 40, Iterations = 60, Tolerance = tolerance };
        Assert.That(Run(settings).Result.Iterations, Is.EqualTo(60));
    }

    [Test]
    public void Tolerance_StopsAScaleThatNoLongerGains()
    {
        (TransferResult result, List<TransferProgress> progress) = Run(Small with { Tolerance = 0.2, Iterations = 100 });
        Assert.That(progress.GroupBy(p => p.Scale).Select(s => s.Count()), Is.All.InRange(10, 60));
        Assert.That(progress[^1].Done, Is.EqualTo(1).Within(1e-9));
        Assert.That(result.Cancelled, Is.False);
    }

    [Test]
    public void OddShapes_OneToForty_WorkWhereALayerIsLeftAndSaySoWhereNone()
    {
        (int Width, int Height)[] shapes = [(1, 1), (1, 40), (40, 1), (2, 3), (3, 2), (5, 31), (17, 4), (23, 19), (40, 39)];
        int painted = 0, refused = 0;
        foreach ((int width, int height) in shapes)
            foreach (int size in new[] { 1, 2, 3, 7, 16, 33, 40 })
                foreach (string layer in new[] { "conv1_2", "conv2_1" })
                {
                    TransferSettings settings = Small with
                    {
                        Size = size, FirstSize = 10, Iterations = 2,
                        Objective = Shallow with { ContentLayers = [new(layer, 1)], StyleLayers = [new("conv1_1", 1)] },
                    };
                    Picture content = SmallNetworks.Noise(width, height, 3);
                    (int w, int h) = Resampler.FitSize(width, height, size);
                    string what = $"{width}×{height} at {size}, {layer}";
                    bool fits = layer == "conv1_2" || (w >= 2 && h >= 2);
                    StyleTransfer transfer = new(Device, content, [new StylePicture(Style, 1)], settings);
                    if (!fits)
                    {
                        Assert.That(() => transfer.Run(), Throws.InstanceOf<PictureTooSmallException>(), what);
                        refused++;
                        continue;
                    }
                    TransferResult result = transfer.Run();
                    Assert.That((result.Picture.Width, result.Picture.Height), Is.EqualTo((w, h)), what);
                    AssertInRange(result.Picture);
                    painted++;
                }
        TestContext.Out.WriteLine($"{painted} painted, {refused} refused");
        Assert.That(painted + refused == 126 && refused > 20, $"{painted} painted, {refused} refused");
    }

    [Test]
    public void LongThinPicture_SkipsTheScalesAtWhichItWouldVanish()
    {
        // 40×4 keeps two rows at conv2_1; its half and quarter size would have one row or none.
        TransferSettings settings = Small with { FirstSize = 5, Size = 40, Iterations = 2 };
        (TransferResult result, List<TransferProgress> progress) = Run(settings, content: SmallNetworks.Forms(80, 8, 3));
        Assert.That(progress.Select(p => p.Width).Distinct(), Is.EqualTo(new[] { 20, 40 }));
        Assert.That((result.Picture.Width, result.Picture.Height), Is.EqualTo((40, 4)));
        // The same of a style: 40×4 is as it comes, smaller scales would leave less than two rows.
        (result, progress) = Run(settings with { Objective = Shallow with { StyleLayers = [new("conv2_1", 1)] } },
            style: SmallNetworks.Noise(40, 3, 3));
        Assert.That(progress.Select(p => Math.Max(p.Width, p.Height)).Distinct(), Is.EqualTo(new[] { 20, 40 }));
    }

    [Test]
    public void FlatPictures_WithLearnedFilters_GiveAPicture()
    {
        TransferSettings settings =
            Small with { Iterations = 4, Weights = new WeightChoice(null, LearningSettings.Mixed with { WidthShare = 0.1 }) };
        foreach (InitialImage initial in new[] { InitialImage.Content, InitialImage.Noise })
            foreach ((Picture content, Picture style) in new[] { (Flat(90), Flat(90)), (Flat(90), Flat(200)), (Flat(90), Style),
                (Content, Flat(200)), (Flat(0), Flat(0)), (Flat(255), Flat(0)) })
                AssertInRange(Run(settings with { Initial = initial }, content: content, style: style).Result.Picture);

        static Picture Flat(float value) => SmallNetworks.Flat(40, 30, value, value, value);
    }

    [Test]
    public void Complete_LearnsWhatAPartialNetworkLacks_AndWithoutPermissionRefusesAtOnce()
    {
        NetworkParameters partial = SmallNetworks.Random(2);
        TransferSettings settings =
            Small with { Iterations = 3, Weights = new WeightChoice(partial, LearningSettings.Mixed with { WidthShare = 0.1 }) };
        AssertInRange(Run(settings).Result.Picture);
        Assert.That(() => Transfer(settings with { Weights = new WeightChoice(partial, null) }),
            Throws.ArgumentException.With.Message.Contains("conv2_1"));
        Assert.That(() => Transfer(settings with { Weights = new WeightChoice(null, null) }), Throws.ArgumentException);
    }

    [Test]
    public void Settings_ThatMakeNoSense_AreRefusedBeforeAnythingRuns()
    {
        Assert.That(() => Transfer(Small with { Size = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Transfer(Small with { Iterations = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Transfer(Small with { FirstSize = 0 }), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => Transfer(Small with { Objective = Shallow with { ContentLayers = [new("conv9_1", 1)] } }),
            Throws.ArgumentException.With.Message.Contains("conv9_1"));
        Assert.That(() => new StyleTransfer(Device, Content, [], Small), Throws.ArgumentException.With.Message.Contains("style"));
    }

    private static void AssertInRange(Picture picture)
    {
        foreach (float v in picture.Samples)
            if (!(v >= 0 && v <= 255)) Assert.Fail($"a sample of {v}");
    }

    private double LossOf(TransferSettings settings, Picture picture)
    {
        Picture content = Resampler.Resize(Content, picture.Width, picture.Height);
        (int w, int h) = Resampler.FitSize(Style.Width, Style.Height, Math.Min(settings.Size, Math.Max(Style.Width, Style.Height)));
        return Objective.Evaluation.Of(Device, settings.Weights.Published!, content, [new(Resampler.Resize(Style, w, h), 1)],
            settings.Objective, picture).Total;
    }

    private StyleTransfer Transfer(TransferSettings settings, Picture? content = null, Picture? style = null, IDevice? on = null) =>
        new(on ?? Device, content ?? Content, [new StylePicture(style ?? Style, 1)], settings);

    private (TransferResult Result, List<TransferProgress> Progress) Run(TransferSettings settings, Picture? content = null,
        Picture? style = null, IDevice? on = null)
    {
        List<TransferProgress> progress = [];
        return (Transfer(settings, content, style, on).Run(progress.Add), progress);
    }
}
