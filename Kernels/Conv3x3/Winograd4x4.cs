using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>F(4×4, 3×3), points 0, ±a, ±b, ∞: 36 multiplications make 16 outputs that take 144 directly.</summary>
/// <remarks>Differs from Lavin and Gray, who take a = 1, b = 2, because the error in float32 is less than half as large with
/// a = 5/8, b = 3/2, which are exact in binary; <c>WinogradErrorTests</c> measures it per layer.</remarks>
internal readonly unsafe struct Winograd4x4 : IWinogradTile
{
    /// <summary>The point a.</summary>
    public const float A = 0.625f;

    /// <summary>The point b.</summary>
    public const float B = 1.5f;

    public static int Outputs => 4;

    public static int Inputs => 6;

    public static int Points => 36;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Filter<TSimd, TVector>(float* g, nint step, float* u, nint uStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        const double a = A, b = B, a2 = a * a, b2 = b * b;
        // 1 / Π (p − q) of 0, of ±a and of ±b.
        const double n0 = 1 / (a2 * b2), na = 1 / (2 * a2 * (a2 - b2)), nb = 1 / (2 * b2 * (b2 - a2));
        TVector g0 = TSimd.Load(g), g1 = TSimd.Load(g + step), g2 = TSimd.Load(g + 2 * step);
        TVector evenA = TSimd.MultiplyAdd(TSimd.Create((float)(a2 * na)), g2, TSimd.Multiply(TSimd.Create((float)na), g0));
        TVector evenB = TSimd.MultiplyAdd(TSimd.Create((float)(b2 * nb)), g2, TSimd.Multiply(TSimd.Create((float)nb), g0));
        TVector oddA = TSimd.Multiply(TSimd.Create((float)(a * na)), g1), oddB = TSimd.Multiply(TSimd.Create((float)(b * nb)), g1);
        TSimd.Store(TSimd.Multiply(TSimd.Create((float)n0), g0), u);
        TSimd.Store(TSimd.Add(evenA, oddA), u + uStep);
        TSimd.Store(TSimd.Subtract(evenA, oddA), u + 2 * uStep);
        TSimd.Store(TSimd.Add(evenB, oddB), u + 3 * uStep);
        TSimd.Store(TSimd.Subtract(evenB, oddB), u + 4 * uStep);
        TSimd.Store(g2, u + 5 * uStep);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Input<TSimd, TVector>(float* d, nint step, float* v, nint vStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        // x⁴ − (a²+b²)x² + a²b², then x(x±a)(x²−b²), x(x±b)(x²−a²), x(x²−a²)(x²−b²).
        const float a = A, b = B, a2 = a * a, b2 = b * b;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Output<TSimd, TVector>(float* m, nint step, float* y, nint yStep) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        const float a = A, b = B, a2 = a * a, b2 = b * b;
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
