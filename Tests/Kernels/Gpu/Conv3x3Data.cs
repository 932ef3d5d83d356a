using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>What the tests of the convolution kernels share.</summary>
internal static class Conv3x3Data
{
    /// <summary>Filters and biases from −1 to 1.</summary>
    public static Conv3x3Parameters Filters(Random random, int k, int c, Padding padding) =>
        new(k, c, RandomValues.Floats(random, k * c * 9), RandomValues.Floats(random, k), padding);

    /// <summary>What float32 sums of so many channels may be off by.</summary>
    public static Tolerance Rounding(int channels, double[] values, float[] filters, double start)
    {
        int terms = 9 * channels + 2;
        double largest = values.Max(Math.Abs) * filters.Max(MathF.Abs) * terms + start;
        return new(Math.Sqrt(terms) * Math.Pow(2, -24) * largest, $"{terms} terms, roundings that partly cancel");
    }

    /// <summary>[C, H, ⌈W/8⌉]: bit x mod 8 of byte x / 8 is 1 where the value is positive.</summary>
    public static byte[] BitsOf(float[] values, int channels, int h, int w)
    {
        int pitch = (w + 7) / 8;
        byte[] bits = new byte[channels * h * pitch];
        for (int i = 0; i < values.Length; i++)
            if (values[i] > 0) bits[i / w * pitch + i % w / 8] |= (byte)(1 << i % w % 8);
        return bits;
    }
}
