namespace GatysGpu.Kernels.Devices.Host;

/// <summary>How the CPU device computes 3×3 convolutions between feature maps.</summary>
public enum ConvolutionAlgorithm
{
    /// <summary>By a fixed rule, the fastest for a map's shape.</summary>
    Auto,

    /// <summary>As defined: nine multiplications an output and channel.</summary>
    Direct,

    /// <summary>Winograd's F(2×2, 3×3): four.</summary>
    Winograd2x2,

    /// <summary>Winograd's F(4×4, 3×3): two and a quarter; the least exact.</summary>
    Winograd4x4,
}
