using System.Globalization;

namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>An NVIDIA GPU of this machine.</summary>
/// <param name="Ordinal">Its number, from 0.</param>
/// <param name="Name">What it calls itself.</param>
/// <param name="MemoryBytes">Its memory.</param>
/// <param name="Major">Compute capability before the dot.</param>
/// <param name="Minor">Compute capability behind the dot.</param>
public sealed record GpuDeviceInfo(int Ordinal, string Name, long MemoryBytes, int Major, int Minor)
{
    /// <summary>Whether it can multiply in <see cref="GpuPrecision.Tf32"/>.</summary>
    public bool HasTf32 => Major >= 8;

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Name}, {MemoryBytes / (double)(1L << 30):0.#} GiB, compute capability {Major}.{Minor}{(HasTf32 ? "" : ", no TF32")}");
}
