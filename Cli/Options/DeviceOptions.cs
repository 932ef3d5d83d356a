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

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [device, threads];

    /// <summary>Makes the device; the caller disposes of it.</summary>
    public IDevice Create(ParseResult parsed) => HostDevice.Create(parsed.GetValue(threads));
}
