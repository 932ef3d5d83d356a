using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>What one convolution between blocked maps is told, whatever algorithm computes it.</summary>
internal unsafe struct Conv3x3Problem<TVector, TEpilogue>
    where TVector : unmanaged
    where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
{
    public BlockedMap X;
    public Padding Padding;

    /// <summary>From <see cref="Conv3x3Packing"/>, in the order of the algorithm.</summary>
    public float* Filters;
    public int OutputBlocks;

    /// <summary>Position of the input that the output domain's (0, 0) stands on: 0, or −1 with a ring around the map.</summary>
    public int Origin;
    public TEpilogue Epilogue;

    public readonly int OutputHeight => X.Height - 2 * Origin;
    public readonly int OutputWidth => X.Width - 2 * Origin;
}
