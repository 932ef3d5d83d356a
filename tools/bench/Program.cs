using System.Globalization;
using GatysGpu.Bench;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
if (args is ["weights" or "weights-one", ..]) return WeightBenchmark.Run(args);
BenchOptions options;
try
{
    options = BenchOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
switch (options.Command)
{
    case "evaluate": EvaluationBenchmark.Run(options); return 0;
    case "layers": LayerBenchmark.Run(options); return 0;
    case "micro": MicroBenchmarks.Run(); return 0;
    case "shares": PeakShares.Run(); return 0;
    default:
        Console.Error.WriteLine("usage: bench weights|micro|shares|evaluate|layers [--size N] [--threads N] [--runs N] " +
            "[--warmup N] [--simd 512|256|128] [--convolution auto|direct|winograd2|winograd4]");
        return 2;
}

namespace GatysGpu.Bench
{
    /// <summary>What the command line asks for.</summary>
    internal sealed record BenchOptions(string Command, int Size, int Threads, int Runs, int Warmup, SimdWidth Width, ConvolutionAlgorithm Convolution)
    {
        public static BenchOptions Parse(string[] args)
        {
            BenchOptions options = new(args.Length > 0 ? args[0] : "", 512, Environment.ProcessorCount, 5, 2, SimdWidth.Widest, ConvolutionAlgorithm.Auto);
            for (int i = 1; i < args.Length; i += 2)
            {
                if (args[i] == "--convolution" && i + 1 < args.Length)
                {
                    options = options with { Convolution = Algorithm(args[i + 1]) };
                    continue;
                }
                if (i + 1 >= args.Length || !int.TryParse(args[i + 1], out int value) || value < 1)
                    throw new ArgumentException($"{args[i]}: expected a number of at least 1 after it");
                options = args[i] switch
                {
                    "--size" => options with { Size = value },
                    "--threads" => options with { Threads = value },
                    "--runs" => options with { Runs = value },
                    "--warmup" => options with { Warmup = value },
                    "--simd" => options with { Width = (SimdWidth)value },
                    _ => throw new ArgumentException($"{args[i]}: not an option"),
                };
            }
            return options;
        }

        /// <summary>The device that is asked for; the caller disposes of it.</summary>
        public IDevice CreateDevice() => HostDevice.Create(Threads, Width, Convolution);

        private static ConvolutionAlgorithm Algorithm(string word) => word switch
        {
            "auto" => ConvolutionAlgorithm.Auto,
            "direct" => ConvolutionAlgorithm.Direct,
            "winograd2" => ConvolutionAlgorithm.Winograd2x2,
            "winograd4" => ConvolutionAlgorithm.Winograd4x4,
            _ => throw new ArgumentException($"--convolution {word}: expected auto, direct, winograd2 or winograd4"),
        };
    }
}
