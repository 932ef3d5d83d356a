using System.Diagnostics;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Transfer;

/// <summary>Paints a content picture in the style of others: a pyramid of optimisations on one device.</summary>
public sealed class StyleTransfer
{
    private readonly IDevice device;
    private readonly TransferSettings settings;
    private readonly Picture content;
    private readonly IReadOnlyList<StylePicture> styles;
    private readonly IReadOnlyList<int> scales, iterations;
    private readonly string last;

    /// <summary>Checks the settings; nothing is computed yet.</summary>
    /// <param name="device">Where to compute; borrowed.</param>
    /// <param name="content">What to paint, of any size.</param>
    /// <param name="styles">How to paint it, with shares; at least one.</param>
    /// <param name="settings">Everything else.</param>
    /// <exception cref="ArgumentException">No style; an unknown layer; a network that ends too early and may not be completed.</exception>
    public StyleTransfer(IDevice device, Picture content, IReadOnlyList<StylePicture> styles, TransferSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Size, 1, nameof(settings.Size));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.FirstSize, 1, nameof(settings.FirstSize));
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Iterations, 1, nameof(settings.Iterations));
        if (styles.Count == 0) throw new ArgumentException("there is no style picture");
        if (settings.Initial == InitialImage.Picture && settings.InitialPicture is null) throw new ArgumentException("there is no picture to start from");
        (this.device, this.content, this.styles, this.settings) = (device, content, styles, settings);
        last = NetworkBuilder.LastLayer(settings.Objective);
        NetworkBuilder.CheckReaches(settings.Weights, last);
        // The last scale stays whatever it is: it is what was asked for, and where it is too small the error is about it.
        scales = [.. Pyramid.Scales(settings.Size, settings.FirstSize).SkipWhile(side => side < settings.Size && !IsLargeEnough(side))];
        iterations = Pyramid.Iterations(scales.Count, settings.Iterations);
    }

    /// <summary>What memory the process will need, told before anything is computed.</summary>
    public MemoryEstimate EstimateMemory() => MemoryEstimate.Of(device, content, styles, settings, scales.Zip(iterations));

    /// <summary>Runs the transfer.</summary>
    /// <param name="progress">Called after every iteration, on the calling thread; may be null.</param>
    /// <param name="cancellation">Stops after the running iteration, or while features are learned.</param>
    /// <exception cref="PictureTooSmallException">Nothing is left of a picture at the deepest layer.</exception>
    /// <exception cref="DeviceMemoryException">The device has too little memory.</exception>
    /// <exception cref="OptimizationException">The objective became NaN or infinite.</exception>
    public TransferResult Run(Action<TransferProgress>? progress = null, CancellationToken cancellation = default)
    {
        Stopwatch watch = Stopwatch.StartNew();
        Picture matched = settings.MatchColors
            ? ColorTransfer.Match(content, [.. styles.Select(s => s.Picture)], [.. styles.Select(s => s.Weight)])
            : content;
        Picture current = First(matched);
        double loss = double.NaN, work = 0, allWork = scales.Zip(iterations, Work).Sum();
        int allIterations = 0, allEvaluations = 0;
        for (int scale = 0; scale < scales.Count && !cancellation.IsCancellationRequested; scale++)
        {
            (int width, int height) = Resampler.FitSize(content.Width, content.Height, scales[scale]);
            Picture target = Resampler.Resize(matched, width, height);
            StylePicture[] scaled = [.. styles.Select(s => s with { Picture = StyleAt(s.Picture, scales[scale]) })];
            if (Build(target, scaled, cancellation) is not { } parameters) break;
            using ConvNetwork network = new(device, parameters);
            using StyleTransferObjective objective = new(network, target, scaled, settings.Objective);
            using DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(objective.Length));
            DeviceVector x = new(memory, 0, objective.Length);
            device.Upload(Resampler.Resize(current, width, height).Samples, x);
            using IOptimizer optimizer = MakeOptimizer(objective, x);
            Picture Snapshot() => Download(optimizer, width, height);

            Window window = new(settings.Tolerance);
            int evaluations = 0;
            for (int i = 1; i <= iterations[scale] && !cancellation.IsCancellationRequested; i++)
            {
                IterationResult result = optimizer.Step();
                (loss, allIterations, evaluations) = (result.Loss, allIterations + 1, result.Evaluations);
                bool stop = result.Converged || window.IsFlat(result.Loss);
                double done = (work + Work(scales[scale], stop ? iterations[scale] : i)) / allWork;
                progress?.Invoke(new TransferProgress(scale + 1, scales.Count, width, height, i, iterations[scale], result.Loss, result.GradientNorm,
                    result.Evaluations, [.. objective.Terms], done, watch.Elapsed, Snapshot));
                if (stop) break;
            }
            allEvaluations += evaluations;
            work += Work(scales[scale], iterations[scale]);
            current = Snapshot();
        }
        (int finalWidth, int finalHeight) = Resampler.FitSize(content.Width, content.Height, settings.Size);
        bool cancelled = cancellation.IsCancellationRequested;
        return new TransferResult(Resampler.Resize(current, finalWidth, finalHeight), loss, allIterations, allEvaluations, watch.Elapsed, cancelled);
    }

    /// <summary>The network of a scale; null where learning it was stopped.</summary>
    private NetworkParameters? Build(Picture target, StylePicture[] scaled, CancellationToken cancellation)
    {
        try
        {
            return NetworkBuilder.Build(device, settings, target, scaled, last, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    private static double Work(int side, int count) => (double)side * side * count;

    /// <summary>A style picture is brought to the scale's size, but never enlarged: it would only be blurred.</summary>
    private static Picture StyleAt(Picture style, int side)
    {
        (int width, int height) = StyleSize(style, side);
        return Resampler.Resize(style, width, height);
    }

    /// <summary>Size of a style picture at a scale.</summary>
    internal static (int Width, int Height) StyleSize(Picture style, int side) =>
        Resampler.FitSize(style.Width, style.Height, Math.Min(side, Math.Max(style.Width, style.Height)));

    /// <summary>Whether something is left of every picture at the last layer: long thin ones vanish at the first scales of a pyramid.</summary>
    private bool IsLargeEnough(int side)
    {
        int least = 1 << NetworkBuilder.PoolingsBefore(last);
        return styles.Where(s => s.Weight > 0).Select(s => StyleSize(s.Picture, side)).Append(Resampler.FitSize(content.Width, content.Height, side))
            .All(size => size.Width >= least && size.Height >= least);
    }

    private Picture First(Picture matched) => settings.Initial switch
    {
        InitialImage.Content => matched,
        InitialImage.Style => Resampler.Resize(styles[0].Picture, content.Width, content.Height),
        InitialImage.Picture => settings.InitialPicture!,
        _ => Noise(),
    };

    /// <summary>Uniform noise about middle grey at the first scale's size.</summary>
    private Picture Noise()
    {
        (int width, int height) = Resampler.FitSize(content.Width, content.Height, scales[0]);
        Picture noise = new(width, height);
        Random random = new(settings.Seed);
        for (int i = 0; i < noise.Samples.Length; i++) noise.Samples[i] = 127.5f + 64 * (random.NextSingle() - 0.5f);
        return noise;
    }

    private IOptimizer MakeOptimizer(StyleTransferObjective objective, DeviceVector x) => settings.Optimizer switch
    {
        OptimizerKind.Lbfgs => new LbfgsOptimizer(device, objective, x, new LbfgsOptions { History = settings.History, Bounds = Box.Pixels }),
        OptimizerKind.Adam => new AdamOptimizer(device, objective, x, new AdamOptions { Bounds = Box.Pixels }),
        _ => new GradientDescentOptimizer(device, objective, x, new GradientDescentOptions { Bounds = Box.Pixels }),
    };

    private Picture Download(IOptimizer optimizer, int width, int height)
    {
        Picture picture = new(width, height);
        device.Download(optimizer.Result, picture.Samples);
        return picture;
    }

    /// <summary>Watches whether the loss still falls.</summary>
    private sealed class Window(double tolerance)
    {
        private const int Length = 10;
        private readonly Queue<double> losses = new();

        public bool IsFlat(double loss)
        {
            losses.Enqueue(loss);
            return losses.Count > Length && losses.Dequeue() - loss < tolerance * Math.Abs(loss) && tolerance > 0;
        }
    }
}
