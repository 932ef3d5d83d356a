using System.CommandLine;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide where to compute.</summary>
internal sealed class DeviceOptions
{
    private const int MostThreads = 256;

    private readonly Option<string> device = OptionOf.Value("--device", "auto|cpu", "Where to compute; 'gatys devices' lists what there is", "auto",
        "auto", ValueReader.Choice(("auto", "auto"), ("cpu", "cpu")));

    private readonly Option<int> threads = OptionOf.Value("--threads", "N", "Threads of the CPU. Their number does not change the picture",
        "all that the process may use", 0, ValueReader.Whole(1, MostThreads));

    private readonly Option<ConvolutionAlgorithm> convolution = OptionOf.Value("--convolution", "auto|direct|winograd2|winograd4",
        "How the CPU convolves. auto: the fastest for each layer's size, by a fixed rule; the others force one everywhere: as defined, or by Winograd's "
        + "F(2×2) or F(4×4)", "auto", ConvolutionAlgorithm.Auto,
        ValueReader.Choice(("auto", ConvolutionAlgorithm.Auto), ("direct", ConvolutionAlgorithm.Direct), ("winograd2", ConvolutionAlgorithm.Winograd2x2),
            ("winograd4", ConvolutionAlgorithm.Winograd4x4)));

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [device, threads, convolution];

    /// <summary>Makes the device; the caller disposes of it.</summary>
    public IDevice Create(ParseResult parsed) => HostDevice.Create(parsed.GetValue(threads), convolution: parsed.GetValue(convolution));
}
