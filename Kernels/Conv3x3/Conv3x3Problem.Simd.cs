using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>What one convolution between blocked maps is told, whatever algorithm computes it.</summary>
internal unsafe struct Conv3x3Problem<TSimd, TVector, TEpilogue>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
    where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
{
    /// <summary>The input; only its shape where <see cref="IsUnpooled"/>.</summary>
    public BlockedMap X;

    /// <summary>The input, where it is a pooling's gradient that nobody stored.</summary>
    public UnpooledGradient<TSimd, TVector> Unpooled;
    public Padding Padding;

    /// <summary>The product D·F that is to stand in the output's memory before the epilogue adds to it, or none.</summary>
    public GramGradient<TSimd, TVector> Gram;

    /// <summary>From <see cref="Conv3x3Packing"/>, in the order of the algorithm.</summary>
    public float* Filters;
    public int OutputBlocks;

    /// <summary>Position of the input that the output domain's (0, 0) stands on: 0, or −1 with a ring around the map.</summary>
    public int Origin;
    public TEpilogue Epilogue;

    /// <summary>Whether the input is <see cref="Unpooled"/>.</summary>
    public readonly bool IsUnpooled => X.Start == null;

    public readonly int OutputHeight => X.Height - 2 * Origin;
    public readonly int OutputWidth => X.Width - 2 * Origin;
}
