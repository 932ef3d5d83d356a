namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Winograd's minimal filtering F(4×4, 3×3): 36 multiplications make 16 outputs of a 3×3 convolution that take 144 directly.</summary>
/// <remarks>
/// <para>Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A, with d a 6×6 patch of the input and Y the 4×4 outputs in its middle (Lavin, Gray, CVPR
/// 2016, Eq. 8). The matrices follow from the interpolation points 0, ±a, ±b, ∞ (Toom, Cook).</para>
/// <para>Differs from Lavin and Gray, who take a = 1, b = 2, because the error in float32 is less than half as large with
/// a = 5/8, b = 3/2, which are exact in binary; <c>WinogradErrorTests</c> measures it per layer.</para>
/// </remarks>
internal static class Winograd4x4
{
    /// <summary>Output positions of a tile along a side.</summary>
    public const int Outputs = 4;

    /// <summary>Input positions of a tile along a side.</summary>
    public const int Inputs = 6;

    /// <summary>Products of a tile and channel: 6².</summary>
    public const int Points = Inputs * Inputs;

    /// <summary>The point a.</summary>
    public const float A = 0.625f;

    /// <summary>The point b.</summary>
    public const float B = 1.5f;

    /// <summary>U = G g Gᵀ in float64.</summary>
    /// <param name="g">One 3×3 filter, row-major.</param>
    /// <param name="u">[6, 6]. Overwritten.</param>
    public static void TransformFilter(ReadOnlySpan<double> g, Span<double> u)
    {
        Span<double> rows = stackalloc double[Inputs * 3];
        for (int s = 0; s < 3; s++)
            for (int i = 0; i < Inputs; i++) rows[i * 3 + s] = Evaluate(i, g[s], g[3 + s], g[6 + s]);
        for (int i = 0; i < Inputs; i++)
            for (int j = 0; j < Inputs; j++) u[i * Inputs + j] = Evaluate(j, rows[i * 3], rows[i * 3 + 1], rows[i * 3 + 2]);
    }

    /// <summary>Row <paramref name="point"/> of G times (g0, g1, g2): the filter's polynomial at the point over Π (p − q).</summary>
    private static double Evaluate(int point, double g0, double g1, double g2)
    {
        const double a2 = (double)A * A, b2 = (double)B * B;
        double p = point switch { 1 => A, 2 => -A, 3 => B, 4 => -B, _ => 0 };
        double normal = point switch { 0 => a2 * b2, 1 or 2 => 2 * a2 * (a2 - b2), _ => 2 * b2 * (b2 - a2) };
        return point == 5 ? g2 : (g0 + p * g1 + p * p * g2) / normal;
    }
}
