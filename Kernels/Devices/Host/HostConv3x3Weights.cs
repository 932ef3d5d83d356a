using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>Filters packed for the CPU's convolutions, each form made when it is first needed.</summary>
internal sealed unsafe class HostConv3x3Weights : Conv3x3Weights
{
    private readonly WorkerPool pool;
    private readonly float[] filters;
    private readonly HostMemory?[] packed = new HostMemory?[4];
    private readonly int lanes;

    public HostConv3x3Weights(WorkerPool pool, Conv3x3Parameters parameters, int lanes, bool forwardOnly)
        : base(parameters.Outputs, parameters.Inputs, parameters.Padding)
    {
        (this.pool, filters, this.lanes, ForwardOnly) = (pool, parameters.Filters, lanes, forwardOnly);
        int padded = Conv3x3Packing.Pairs(parameters.Outputs, lanes) * 2 * lanes;
        Biases = new HostMemory((long)padded * sizeof(float));
        parameters.Biases.CopyTo(new Span<float>(Biases.Start, padded));
    }

    /// <summary>Whether the backward pass was left out.</summary>
    public bool ForwardOnly { get; }

    /// <summary>b, with zeros for the channels that fill the last pair of blocks up.</summary>
    public HostMemory Biases { get; }

    /// <summary>Filters for one direction.</summary>
    /// <param name="winograd">Transformed for <see cref="Winograd4x4"/>, or as they are.</param>
    /// <param name="transposed">For the backward pass.</param>
    public float* Filters(bool winograd, bool transposed)
    {
        ref HostMemory? memory = ref packed[(winograd ? 2 : 0) + (transposed ? 1 : 0)];
        memory ??= Pack(winograd, transposed);
        return (float*)memory.Start;
    }

    public override void Dispose()
    {
        Biases.Dispose();
        foreach (HostMemory? memory in packed) memory?.Dispose();
    }

    private HostMemory Pack(bool winograd, bool transposed)
    {
        (int outputs, int inputs) = transposed ? (Inputs, Outputs) : (Outputs, Inputs);
        float[] source = transposed ? Conv3x3Packing.Transposed(filters, Outputs, Inputs) : filters;
        long length = winograd ? Conv3x3Packing.WinogradLength(outputs, inputs, lanes) : Conv3x3Packing.DirectLength(outputs, inputs, lanes);
        HostMemory memory = new(length * sizeof(float));
        if (winograd) Conv3x3Packing.Winograd(pool, source, outputs, inputs, lanes, (float*)memory.Start);
        else Conv3x3Packing.Direct(source, outputs, inputs, lanes, (float*)memory.Start);
        return memory;
    }
}

/// <summary>conv1_1's filters and biases, packed for both directions.</summary>
internal sealed unsafe class HostImageConv3x3Weights : Conv3x3Weights
{
    public HostImageConv3x3Weights(Conv3x3Parameters parameters, ReadOnlySpan<float> mean, ReadOnlySpan<float> forward,
        ReadOnlySpan<float> backward, int paddedOutputs) : base(parameters.Outputs, parameters.Inputs, parameters.Padding)
    {
        Mean = mean.ToArray();
        Biases = Copy(parameters.Biases, paddedOutputs);
        Forward = Copy(forward, forward.Length);
        Backward = Copy(backward, backward.Length);
    }

    /// <summary>R, G, B.</summary>
    public float[] Mean { get; }

    /// <summary>b, filled up with zeros.</summary>
    public HostMemory Biases { get; }

    /// <summary>Filters in the order of the forward pass.</summary>
    public HostMemory Forward { get; }

    /// <summary>Filters in the order of the backward pass.</summary>
    public HostMemory Backward { get; }

    public override void Dispose()
    {
        Biases.Dispose();
        Forward.Dispose();
        Backward.Dispose();
    }

    private static HostMemory Copy(ReadOnlySpan<float> values, int length)
    {
        HostMemory memory = new((long)length * sizeof(float));
        values.CopyTo(new Span<float>(memory.Start, length));
        return memory;
    }
}
