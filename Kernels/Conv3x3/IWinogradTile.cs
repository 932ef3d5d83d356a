using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

// Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A          d: a patch of n×n inputs, g: a 3×3 filter, Y: the m×m outputs in the patch's middle, n = m + 2
//
// n interpolation points, the last of them ∞; for the others, q running over the other finite points (Toom, Cook):
//   G[p, r]  = pʳ / Π (p − q)                 r = 0 … 2; row ∞ is 0 0 1
//   Bᵀ[p, ·] = coefficients of Π (x − q)      lowest power first; row ∞ multiplies over all finite points
//   Aᵀ[i, p] = pⁱ                             column ∞ is 1 in the last row, else 0

/// <summary>Winograd's minimal filtering F(m×m, 3×3) by its three transforms along one side of a tile; along the other side they are
/// the same. Lavin, Gray, CVPR 2016, Eq. 8.</summary>
internal unsafe interface IWinogradTile
{
    /// <summary>m, output positions of a tile along a side.</summary>
    static abstract int Outputs { get; }

    /// <summary>n = m + 2, input positions of a tile along a side.</summary>
    static abstract int Inputs { get; }

    /// <summary>n², products of a tile and channel.</summary>
    static abstract int Points { get; }

    /// <summary>n vectors of G g.</summary>
    /// <param name="g">Three vectors.</param>
    /// <param name="step">Floats from one vector to the next.</param>
    /// <param name="u">Overwritten.</param>
    /// <param name="uStep">Floats from one vector to the next.</param>
    static abstract void Filter<TSimd, TVector>(float* g, nint step, float* u, nint uStep) where TSimd : ISimd<TVector> where TVector : unmanaged;

    /// <summary>n vectors of Bᵀ d.</summary>
    /// <param name="d">n vectors.</param>
    /// <param name="step">Floats from one vector to the next.</param>
    /// <param name="v">Overwritten.</param>
    /// <param name="vStep">Floats from one vector to the next.</param>
    static abstract void Input<TSimd, TVector>(float* d, nint step, float* v, nint vStep) where TSimd : ISimd<TVector> where TVector : unmanaged;

    /// <summary>m vectors of Aᵀ M.</summary>
    /// <param name="m">n vectors.</param>
    /// <param name="step">Floats from one vector to the next.</param>
    /// <param name="y">Overwritten.</param>
    /// <param name="yStep">Floats from one vector to the next.</param>
    static abstract void Output<TSimd, TVector>(float* m, nint step, float* y, nint yStep) where TSimd : ISimd<TVector> where TVector : unmanaged;
}
