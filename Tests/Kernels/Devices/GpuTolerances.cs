using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>How exact products on tensor cores are. TF32 has 10 bits of mantissa: a factor is off by at most 2⁻¹¹ = 4.9e-4 of
/// itself, a product by 9.8e-4; sums are float32.</summary>
/// <remarks>Each is null for a precision that is as exact as the fixture expects of any device.</remarks>
internal static class GpuTolerances
{
    /// <summary>Of nine products of one size, all rounded the same way: 9.8e-4 · 9 over the root of 9 squares.</summary>
    public static double? ConvolutionError(GpuPrecision precision) => precision == GpuPrecision.Tf32 ? 3e-3 : null;

    /// <summary>Roundings spread evenly: two factors of 2⁻¹¹/√3 each, 4e-4 of the root of the sum of squares.</summary>
    public static double? ConvolutionL2Error(GpuPrecision precision) => precision == GpuPrecision.Tf32 ? 6e-4 : null;

    /// <summary>Every product rounded the same way.</summary>
    public static double? ProductError(GpuPrecision precision) => precision == GpuPrecision.Tf32 ? 1e-3 : null;
}
