using System.CommandLine;
using GatysGpu.Cli.Help;
using GatysGpu.Kernels.Devices;
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
            using IDevice device = HostDevice.Create();
            terminal.Output.WriteLine($"cpu   {device.Name}");
            return ExitCode.Ok;
        });
    }

    /// <summary>For the parser.</summary>
    public Command Command { get; }

    /// <summary>For the help.</summary>
    public HelpPage Page { get; } = new("gatys devices", [], [("gatys devices", "What --device and --threads take by default:")]);
}
