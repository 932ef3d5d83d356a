namespace GatysGpu.Tests;

/// <summary>Seeded values for tests.</summary>
internal static class RandomValues
{
    /// <summary>Uniform in [low, high).</summary>
    public static double[] Uniform(Random random, int count, double low = -1, double high = 1)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++) values[i] = low + (high - low) * random.NextDouble();
        return values;
    }

    /// <summary>Uniform in [low, high), as float32.</summary>
    public static float[] Floats(Random random, int count, double low = -1, double high = 1) =>
        Array.ConvertAll(Uniform(random, count, low, high), v => (float)v);

    /// <summary>As a feature map after a ReLU is: about half zeros, the rest uniform up to <paramref name="high"/>.</summary>
    public static float[] Activations(Random random, int count, double high = 1) =>
        Array.ConvertAll(Uniform(random, count, -high, high), v => (float)Math.Max(0, v));

    /// <summary>A symmetric matrix, uniform in [−1, 1), row-major.</summary>
    public static float[] Symmetric(Random random, int side)
    {
        float[] values = Floats(random, side * side);
        for (int i = 0; i < side; i++)
            for (int j = 0; j < i; j++) values[i * side + j] = values[j * side + i];
        return values;
    }

    /// <summary>float32 values in float64, exactly.</summary>
    public static double[] ToDouble(this float[] values) => Array.ConvertAll(values, v => (double)v);
}
