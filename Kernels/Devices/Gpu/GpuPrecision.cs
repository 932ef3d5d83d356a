namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>How a GPU multiplies matrices: convolutions and Gram products. Everything else is float32, sums of losses
/// float64.</summary>
public enum GpuPrecision
{
    /// <summary>On tensor cores: factors rounded to 10 bits of mantissa, products and sums in float32. Needs compute capability
    /// 8.0.</summary>
    Tf32,

    /// <summary>Fused multiply-adds in float32.</summary>
    Fp32,
}
