namespace GatysGpu.Tests;

/// <summary>How far two arrays may lie apart.</summary>
/// <param name="Absolute">Largest difference of one element.</param>
/// <param name="L2">Largest ‖actual − expected‖₂; infinite where only the elements count.</param>
/// <param name="Reason">Why this much and not less; printed when it was not enough.</param>
internal readonly record struct Tolerance(double Absolute, double L2, string Reason)
{
    /// <summary>A bound for every element alone.</summary>
    public Tolerance(double absolute, string reason) : this(absolute, double.PositiveInfinity, reason)
    {
    }
}

/// <summary>What two arrays of one length differ by.</summary>
/// <param name="Count">Elements compared.</param>
/// <param name="WorstIndex">Element of the largest difference; the first NaN, where there is one.</param>
/// <param name="Worst">That difference, maybe NaN.</param>
/// <param name="L2">‖actual − expected‖₂, maybe NaN.</param>
/// <param name="ExpectedL2">‖expected‖₂.</param>
internal readonly record struct Difference(int Count, int WorstIndex, double Worst, double L2, double ExpectedL2);

/// <summary>The one way in which tests compare arrays: every element counts, and a NaN on either side fails.</summary>
internal static class ArrayComparison
{
    /// <summary>Fails unless every |actual − expected| and their L2 norm are within the tolerance.</summary>
    /// <param name="what">The array's name and the case, the seed included.</param>
    /// <param name="expected">Truth; at least one element.</param>
    /// <param name="actual">Of the same length.</param>
    /// <param name="tolerance">The bounds and their reason.</param>
    /// <param name="shape">Sides of the array, so that the worst element is named by its place; null for a flat one.</param>
    public static void AssertClose(string what, ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, Tolerance tolerance,
        int[]? shape = null)
    {
        if (expected.Length == 0 || expected.Length != actual.Length)
            Assert.Fail($"{what}: nothing to compare, or not the same number: {expected.Length} expected, {actual.Length} there");
        Difference d = Compare(expected, actual);
        // Written so that NaN, which is neither above nor below, fails.
        if (d.Worst <= tolerance.Absolute && d.L2 <= tolerance.L2) return;
        Assert.Fail($"{what}: worst of {d.Count} at {Place(d.WorstIndex, shape)}: expected {expected[d.WorstIndex]:R}, " +
            $"there is {actual[d.WorstIndex]:R}, difference {d.Worst:E2} (allowed {tolerance.Absolute:E2}); " +
            $"L2 of the differences {d.L2:E2} (allowed {tolerance.L2:E2}), relative {d.L2 / d.ExpectedL2:E2}. " +
            $"Tolerance: {tolerance.Reason}");
    }

    /// <summary>The same for float32 results.</summary>
    public static void AssertClose(string what, double[] expected, float[] actual, Tolerance tolerance, int[]? shape = null) =>
        AssertClose(what, expected, Array.ConvertAll(actual, v => (double)v), tolerance, shape);

    /// <summary>Fails unless one value is within <paramref name="absolute"/> of what is expected.</summary>
    public static void AssertClose(string what, double expected, double actual, double absolute, string reason) =>
        AssertClose(what, [expected], [actual], new Tolerance(absolute, reason));

    /// <summary>Fails unless both arrays have the same bits.</summary>
    public static void AssertIdentical(string what, ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.That(actual.Length, Is.EqualTo(expected.Length), what);
        for (int i = 0; i < expected.Length; i++)
            if (BitConverter.SingleToUInt32Bits(expected[i]) != BitConverter.SingleToUInt32Bits(actual[i]))
                Assert.Fail($"{what}: element {i} of {expected.Length}: expected exactly {expected[i]:R}, there is {actual[i]:R}");
    }

    /// <summary>Measures without judging.</summary>
    public static Difference Compare(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual)
    {
        int worst = 0;
        double largest = 0, squares = 0, expectedSquares = 0;
        for (int i = 0; i < expected.Length; i++)
        {
            // Equal infinities would differ by NaN; they are no result either, so they fail too.
            double difference = Math.Abs(actual[i] - expected[i]);
            squares += difference * difference;
            expectedSquares += expected[i] * expected[i];
            if (difference <= largest || double.IsNaN(largest)) continue;
            (worst, largest) = (i, difference);
        }
        return new(expected.Length, worst, largest, Math.Sqrt(squares), Math.Sqrt(expectedSquares));
    }

    private static string Place(int index, int[]? shape)
    {
        if (shape is null) return $"[{index}]";
        var place = new int[shape.Length];
        for (int i = shape.Length - 1; i >= 0; i--) (place[i], index) = (index % shape[i], index / shape[i]);
        return $"[{string.Join(",", place)}] of [{string.Join(",", shape)}]";
    }
}
