using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>The two transforms of <see cref="Winograd4x4"/> on a block of channels at once: a lane is a channel.</summary>
internal static unsafe class WinogradTransforms<TSimd, TVector>
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>V = Bᵀ d B.</summary>
    /// <param name="d">Patch, position (0, 0).</param>
    /// <param name="dRow">Floats from one patch row to the next; columns stand <c>Lanes</c> apart.</param>
    /// <param name="scratch">36 vectors.</param>
    /// <param name="v">Point 0. Overwritten.</param>
    /// <param name="vPoint">Floats from one of the 36 points to the next.</param>
    public static void Input(float* d, nint dRow, float* scratch, float* v, nint vPoint)
    {
        int lanes = TSimd.Lanes;
        for (int j = 0; j < 6; j++)
            Input1D(d + j * lanes, dRow, scratch + j * lanes, 6 * lanes);
        for (int i = 0; i < 6; i++)
            Input1D(scratch + i * 6 * lanes, lanes, v + i * 6 * vPoint, vPoint);
    }

    /// <summary>Y = Aᵀ m A, into 16 vectors, row-major.</summary>
    /// <param name="m">Point 0.</param>
    /// <param name="mPoint">Floats from one point to the next.</param>
    /// <param name="scratch">24 vectors.</param>
    /// <param name="y">16 vectors. Overwritten.</param>
    public static void Output(float* m, nint mPoint, float* scratch, float* y)
    {
        int lanes = TSimd.Lanes;
        for (int j = 0; j < 6; j++)
            Output1D(m + j * mPoint, 6 * mPoint, scratch + j * lanes, 6 * lanes);
        for (int i = 0; i < 4; i++)
            Output1D(scratch + i * 6 * lanes, lanes, y + i * 4 * lanes, lanes);
    }

    // Bᵀ d: (x⁴ − (a²+b²)x² + a²b²), then x(x±a)(x²−b²), x(x±b)(x²−a²), x(x²−a²)(x²−b²) as coefficient rows.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Input1D(float* d, nint step, float* v, nint vStep)
    {
        const float a = Winograd4x4.A, b = Winograd4x4.B, a2 = a * a, b2 = b * b;
        TVector d0 = TSimd.Load(d), d1 = TSimd.Load(d + step), d2 = TSimd.Load(d + 2 * step);
        TVector d3 = TSimd.Load(d + 3 * step), d4 = TSimd.Load(d + 4 * step), d5 = TSimd.Load(d + 5 * step);
        TVector sum = TSimd.Create(-(a2 + b2)), product = TSimd.Create(a2 * b2);
        TVector minusA2 = TSimd.Create(-a2), minusB2 = TSimd.Create(-b2);
        TVector evenA = TSimd.MultiplyAdd(minusB2, d2, d4), oddA = TSimd.MultiplyAdd(minusB2, d1, d3);
        TVector evenB = TSimd.MultiplyAdd(minusA2, d2, d4), oddB = TSimd.MultiplyAdd(minusA2, d1, d3);
        TSimd.Store(TSimd.MultiplyAdd(product, d0, TSimd.MultiplyAdd(sum, d2, d4)), v);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(a), oddA, evenA), v + vStep);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(-a), oddA, evenA), v + 2 * vStep);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(b), oddB, evenB), v + 3 * vStep);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(-b), oddB, evenB), v + 4 * vStep);
        TSimd.Store(TSimd.MultiplyAdd(product, d1, TSimd.MultiplyAdd(sum, d3, d5)), v + 5 * vStep);
    }

    // Aᵀ m: output i sums pointⁱ over the points; ∞ counts in the last only.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Output1D(float* m, nint step, float* y, nint yStep)
    {
        const float a = Winograd4x4.A, b = Winograd4x4.B, a2 = a * a, b2 = b * b;
        TVector m1 = TSimd.Load(m + step), m2 = TSimd.Load(m + 2 * step);
        TVector m3 = TSimd.Load(m + 3 * step), m4 = TSimd.Load(m + 4 * step);
        TVector sumA = TSimd.Add(m1, m2), differenceA = TSimd.Subtract(m1, m2);
        TVector sumB = TSimd.Add(m3, m4), differenceB = TSimd.Subtract(m3, m4);
        TSimd.Store(TSimd.Add(TSimd.Add(TSimd.Load(m), sumA), sumB), y);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(a), differenceA, TSimd.Multiply(TSimd.Create(b), differenceB)), y + yStep);
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(a2), sumA, TSimd.Multiply(TSimd.Create(b2), sumB)), y + 2 * yStep);
        TVector last = TSimd.MultiplyAdd(TSimd.Create(b2 * b), differenceB, TSimd.Load(m + 5 * step));
        TSimd.Store(TSimd.MultiplyAdd(TSimd.Create(a2 * a), differenceA, last), y + 3 * yStep);
    }
}
