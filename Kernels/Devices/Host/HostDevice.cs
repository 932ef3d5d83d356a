using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>Width of the vectors that the CPU device computes with.</summary>
public enum SimdWidth
{
    /// <summary>The widest that the processor has.</summary>
    Widest = 0,

    /// <summary>4 lanes: SSE, NEON.</summary>
    Bits128 = 128,

    /// <summary>8 lanes: AVX2.</summary>
    Bits256 = 256,

    /// <summary>16 lanes: AVX-512.</summary>
    Bits512 = 512,
}

/// <summary>Makes the CPU device.</summary>
public static class HostDevice
{
    /// <summary>A device that computes with SIMD on several threads.</summary>
    /// <param name="threads">At least 1; 0 takes as many as the process may use.</param>
    /// <param name="width">Vector width; results differ in rounding between widths, never between numbers of threads.</param>
    /// <param name="convolution">How to convolve feature maps, whatever their shape.</param>
    /// <exception cref="ArgumentOutOfRangeException">A negative number of threads.</exception>
    public static IDevice Create(int threads = 0, SimdWidth width = SimdWidth.Widest,
        ConvolutionAlgorithm convolution = ConvolutionAlgorithm.Auto)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(threads);
        if (threads == 0) threads = Environment.ProcessorCount;
        if (width == SimdWidth.Widest) width = WidestSupported;
        return width switch
        {
            SimdWidth.Bits512 => new HostDevice<Simd.Simd512, Vector512<float>>(threads, convolution),
            SimdWidth.Bits256 => new HostDevice<Simd.Simd256, Vector256<float>>(threads, convolution),
            SimdWidth.Bits128 => new HostDevice<Simd.Simd128, Vector128<float>>(threads, convolution),
            _ => throw new ArgumentOutOfRangeException(nameof(width), width, "not a vector width"),
        };
    }

    /// <summary>The widest vectors that this processor computes with in hardware.</summary>
    public static SimdWidth WidestSupported =>
        Vector512.IsHardwareAccelerated ? SimdWidth.Bits512 : Vector256.IsHardwareAccelerated ? SimdWidth.Bits256 : SimdWidth.Bits128;
}
