using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>The transforms of a whole tile, on a block of channels at once: a lane is a channel (of a filter, its output channel).</summary>
internal static unsafe class WinogradTransforms<TTile, TSimd, TVector>
    where TTile : IWinogradTile
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>U = G g Gᵀ.</summary>
    /// <param name="g">[3, 3] vectors, row-major.</param>
    /// <param name="gStep">Floats from one tap to the next.</param>
    /// <param name="scratch">3·n vectors.</param>
    /// <param name="u">Point 0. Overwritten.</param>
    /// <param name="uPoint">Floats from one of the n² points to the next.</param>
    public static void Filter(float* g, nint gStep, float* scratch, float* u, nint uPoint)
    {
        int lanes = TSimd.Lanes;
        for (int s = 0; s < 3; s++)
            TTile.Filter<TSimd, TVector>(g + s * gStep, 3 * gStep, scratch + s * lanes, 3 * lanes);
        for (int i = 0; i < TTile.Inputs; i++)
            TTile.Filter<TSimd, TVector>(scratch + i * 3 * lanes, lanes, u + i * TTile.Inputs * uPoint, uPoint);
    }

    /// <summary>V = Bᵀ d B.</summary>
    /// <param name="d">Patch, position (0, 0).</param>
    /// <param name="dRow">Floats from one patch row to the next; columns stand <c>Lanes</c> apart.</param>
    /// <param name="scratch">n² vectors.</param>
    /// <param name="v">Point 0. Overwritten.</param>
    /// <param name="vPoint">Floats from one of the n² points to the next.</param>
    public static void Input(float* d, nint dRow, float* scratch, float* v, nint vPoint)
    {
        int lanes = TSimd.Lanes;
        for (int j = 0; j < TTile.Inputs; j++)
            TTile.Input<TSimd, TVector>(d + j * lanes, dRow, scratch + j * lanes, TTile.Inputs * lanes);
        for (int i = 0; i < TTile.Inputs; i++)
            TTile.Input<TSimd, TVector>(scratch + i * TTile.Inputs * lanes, lanes, v + i * TTile.Inputs * vPoint, vPoint);
    }

    /// <summary>Y = Aᵀ M A, into m² vectors, row-major.</summary>
    /// <param name="m">Point 0.</param>
    /// <param name="mPoint">Floats from one point to the next.</param>
    /// <param name="scratch">m·n vectors.</param>
    /// <param name="y">m² vectors. Overwritten.</param>
    public static void Output(float* m, nint mPoint, float* scratch, float* y)
    {
        int lanes = TSimd.Lanes;
        for (int j = 0; j < TTile.Inputs; j++)
            TTile.Output<TSimd, TVector>(m + j * mPoint, TTile.Inputs * mPoint, scratch + j * lanes, TTile.Inputs * lanes);
        for (int i = 0; i < TTile.Outputs; i++)
            TTile.Output<TSimd, TVector>(scratch + i * TTile.Inputs * lanes, lanes, y + i * TTile.Outputs * lanes, lanes);
    }
}
