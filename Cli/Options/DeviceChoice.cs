using System.Globalization;

namespace GatysGpu.Cli.Options;

/// <summary>Kinds of devices.</summary>
internal enum DeviceKind
{
    /// <summary>The first GPU in which the painting has room, else the CPU.</summary>
    Auto,

    /// <summary>The CPU.</summary>
    Cpu,

    /// <summary>An NVIDIA GPU.</summary>
    Cuda,

    /// <summary>The checker, which runs the GPU's kernels on the CPU.</summary>
    Simt,
}

/// <summary>Value of <c>--device</c>.</summary>
/// <param name="Kind">What is asked for.</param>
/// <param name="Ordinal">Which GPU, from 0; 0 for other kinds.</param>
internal readonly record struct DeviceChoice(DeviceKind Kind, int Ordinal = 0)
{
    /// <summary>What may be asked for, as the help says it.</summary>
    public const string Allowed = "auto|cuda|cuda:N|cpu|simt";

    /// <summary>Reads the option's value.</summary>
    /// <exception cref="FormatException">It is none of <see cref="Allowed"/>.</exception>
    public static DeviceChoice Read(string text)
    {
        if (Is("auto")) return new DeviceChoice(DeviceKind.Auto);
        if (Is("cpu")) return new DeviceChoice(DeviceKind.Cpu);
        if (Is("simt")) return new DeviceChoice(DeviceKind.Simt);
        if (Is("cuda")) return new DeviceChoice(DeviceKind.Cuda);
        const string Numbered = "cuda:";
        if (text.StartsWith(Numbered, StringComparison.OrdinalIgnoreCase)
            && int.TryParse(text.AsSpan(Numbered.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
            return new DeviceChoice(DeviceKind.Cuda, ordinal);
        throw new FormatException("expected auto, cuda, cuda:0 and so on, cpu or simt");

        bool Is(string word) => text.Equals(word, StringComparison.OrdinalIgnoreCase);
    }
}
