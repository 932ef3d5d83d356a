using System.CommandLine;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Cli.Options;

/// <summary>The options that decide where to compute.</summary>
internal sealed class DeviceOptions
{
    private const int MostThreads = 256;

    private readonly Option<DeviceChoice> device = OptionOf.Value("--device", DeviceChoice.Allowed,
        "Where to compute; 'gatys devices' lists what there is. auto takes the first GPU with room for the painting, else the CPU; simt runs "
        + "the GPU's kernels on the CPU, slowly, and checks every access", "auto", new DeviceChoice(DeviceKind.Auto), DeviceChoice.Read);

    private readonly Option<GpuPrecision?> precision = OptionOf.Value<GpuPrecision?>("--precision", "tf32|fp32",
        "How a GPU multiplies: factors rounded to 10 bits of mantissa on tensor cores, or in full", "tf32 where there are tensor cores", null,
        text => ValueReader.Choice(("tf32", GpuPrecision.Tf32), ("fp32", GpuPrecision.Fp32))(text));

    private readonly Option<int> threads = OptionOf.Value("--threads", "N", "Threads of the CPU. Their number does not change the picture",
        "all that the process may use", 0, ValueReader.Whole(1, MostThreads));

    private readonly Option<ConvolutionAlgorithm> convolution = OptionOf.Value("--convolution", "auto|direct|winograd2|winograd4",
        "How the CPU convolves. auto: the fastest for each layer's size, by a fixed rule; the others force one everywhere: as defined, or by Winograd's "
        + "F(2×2) or F(4×4)", "auto", ConvolutionAlgorithm.Auto,
        ValueReader.Choice(("auto", ConvolutionAlgorithm.Auto), ("direct", ConvolutionAlgorithm.Direct), ("winograd2", ConvolutionAlgorithm.Winograd2x2),
            ("winograd4", ConvolutionAlgorithm.Winograd4x4)));

    /// <summary>All of them, as the help lists them.</summary>
    public IReadOnlyList<Option> All => [device, precision, threads, convolution];

    /// <summary>Makes the device; the caller disposes of it.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="terminal">Where a GPU that is passed over, or slower than it should be, is told of.</param>
    /// <param name="fits">Tries whether the work fits into a device's memory.</param>
    /// <exception cref="DeviceMemoryException">It does not fit into the device that was asked for, or into the CPU's memory.</exception>
    /// <exception cref="InputException">There is no such device.</exception>
    public IDevice Create(ParseResult parsed, Terminal terminal, Action<IDevice> fits)
    {
        DeviceChoice choice = parsed.GetValue(device);
        if (choice.Kind == DeviceKind.Auto && FirstGpu(parsed, terminal, fits) is { } gpu) return gpu;
        return Fitting(choice.Kind switch
        {
            DeviceKind.Cuda => Cuda(choice.Ordinal, parsed, terminal),
            DeviceKind.Simt => GpuDevice.CreateSimt(parsed.GetValue(precision) ?? GpuPrecision.Tf32),
            _ => HostDevice.Create(parsed.GetValue(threads), convolution: parsed.GetValue(convolution)),
        }, fits);
    }

    private IDevice? FirstGpu(ParseResult parsed, Terminal terminal, Action<IDevice> fits)
    {
        foreach (GpuDeviceInfo info in GpuDevice.CudaDevices)
        {
            try
            {
                return Fitting(Cuda(info.Ordinal, parsed, terminal), fits);
            }
            catch (Exception e) when (e is DeviceMemoryException or GpuUnavailableException or InputException)
            {
                terminal.Note($"cuda:{info.Ordinal} is passed over: {e.Message}");
            }
        }
        return null;
    }

    private GpuDevice Cuda(int ordinal, ParseResult parsed, Terminal terminal)
    {
        try
        {
            return GpuDevice.CreateCuda(ordinal, parsed.GetValue(precision), terminal.Note);
        }
        catch (GpuUnavailableException e)
        {
            throw new InputException($"--device cuda:{ordinal}: {e.Message}");
        }
    }

    private static IDevice Fitting(IDevice device, Action<IDevice> fits)
    {
        try
        {
            fits(device);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }
}
