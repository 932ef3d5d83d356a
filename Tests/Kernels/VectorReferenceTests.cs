using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Tests.Kernels;

/// <summary>The definitions of the vector operations, by hand and by their properties.</summary>
public class VectorReferenceTests
{
    [Test]
    public void DotAndLinearCombination_SmallCases()
    {
        Assert.That(VectorReference.Dot([1, 2, 3], [4, 5, 6]), Is.EqualTo(32));
        Assert.That(VectorReference.LinearCombination([2, -1], [1, 2], [10, 20]), Is.EqualTo(new[] { -8.0, -16 }));
    }

    [Test]
    public void Clamp_KeepsWhatIsInside()
    {
        double[] x = [-1, 0, 100, 255, 256];
        VectorReference.Clamp(x, 0, 255);
        Assert.That(x, Is.EqualTo(new double[] { 0, 0, 100, 255, 255 }));
    }

    [Test]
    public void ProjectGradient_IsZeroOnlyWhereTheStepWouldLeaveTheBox()
    {
        double[] g = [1, -1, 1, -1, 1, -1];
        VectorReference.ProjectGradient([0, 0, 255, 255, 9, 9], 0, 255, g);
        Assert.That(g, Is.EqualTo(new double[] { 0, -1, 1, 0, 1, -1 }));
    }

    [Test]
    public void AdamStep_FirstStep_MovesByTheStepSizeAgainstTheSign()
    {
        // With m and v from zero the corrected ratio is g/|g|: the first step has the same length everywhere.
        double[] x = [10, 10, 1], m = new double[3], v = new double[3], average = new double[3];
        VectorReference.AdamStep(x, [3, -0.001, 50], m, v, average, new AdamSettings(1, 2, 0.9f, 0.99f, 0, 0.75f, 0, 255));
        ArrayComparison.AssertClose("x", [8, 12, 0], x, new Tolerance(1e-12, "float64 rounding; the last one is clamped"));
        ArrayComparison.AssertClose("average", [2, 3, 0], average, new Tolerance(1e-12, "a quarter of x"));
    }

    [Test]
    public void AdamStep_ConstantGradient_KeepsMomentsCorrected()
    {
        // Bias correction: after any number of steps with one gradient, m/(1−β₁ᵗ) = g and v/(1−β₂ᵗ) = g².
        double[] x = [100], m = [0], v = [0], average = [0];
        for (int t = 1; t <= 20; t++)
        {
            VectorReference.AdamStep(x, [4], m, v, average, new AdamSettings(t, 1, 0.9f, 0.99f, 1, 0.9f, 0, 255));
            ArrayComparison.AssertClose($"x after {t}", 100 - t * 0.8, x[0], 1e-12, "4/(4 + 1) a step, float64 rounding");
            ArrayComparison.AssertClose($"m after {t}", 4, m[0] / (1 - Math.Pow(0.9f, t)), 1e-12, "float64 rounding");
        }
    }
}
