namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Filters in the orders in which the GPU kernels read them, made once on the host. Missing channels are zeros, so
/// that no kernel has to ask whether a filter exists.</summary>
/// <remarks>For the backward pass to the input pack <see cref="Transposed"/>: w′[c, k, r, s] = w[k, c, 2−r,
/// 2−s], with the numbers of channels exchanged.</remarks>
public static class Conv3x3GpuFilters
{
    /// <summary>Output channels of one group of threads: K is filled up to a multiple of it.</summary>
    public const int OutputsAtOnce = 64;

    /// <summary>Input channels of one step: C is filled up to a multiple of it.</summary>
    public const int InputsAtOnce = 8;

    /// <summary>K filled up.</summary>
    /// <param name="outputs">K, at least 1.</param>
    public static int PaddedOutputs(int outputs) => RoundUp(outputs, OutputsAtOnce);

    /// <summary>Floats of <see cref="Pack"/> and of <see cref="PackFragments"/>.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <param name="outputsAtOnce">The multiple that K is filled up to.</param>
    public static int Length(int outputs, int inputs, int outputsAtOnce = OutputsAtOnce) =>
        checked(9 * RoundUp(inputs, InputsAtOnce) * RoundUp(outputs, outputsAtOnce));

    /// <summary>Filters as [C, 9, K]: the K values that go with one input pixel lie side by side.</summary>
    /// <param name="filters">w, [K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <param name="outputsAtOnce">The multiple that K is filled up to.</param>
    /// <returns>[⌈C⌉, 9, ⌈K⌉], ⌈⌉ meaning filled up.</returns>
    public static float[] Pack(ReadOnlySpan<float> filters, int outputs, int inputs, int outputsAtOnce = OutputsAtOnce)
    {
        int pitch = RoundUp(outputs, outputsAtOnce);
        var packed = new float[Length(outputs, inputs, outputsAtOnce)];
        for (int k = 0; k < outputs; k++)
            for (int c = 0; c < inputs; c++)
                for (int tap = 0; tap < 9; tap++)
                    packed[(c * 9 + tap) * pitch + k] = filters[(k * inputs + c) * 9 + tap];
        return packed;
    }

    /// <summary>Filters rounded to TF32 in the order of <see cref="Conv3x3TensorCore"/>: for each block of 64 output channels
    /// one stream, in steps of 8 input channels × one column s of the filter, each step [3 rows r, 4 tiles of 16 outputs, 32
    /// lanes, 4].</summary>
    /// <remarks>The last four are the values a0 … a3 that a lane of m16n8k8 holds (<see
    /// cref="TensorCore.MultiplyAddM16N8K8"/>): rows of A are output channels, its columns input channels.</remarks>
    /// <param name="filters">w, [K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    public static float[] PackFragments(ReadOnlySpan<float> filters, int outputs, int inputs)
    {
        var packed = new float[Length(outputs, inputs)];
        int chunks = RoundUp(inputs, InputsAtOnce) / InputsAtOnce;
        for (int k = 0; k < outputs; k++)
            for (int c = 0; c < inputs; c++)
                for (int tap = 0; tap < 9; tap++)
                    packed[Fragment(k, c, tap / 3, tap % 3, chunks)] = RoundToTf32(filters[(k * inputs + c) * 9 + tap]);
        return packed;
    }

    /// <summary>Filters of the gradient to the input: outputs and inputs swapped, taps turned by half a turn.</summary>
    /// <param name="filters">[K, C, 3, 3].</param>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <returns>[C, K, 3, 3].</returns>
    public static float[] Transposed(ReadOnlySpan<float> filters, int outputs, int inputs)
    {
        float[] result = new float[filters.Length];
        for (int k = 0; k < outputs; k++)
            for (int c = 0; c < inputs; c++)
                for (int tap = 0; tap < 9; tap++)
                    result[(c * outputs + k) * 9 + 8 - tap] = filters[(k * inputs + c) * 9 + tap];
        return result;
    }

    /// <summary>The nearest number of 10 bits of mantissa, ties away from zero, as <see cref="TensorCore.RoundToTf32"/> gives
    /// it.</summary>
    /// <param name="value">Infinities and NaN stay what they are.</param>
    public static float RoundToTf32(float value) =>
        float.IsFinite(value) ? Interop.IntAsFloat((Interop.FloatAsInt(value) + 0x1000) & ~0x1FFFu) : value;

    private static int Fragment(int k, int c, int r, int s, int chunks)
    {
        int step = (k / OutputsAtOnce * chunks + c / 8) * 3 + s, tile = k % OutputsAtOnce / 16;
        int lane = k % 8 * 4 + c % 4, value = k % 16 / 8 + c % 8 / 4 * 2;
        return (((step * 3 + r) * 4 + tile) * 32 + lane) * 4 + value;
    }

    // For powers of two; kernels call it too, and a division costs them dear.
    private static int RoundUp(int value, int multiple) => (value + multiple - 1) & -multiple;
}
