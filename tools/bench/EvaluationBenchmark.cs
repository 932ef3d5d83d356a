using System.Diagnostics;
using System.Text.Json;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Bench;

/// <summary>One evaluation of loss and gradient of Gatys 2016 (VGG-19 to conv5_1), timed: the same work as the peer script does.</summary>
internal static class EvaluationBenchmark
{
    /// <summary>Prints one line of JSON: median and minimum seconds, peak memory of the process.</summary>
    public static void Run(BenchOptions options)
    {
        using IDevice device = options.CreateDevice();
        using ConvNetwork network = new(device, RandomVgg19.Network());
        using StyleTransferObjective objective = new(network, RandomVgg19.Picture(options.Size, 1),
            [new StylePicture(RandomVgg19.Picture(options.Size, 2), 1)], ObjectiveSettings.Paper with { StyleWeight = 1 });
        long bytes = DeviceVector.BytesFor(objective.Length);
        using DeviceMemory memory = device.Allocate(2 * bytes);
        DeviceVector x = new(memory, 0, objective.Length), gradient = new(memory, bytes, objective.Length);
        Picture image = RandomVgg19.Picture(options.Size, 3);
        device.Upload(image.Samples, x);
        for (int i = 0; i < options.Warmup; i++) objective.Evaluate(x, gradient);
        double[] seconds = new double[options.Runs];
        for (int i = 0; i < seconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            double loss = objective.Evaluate(x, gradient);
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            if (!double.IsFinite(loss)) throw new InvalidOperationException($"the loss is {loss}");
        }
        using Process process = Process.GetCurrentProcess();
        Console.WriteLine(JsonSerializer.Serialize(new
        {
            device = device.Name,
            size = options.Size,
            threads = options.Threads,
            median_s = Median(seconds),
            min_s = seconds.Min(),
            runs = seconds.Select(s => Math.Round(s, 6)),
            peak_mib = Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            planned_mib = Math.Round(objective.Plan.Bytes / 1048576.0, 1),
        }));
    }

    /// <summary>The middle value; of an even number, the mean of the middle two.</summary>
    public static double Median(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
