using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Kernels.Gpu;

/// <summary>How long a launch takes.</summary>
/// <param name="Seconds">Median of the samples.</param>
/// <param name="Spread">Distance of the quartiles over the median.</param>
/// <param name="Samples">How many there were.</param>
/// <param name="LaunchesOfASample">A sample is the mean of so many launches, one behind the other.</param>
public readonly record struct LaunchTime(double Seconds, double Spread, int Samples, int LaunchesOfASample)
{
    /// <summary>Median and quartiles of some samples.</summary>
    internal static LaunchTime Of(double[] seconds, int launchesOfASample)
    {
        double[] sorted = [.. seconds.Order()];
        int last = sorted.Length - 1;
        double median = (sorted[last / 2] + sorted[(last + 1) / 2]) / 2;
        return new LaunchTime(median, (sorted[last - last / 4] - sorted[last / 4]) / median, sorted.Length, launchesOfASample);
    }
}

/// <summary>Measures how long launches take.</summary>
internal abstract class LaunchTimer
{
    /// <summary>Times a launch that has no other effect on the next one than to leave data in the caches.</summary>
    public abstract LaunchTime Measure(Action launch);
}

/// <summary>By events in the stream of a GPU, which are set behind each other on the device itself.</summary>
/// <remarks>Short kernels are launched many times a sample, recorded as one graph, so that neither the clock's half microsecond
/// nor the host counts.</remarks>
internal sealed class CudaLaunchTimer(CudaAccelerator accelerator) : LaunchTimer
{
    private const int Samples = 9, WarmUps = 2, MostLaunches = 200;
    private const double SampleMilliseconds = 2;

    public override LaunchTime Measure(Action launch)
    {
        using CudaEvent start = accelerator.Cuda.CreateEvent(), end = accelerator.Cuda.CreateEvent();
        // The first one loads the module; the clock rises with the work.
        for (int i = 0; i < WarmUps; i++) launch();
        double once = Milliseconds(launch);
        int launches = (int)Math.Clamp(Math.Ceiling(SampleMilliseconds / Math.Max(once, 1e-3)), 1, MostLaunches);
        using CapturedGraph graph = accelerator.Capture(() =>
        {
            for (int i = 0; i < launches; i++) launch();
        });
        graph.Launch();
        double[] seconds = new double[Samples];
        for (int s = 0; s < Samples; s++) seconds[s] = Milliseconds(graph.Launch) / launches / 1e3;
        return LaunchTime.Of(seconds, launches);

        double Milliseconds(Action work)
        {
            CudaStream stream = accelerator.StreamOf(accelerator.DefaultStream);
            start.Record(stream);
            work();
            end.Record(stream);
            return end.MillisecondsSince(start);
        }
    }
}
