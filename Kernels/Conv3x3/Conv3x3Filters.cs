namespace GatysGpu.Kernels.Conv3x3;

/// <summary>The filters of one direction as they were published: a view that both directions read the same numbers through.</summary>
/// <remarks>The backward pass is a convolution too, dX = w′ ∗ dY with w′[c, k, r, s] = w[k, c, 2−r, 2−s].</remarks>
internal readonly unsafe struct Conv3x3Filters
{
    private readonly float* values;
    private readonly nint outputStep, inputStep;
    private readonly bool transposed;

    /// <summary>A view for one direction.</summary>
    /// <param name="values">w, [K, C, 3, 3].</param>
    /// <param name="k">K.</param>
    /// <param name="c">C.</param>
    /// <param name="transposed">Whether it is the backward pass's.</param>
    public Conv3x3Filters(float* values, int k, int c, bool transposed)
    {
        this.values = values;
        this.transposed = transposed;
        nint output = 9 * (nint)c, input = 9;
        (Outputs, outputStep, Inputs, inputStep) = transposed ? (c, input, k, output) : (k, output, c, input);
    }

    /// <summary>Output channels of this direction.</summary>
    public readonly int Outputs;

    /// <summary>Input channels of this direction.</summary>
    public readonly int Inputs;

    /// <summary>Copies the taps of some filters; those of channels that do not exist are 0.</summary>
    /// <param name="output">First output channel.</param>
    /// <param name="outputCount">How many.</param>
    /// <param name="input">First input channel.</param>
    /// <param name="inputCount">How many.</param>
    /// <param name="taps">[inputs, 9, outputs]. Overwritten.</param>
    public void Copy(int output, int outputCount, int input, int inputCount, float* taps)
    {
        int outputs = Math.Min(outputCount, Outputs - output), inputs = Math.Min(inputCount, Inputs - input);
        if (outputs < outputCount || inputs < inputCount) new Span<float>(taps, 9 * inputCount * outputCount).Clear();
        for (int o = 0; o < outputs; o++)
        {
            float* from = values + (output + o) * outputStep + input * inputStep, to = taps + o;
            for (int i = 0; i < inputs; i++, from += inputStep, to += 9 * outputCount)
                for (int tap = 0; tap < 9; tap++) to[tap * outputCount] = from[transposed ? 8 - tap : tap];
        }
    }
}
