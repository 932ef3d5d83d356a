using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.GradientChecks;

/// <summary>Proves the backward operations of a device: each is compared with central differences of the device's own forward operations
/// and with the float64 definition, on shapes that fit no tile.</summary>
/// <remarks>
/// <para>∂f/∂xᵢ = (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h has no truncation error where f is at most quadratic in xᵢ. A quartic, the Gram loss,
/// takes two steps: (4·D(h/2) − D(h)) / 3 is exact.</para>
/// <para>Upstream gradients are random. Arguments have few bits, which TF32 keeps; what is left is float32's rounding.</para>
/// </remarks>
public static class GradientSuite
{
    /// <summary>The most elements of one case that are compared with differences: all of them, or the corners and a sample.</summary>
    public const int MostDifferences = 64;

    /// <summary>Largest difference over the largest gradient on a device that computes in float32: measured 2e-7 (sums of some hundred
    /// terms), with room for other orders of summation.</summary>
    public const double Float32Tolerance = 5e-6;

    /// <summary>The same where the CPU convolves by F(4×4, 3×3), because it is made to or because it fuses a pooling: measured 5e-6,
    /// which is the rounding of a forward sum over the width of a difference.</summary>
    public const double Winograd4x4Tolerance = 3e-5;

    /// <summary>The same where matrix products round their inputs to TF32: 2⁻¹¹ of the Gram gradient, whose D does not have few bits.</summary>
    public const double Tf32Tolerance = 2e-3;

    /// <summary>The operations that are checked on every device.</summary>
    public static IReadOnlyList<string> Operations { get; } = Names(c => c.Fused is null);

    /// <summary>The operations that are checked where a device offers them: those of <see cref="IFusedDevice"/>.</summary>
    public static IReadOnlyList<string> FusedOperations { get; } = Names(c => c.Fused is not null);

    /// <summary>The operations that are checked on this device: every case of each.</summary>
    public static IReadOnlyList<string> OfferedBy(IDevice device) =>
        [.. Operations, .. FusedOperations.Except(Names(c => !c.IsOfferedBy(device)))];

    /// <summary>Takes and gives back the memory that a case needs.</summary>
    /// <exception cref="DeviceMemoryException">The device has too little.</exception>
    public static void RequireRoom(IDevice device) => new DeviceScratch(device).Dispose();

    /// <summary>Checks all operations that the device offers, or one of them.</summary>
    /// <param name="device">The device.</param>
    /// <param name="operation">One that the device offers; none for all.</param>
    /// <param name="tolerance">Largest difference over the largest gradient.</param>
    /// <returns>Two results a case, as they come.</returns>
    /// <exception cref="ArgumentException">The device does not offer the operation.</exception>
    public static IEnumerable<GradientCheckResult> Run(IDevice device, string? operation = null, double tolerance = Float32Tolerance)
    {
        IReadOnlyList<string> offered = OfferedBy(device);
        if (operation is not null && !offered.Contains(operation))
            throw new ArgumentException($"{device.Name} does not offer {operation}; it offers {string.Join(", ", offered)}",
                nameof(operation));
        return Results(device, operation is null ? offered : [operation], tolerance);
    }

    private static IEnumerable<GradientCheckResult> Results(IDevice device, IReadOnlyList<string> operations, double asked)
    {
        foreach (GradientCase test in GradientCases.All())
        {
            if (!operations.Contains(test.Operation)) continue;
            using DeviceScratch scratch = new(device);
            float[] gradient = test.Gradient(scratch);
            double[] reference = test.Reference();
            double allowed = Math.Max(asked, test.LeastTolerance) * Math.Max(reference.Max(Math.Abs), 1e-3);
            int[] all = [.. Enumerable.Range(0, reference.Length)], chosen = Choose(test.Argument.Length);
            yield return Compare(test, "the float64 reference", all, i => reference[i], gradient, allowed);
            yield return Compare(test, "central differences", chosen, i => Difference(test, scratch, i), gradient, allowed);
        }
    }

    private static string[] Names(Func<GradientCase, bool> which) =>
        [.. GradientCases.All().Where(which).Select(c => c.Operation).Distinct()];

    private static GradientCheckResult Compare(GradientCase test, string against, int[] elements, Func<int, double> expected, float[] actual, double allowed)
    {
        double worst = -1, worstExpected = 0;
        int worstIndex = 0;
        foreach (int i in elements)
        {
            double truth = expected(i);
            double difference = Math.Abs(actual[i] - truth);
            // Once NaN, always NaN.
            if (difference <= worst || double.IsNaN(worst)) continue;
            (worst, worstExpected, worstIndex) = (difference, truth, i);
        }
        return new(test.Operation, test.Name, against, elements.Length, worst, Place(worstIndex, test.Shape), worstExpected, actual[worstIndex],
            allowed);
    }

    private static double Difference(GradientCase test, DeviceScratch scratch, int index)
    {
        double wide = Central(test.Step);
        return test.Degree <= 2 ? wide : (4 * Central(test.Step / 2) - wide) / 3;

        double Central(double h)
        {
            float[] x = [.. test.Argument];
            x[index] = (float)(test.Argument[index] + h);
            scratch.Clear();
            double above = test.Value(scratch, x);
            x[index] = (float)(test.Argument[index] - h);
            scratch.Clear();
            return (above - test.Value(scratch, x)) / (2 * h);
        }
    }

    // All elements, or the first and last ones, where borders and remainders are, and others drawn with a fixed seed.
    private static int[] Choose(int count)
    {
        if (count <= MostDifferences) return [.. Enumerable.Range(0, count)];
        int[] others = [.. Enumerable.Range(16, count - 32)];
        new Random(count).Shuffle(others);
        return [.. Enumerable.Range(0, 16), .. others.Take(MostDifferences - 32), .. Enumerable.Range(count - 16, 16)];
    }

    private static string Place(int index, int[] shape)
    {
        int[] place = new int[shape.Length];
        for (int i = shape.Length - 1; i >= 0; i--) (place[i], index) = (index % shape[i], index / shape[i]);
        return $"[{string.Join(",", place)}]";
    }
}
