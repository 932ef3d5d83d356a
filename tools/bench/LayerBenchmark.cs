using System.Diagnostics;
using GatysGpu.Engine.Network;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Bench;

/// <summary>Every convolution and Gram matrix of VGG-19 alone: GFLOP/s as if computed directly, and the share of the processor's peak.</summary>
internal static class LayerBenchmark
{
    /// <summary>Prints a table.</summary>
    public static void Run(BenchOptions options)
    {
        using IDevice device = options.CreateDevice();
        double peak = PeakBenchmark.GigaFlops(options.Threads);
        Console.WriteLine($"{device.Name}; FMA peak measured: {peak:F0} GFLOP/s; picture {options.Size}×{options.Size}");
        Console.WriteLine($"{"layer",-9}{"C",5}{"K",5}{"H=W",6}{"forward ms",12}{"GFLOP/s",9}{"of peak",9}{"backward ms",13}{"GFLOP/s",9}{"of peak",9}{"Gram ms",9}{"its dF ms",10}");
        NetworkParameters network = RandomVgg19.Network();
        int side = options.Size;
        double sum = 0;
        foreach (NetworkLayer layer in network.Layers.Skip(1))
        {
            if (layer.FollowsPooling) side /= 2;
            sum += RunLayer(device, layer, side, options, peak);
        }
        Console.WriteLine($"all convolutions but conv1_1: {sum * 1e3:F1} ms");
    }

    private static double RunLayer(IDevice device, NetworkLayer layer, int side, BenchOptions options, double peak)
    {
        Conv3x3Parameters parameters = new(layer.Outputs, layer.Inputs, layer.Filters, layer.Biases);
        using Conv3x3Weights weights = device.PrepareConv3x3(parameters);
        using DeviceMemory inputs = device.Allocate(device.FeatureMapBytes(layer.Inputs, side, side));
        using DeviceMemory outputs = device.Allocate(2 * device.FeatureMapBytes(layer.Outputs, side, side));
        using DeviceMemory bits = device.Allocate(device.ReluBitsBytes(layer.Outputs, side, side) + device.ReluBitsBytes(layer.Inputs, side, side));
        using DeviceMemory gram = device.Allocate(DeviceVector.BytesFor((long)layer.Outputs * layer.Outputs));
        FeatureMap x = new(inputs, 0, layer.Inputs, side, side), y = new(outputs, 0, layer.Outputs, side, side);
        FeatureMap dY = y with { Offset = device.FeatureMapBytes(layer.Outputs, side, side) };
        DeviceVector g = new(gram, 0, (long)layer.Outputs * layer.Outputs);
        Random random = new(1);
        float[] values = new float[(long)layer.Inputs * side * side];
        for (int i = 0; i < values.Length; i++) values[i] = MathF.Max(0, random.NextSingle() - 0.4f);
        device.Upload(values, x);
        DeviceBytes reluY = new(bits, 0), reluX = new(bits, device.ReluBitsBytes(layer.Outputs, side, side));
        double forward = Time(options, () => device.Conv3x3Forward(x, weights, y, reluY));
        double backward = Time(options, () => device.Conv3x3BackwardInput(y, weights, x, reluX, accumulate: false));
        double product = Time(options, () => device.Gram(y, g)), gradient = Time(options, () => device.GramBackward(g, y, dY, accumulate: false));
        double work = 2e-9 * 9 * layer.Inputs * layer.Outputs * side * side;
        Console.WriteLine($"{layer.Name,-9}{layer.Inputs,5}{layer.Outputs,5}{side,6}{forward * 1e3,12:F2}{work / forward,9:F0}{work / forward / peak,9:P0}" +
            $"{backward * 1e3,13:F2}{work / backward,9:F0}{work / backward / peak,9:P0}{product * 1e3,9:F2}{gradient * 1e3,10:F2}");
        return forward + backward;
    }

    private static double Time(BenchOptions options, Action operation)
    {
        for (int i = 0; i < options.Warmup; i++) operation();
        double[] seconds = new double[options.Runs];
        for (int i = 0; i < seconds.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            operation();
            seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return EvaluationBenchmark.Median(seconds);
    }
}
