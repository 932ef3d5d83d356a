namespace GatysGpu.Engine.Optimizers;

/// <summary>A point on the path of a line search.</summary>
/// <param name="T">Step along the path.</param>
/// <param name="Value">φ(t).</param>
/// <param name="Slope">φ′(t).</param>
internal readonly record struct LinePoint(double T, double Value, double Slope)
{
    public bool IsFinite => double.IsFinite(Value) && double.IsFinite(Slope);
}

/// <summary>φ(t), a function along a path that starts at the current iterate.</summary>
internal interface ILinePath
{
    /// <summary>Value and slope at a step; either may be NaN or infinite.</summary>
    LinePoint Evaluate(double t);
}

// φ(t) is the function along the path, φ(0) where the search starts, φ′(0) < 0. Sought is a step with
//
//   sufficient decrease   φ(t) ≤ φ(0) + c₁·t·φ′(0)          c₁ = 10⁻⁴
//   strong curvature      |φ′(t)| ≤ c₂·|φ′(0)|               c₂ = 0.9
//
// Nocedal, Wright 2006, Algorithms 3.5 (grow until a bracket is found) and 3.6 (zoom into it), with the cubic of Eq. 3.59 and
// both constants as there for quasi-Newton methods. Along a path that is bent at the bounds of a box the curvature condition may
// have no solution; then the lowest point with sufficient decrease is taken when the evaluations are used up.

/// <summary>Line search for the strong Wolfe conditions.</summary>
/// <param name="maxEvaluations">Evaluations at most, at least 1.</param>
internal sealed class StrongWolfeSearch(int maxEvaluations)
{
    private const double SufficientDecrease = 1e-4, Curvature = 0.9;

    // A step is grown at most tenfold at once and stays a tenth of the bracket away from its ends.
    private const double MaxGrowth = 10, EndMargin = 0.1;

    // Where no value was finite the cubic has nothing to go by: go back to a fifth.
    private const double Retreat = 0.2;

    // A promised decrease below this share of the value cannot be seen in a loss that was summed from float32 values.
    private const double Unmeasurable = 1e-10;

    private int evaluations;

    /// <summary>Whether a point with a finite value was found in the last search.</summary>
    public bool SawFiniteValue { get; private set; }

    /// <summary>Searches.</summary>
    /// <param name="path">φ.</param>
    /// <param name="start">φ(0) with a negative slope.</param>
    /// <param name="first">First step to try, positive.</param>
    /// <returns>The step found, or <paramref name="start"/> where there is none with sufficient decrease.</returns>
    public LinePoint Search(ILinePath path, LinePoint start, double first)
    {
        evaluations = 0;
        SawFiniteValue = false;
        LinePoint previous = start;
        double t = first, limit = double.PositiveInfinity;
        while (evaluations < maxEvaluations)
        {
            LinePoint point = Evaluate(path, t);
            if (!point.IsFinite)
            {
                limit = t;
                t = previous.T + Retreat * (t - previous.T);
                if (IsUnmeasurable(start, t - previous.T)) break;
                continue;
            }
            if (!Decreases(start, point) || (previous.T > 0 && point.Value >= previous.Value)) return Zoom(path, start, previous, point);
            if (IsFlat(start, point)) return point;
            if (point.Slope >= 0) return Zoom(path, start, point, previous);
            t = Grow(previous, point, limit);
            previous = point;
        }
        return previous;
    }

    private LinePoint Zoom(ILinePath path, LinePoint start, LinePoint low, LinePoint high)
    {
        while (evaluations < maxEvaluations && !IsUnmeasurable(start, high.T - low.T))
        {
            LinePoint point = Evaluate(path, Between(low, high));
            if (!point.IsFinite || !Decreases(start, point) || point.Value >= low.Value)
            {
                high = point;
                continue;
            }
            if (IsFlat(start, point)) return point;
            if (point.Slope * (high.T - low.T) >= 0) high = low;
            low = point;
        }
        return low;
    }

    private LinePoint Evaluate(ILinePath path, double t)
    {
        evaluations++;
        LinePoint point = path.Evaluate(t);
        SawFiniteValue |= point.IsFinite;
        return point;
    }

    // The first condition is for steps so short that the second one rounds to "no higher".
    private static bool Decreases(LinePoint start, LinePoint point) =>
        point.Value < start.Value && point.Value <= start.Value + SufficientDecrease * point.T * start.Slope;

    private static bool IsFlat(LinePoint start, LinePoint point) => Math.Abs(point.Slope) <= -Curvature * start.Slope;

    private static bool IsUnmeasurable(LinePoint start, double step) =>
        Math.Abs(step * start.Slope) <= Unmeasurable * Math.Abs(start.Value);

    private static double Grow(LinePoint previous, LinePoint point, double limit)
    {
        double least = point.T + 0.01 * (point.T - previous.T), most = Math.Min(MaxGrowth * point.T, (point.T + limit) / 2);
        double t = CubicMinimum(previous, point);
        // A cubic without a minimum ahead says that the function still falls away: go as far as allowed.
        return t > point.T ? Math.Min(Math.Max(t, least), most) : most;
    }

    private static double Between(LinePoint low, LinePoint high)
    {
        double width = high.T - low.T, t = high.IsFinite ? CubicMinimum(low, high) : low.T + Retreat * width;
        double nearLow = low.T + EndMargin * width, nearHigh = high.T - EndMargin * width;
        double least = Math.Min(nearLow, nearHigh), most = Math.Max(nearLow, nearHigh);
        return double.IsNaN(t) ? low.T + width / 2 : Math.Clamp(t, least, most);
    }

    /// <summary>Where the cubic through both values and slopes is lowest; NaN where it has no minimum. Nocedal, Wright 2006, Eq. 3.59.</summary>
    private static double CubicMinimum(LinePoint a, LinePoint b)
    {
        double d1 = a.Slope + b.Slope - 3 * (a.Value - b.Value) / (a.T - b.T);
        double d2 = Math.Sign(b.T - a.T) * Math.Sqrt(d1 * d1 - a.Slope * b.Slope);
        return b.T - (b.T - a.T) * (b.Slope + d2 - d1) / (b.Slope - a.Slope + 2 * d2);
    }
}
