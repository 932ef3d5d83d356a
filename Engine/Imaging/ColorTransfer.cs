using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Factorization;

namespace GatysGpu.Engine.Imaging;

/// <summary>Gives a picture the colours of another: the linear Monge-Kantorovich map of their means and covariances.</summary>
/// <remarks>
/// <para>With μ and A the mean and the covariance of the source's RGB samples, ν and B those of the target,
/// x ↦ T(x − μ) + ν, T = A^(−½) (A^(½) B A^(½))^(½) A^(−½). T is symmetric and positive; of all linear maps that give the result mean ν
/// and covariance TAT = B it moves the colours least (in the mean square). F. Pitié and A. Kokaram, The linear Monge-Kantorovitch
/// linear colour mapping for example-based colour transfer, 4th European Conference on Visual Media Production (CVMP), 2007.</para>
/// <para>Differs from it in one point: A + εI and B + εI stand for A and B, because a grey or one-colour picture has a singular
/// covariance, and one that is nearly so has noise in the direction that would be stretched most.</para>
/// </remarks>
public static class ColorTransfer
{
    /// <summary>ε: a deviation of about 0.8 of 255 steps, the size of rounding and compression noise. It is the 10⁻⁵ in units of the
    /// full range that implementations for style transfer commonly use.</summary>
    internal const double Regularisation = 1e-5 * 255 * 255;

    /// <summary>The source in the target's colours.</summary>
    /// <param name="source">The picture to recolour; is not changed.</param>
    /// <param name="target">The picture whose mean and covariance the result takes; any size.</param>
    /// <returns>A new picture of the source's size, clamped to 0..255 (which changes mean and covariance a little where it acts).</returns>
    public static Picture Match(Picture source, Picture target) => Match(source, [target], [1.0]);

    /// <summary>The source in the colours of several targets: mean and covariance are those of the mixture of all their pixels.</summary>
    /// <param name="source">The picture to recolour; is not changed.</param>
    /// <param name="targets">At least one picture, of any sizes; a picture's size does not change its share.</param>
    /// <param name="weights">Each target's share: not negative, finite, not all 0; divided by their sum.</param>
    /// <returns>A new picture of the source's size, clamped to 0..255.</returns>
    /// <exception cref="ArgumentException">There is no target, or the weights are not one for each or not as described.</exception>
    public static Picture Match(Picture source, IReadOnlyList<Picture> targets, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(targets);
        ArgumentNullException.ThrowIfNull(weights);
        if (targets.Count == 0) throw new ArgumentException("at least one target picture is needed", nameof(targets));
        if (weights.Count != targets.Count)
            throw new ArgumentException($"{targets.Count} target pictures need as many weights, not {weights.Count}", nameof(weights));
        if (!weights.All(w => w >= 0 && double.IsFinite(w)) || !(weights.Sum() is > 0 and < double.PositiveInfinity))
            throw new ArgumentException($"weights are at least 0 and not all 0, not {string.Join(", ", weights)}", nameof(weights));
        ColourStatistics from = ColourStatistics.Of(source);
        ColourStatistics to = ColourStatistics.Mixture([.. targets.Select(ColourStatistics.Of)], weights);
        return Apply(source, from.Mean, Map(from.Covariance, to.Covariance), to.Mean);
    }

    /// <summary>T of the two covariances with ε added to both.</summary>
    /// <param name="source">A, [3, 3], symmetric.</param>
    /// <param name="target">B, [3, 3], symmetric.</param>
    /// <returns>T, [3, 3], symmetric, with T(A + εI)T = B + εI.</returns>
    internal static double[,] Map(double[,] source, double[,] target)
    {
        Matrix<double> epsilon = Matrix<double>.Build.DenseIdentity(3) * Regularisation;
        Matrix<double> a = Matrix<double>.Build.DenseOfArray(source) + epsilon, b = Matrix<double>.Build.DenseOfArray(target) + epsilon;
        Matrix<double> root = Power(a, 0.5), inverseRoot = Power(a, -0.5);
        return (inverseRoot * Power(root * b * root, 0.5) * inverseRoot).ToArray();
    }

    // M^p = U Λ^p Uᵀ of a symmetric positive M = U Λ Uᵀ. Rounding may leave an eigenvalue, or the symmetry, off by a little: the
    // eigenvalues here are at least ε and ε², so half of that is a safe floor.
    private static Matrix<double> Power(Matrix<double> m, double p)
    {
        Evd<double> evd = ((m + m.Transpose()) / 2).Evd(Symmetricity.Symmetric);
        Vector<double> powers = evd.EigenValues.Map(v => Math.Pow(Math.Max(v.Real, Regularisation * Math.Min(1, Regularisation) / 2), p));
        return evd.EigenVectors * Matrix<double>.Build.DenseOfDiagonalVector(powers) * evd.EigenVectors.Transpose();
    }

    // y = T(x − μ) + ν, clamped.
    private static Picture Apply(Picture source, double[] mu, double[,] t, double[] nu)
    {
        Picture result = new(source.Width, source.Height);
        Parallel.For(0, source.Height, y =>
        {
            int at = y * source.Width, width = source.Width;
            ReadOnlySpan<float> red = source.Plane(0).Slice(at, width);
            ReadOnlySpan<float> green = source.Plane(1).Slice(at, width);
            ReadOnlySpan<float> blue = source.Plane(2).Slice(at, width);
            for (int c = 0; c < 3; c++)
            {
                double tr = t[c, 0], tg = t[c, 1], tb = t[c, 2];
                double offset = nu[c] - tr * mu[0] - tg * mu[1] - tb * mu[2];
                Span<float> line = result.Plane(c).Slice(at, width);
                for (int x = 0; x < width; x++)
                    line[x] = (float)Math.Clamp(tr * red[x] + tg * green[x] + tb * blue[x] + offset, 0, 255);
            }
        });
        return result;
    }
}
