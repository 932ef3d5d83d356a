namespace GatysGpu.Kernels.GradientChecks;

/// <summary>One backward operation on one shape, compared element by element.</summary>
/// <param name="Operation">Such as <c>Conv3x3BackwardInput</c>.</param>
/// <param name="Case">Shape and variant.</param>
/// <param name="Against">What it was compared with: central differences, or the float64 reference.</param>
/// <param name="Compared">Number of elements that were compared.</param>
/// <param name="Worst">The largest difference; NaN where there is one.</param>
/// <param name="WorstIndex">The element of it, as [channel, row, column] or [element].</param>
/// <param name="Expected">What it should be.</param>
/// <param name="Actual">What the device gave.</param>
/// <param name="Allowed">Largest difference that is allowed.</param>
public sealed record GradientCheckResult(string Operation, string Case, string Against, int Compared, double Worst, string WorstIndex,
    double Expected, double Actual, double Allowed)
{
    /// <summary>Whether elements were compared and all of them lie within what is allowed; NaN does not.</summary>
    public bool Passed => Compared > 0 && Worst <= Allowed;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant(
        $"{Operation} {Case} against {Against}: worst of {Compared} at {WorstIndex}: expected {Expected:G9}, there is {Actual:G9}, difference {Worst:E2} (allowed {Allowed:E2})");
}
