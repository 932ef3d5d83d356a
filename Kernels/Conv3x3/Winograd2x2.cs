using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>F(2×2, 3×3), points 0, ±1, ∞: 16 multiplications make 4 outputs that take 36 directly.</summary>
/// <remarks>Less is saved than with <see cref="Winograd4x4"/>, and less is lost: all of its coefficients are 0, ±1 or ½.</remarks>
internal readonly unsafe struct Winograd2x2 : IWinogradTile
{
    public static int Outputs => 2;

    public static int Inputs => 4;

    public static int Points => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<TSimd, TVector>(float* g, nint step, float* u, nint uStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        TVector g0 = TSimd.Load(g), g1 = TSimd.Load(g + step), g2 = TSimd.Load(g + 2 * step), half = TSimd.Create(0.5f);
        TVector even = TSimd.Multiply(half, TSimd.Add(g0, g2)), odd = TSimd.Multiply(half, g1);
        TSimd.Store(TSimd.Subtract(TSimd.Zero, g0), u);
        TSimd.Store(TSimd.Add(even, odd), u + uStep);
        TSimd.Store(TSimd.Subtract(even, odd), u + 2 * uStep);
        TSimd.Store(g2, u + 3 * uStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVector>(float* d, nint step, float* v, nint vStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        // x² − 1, x(x+1), x(x−1), x(x²−1).
        TVector d0 = TSimd.Load(d), d1 = TSimd.Load(d + step), d2 = TSimd.Load(d + 2 * step), d3 = TSimd.Load(d + 3 * step);
        TSimd.Store(TSimd.Subtract(d2, d0), v);
        TSimd.Store(TSimd.Add(d2, d1), v + vStep);
        TSimd.Store(TSimd.Subtract(d2, d1), v + 2 * vStep);
        TSimd.Store(TSimd.Subtract(d3, d1), v + 3 * vStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVector>(float* m, nint step, float* y, nint yStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        TVector m1 = TSimd.Load(m + step), m2 = TSimd.Load(m + 2 * step);
        TSimd.Store(TSimd.Add(TSimd.Load(m), TSimd.Add(m1, m2)), y);
        TSimd.Store(TSimd.Add(TSimd.Subtract(m1, m2), TSimd.Load(m + 3 * step)), y + yStep);
    }
}
