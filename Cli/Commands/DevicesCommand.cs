using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Cli.Commands;

/// <summary><c>gatys devices</c>: what there is to compute with.</summary>
internal sealed class DevicesCommand
{
    public DevicesCommand(Terminal terminal)
    {
        Command = new Command("devices", "Lists what there is to compute with; --device takes the first word.");
        Command.SetAction(_ =>
        {
            using IDevice host = HostDevice.Create();
            Say("cpu", host.Name);
            foreach (GpuDeviceInfo gpu in GpuDevice.CudaDevices) Say($"cuda:{gpu.Ordinal}", gpu.ToString());
            Say("simt", "checker: the GPU's kernels on the CPU, slowly, every access checked");
            return ExitCode.Ok;

            void Say(string word, string what) => terminal.Output.WriteLine($"{word,-8}{what}");
        });
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } = new("gatys devices", [], [("gatys devices", "What --device can take here:")]);
}
