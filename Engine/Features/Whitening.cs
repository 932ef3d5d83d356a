using MathNet.Numerics.LinearAlgebra;

namespace GatysGpu.Engine.Features;

/// <summary>Mean and whitening of feature vectors: W = U (Λ + ε·λ_max)^(−1/2) Uᵀ for the covariance Σ = U Λ Uᵀ.</summary>
/// <param name="mean">μ, [C].</param>
/// <param name="matrix">W, [C, C], symmetric.</param>
internal sealed class Whitening(double[] mean, Matrix<double> matrix)
{
    /// <summary>μ, [C].</summary>
    public double[] Mean { get; } = mean;

    /// <summary>W, [C, C], symmetric.</summary>
    public Matrix<double> Matrix { get; } = matrix;

    /// <summary>Whitening of vectors with mean μ and second moments E[x·xᵀ].</summary>
    /// <param name="mean">μ, [C].</param>
    /// <param name="secondMoments">[C, C], symmetric.</param>
    /// <param name="regularisation">ε: directions of less than this share of the largest variance are not blown up.</param>
    public static Whitening From(double[] mean, double[] secondMoments, double regularisation)
    {
        int n = mean.Length;
        Matrix<double> covariance = Matrix<double>.Build.Dense(n, n, (i, j) => secondMoments[i * n + j] - mean[i] * mean[j]);
        var decomposition = covariance.Evd(Symmetricity.Symmetric);
        double[] values = [.. decomposition.EigenValues.Select(v => Math.Max(v.Real, 0))];
        // A picture of one colour has no variance at all; any positive floor gives it an arbitrary but finite whitening.
        double floor = Math.Max(regularisation * values.Max(), 1e-12);
        Matrix<double> u = decomposition.EigenVectors;
        Matrix<double> scaled = u.MapIndexed((_, j, v) => v / Math.Sqrt(values[j] + floor));
        return new Whitening(mean, scaled * u.Transpose());
    }
}
