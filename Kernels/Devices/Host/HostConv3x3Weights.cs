using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>Filters and biases of a convolution between feature maps. The filters stay as they were given; packed forms are made for a
/// convolution that asks for one, and kept where it says so.</summary>
internal sealed unsafe class HostConv3x3Weights : Conv3x3Weights
{
    private readonly WorkerPool pool;
    private readonly float[] filters;
    private readonly int lanes;
    private readonly Dictionary<(ConvolutionAlgorithm, bool), HostMemory> kept = [];

    public HostConv3x3Weights(WorkerPool pool, Conv3x3Parameters parameters, int lanes, bool forwardOnly)
        : base(parameters.Outputs, parameters.Inputs, parameters.Padding)
    {
        (this.pool, filters, this.lanes, ForwardOnly) = (pool, parameters.Filters, lanes, forwardOnly);
        int padded = Conv3x3Packing.Blocks(parameters.Outputs, lanes) * lanes;
        Biases = new HostMemory((long)padded * sizeof(float));
        parameters.Biases.CopyTo(new Span<float>(Biases.Start, padded));
    }

    /// <summary>Whether the backward pass was left out.</summary>
    public bool ForwardOnly { get; }

    /// <summary>b, with zeros for the channels that fill the last block up.</summary>
    public HostMemory Biases { get; }

    /// <summary>Bytes of the filters packed for one direction.</summary>
    public long PackedBytes(ConvolutionAlgorithm algorithm, bool transposed)
    {
        (int outputs, int inputs) = transposed ? (Inputs, Outputs) : (Outputs, Inputs);
        return Conv3x3Packing.Length(outputs, inputs, lanes, ConvolutionRule.Points(algorithm)) * sizeof(float);
    }

    /// <summary>The filters packed for one direction: from now on they stay in memory.</summary>
    /// <param name="algorithm">For which order, and which transform.</param>
    /// <param name="transposed">For the backward pass.</param>
    public float* Kept<TSimd, TVector>(ConvolutionAlgorithm algorithm, bool transposed) where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        if (kept.TryGetValue((algorithm, transposed), out HostMemory? memory)) return (float*)memory.Start;
        memory = kept[(algorithm, transposed)] = new HostMemory(PackedBytes(algorithm, transposed));
        Pack<TSimd, TVector>(algorithm, transposed, (float*)memory.Start);
        return (float*)memory.Start;
    }

    /// <summary>Packs the filters for one direction.</summary>
    /// <param name="algorithm">For which order, and which transform.</param>
    /// <param name="transposed">For the backward pass.</param>
    /// <param name="packed"><see cref="PackedBytes"/>. Overwritten.</param>
    public void Pack<TSimd, TVector>(ConvolutionAlgorithm algorithm, bool transposed, float* packed)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        fixed (float* w = filters)
        {
            Conv3x3Filters direction = new(w, Outputs, Inputs, transposed);
            switch (algorithm)
            {
                case ConvolutionAlgorithm.Winograd4x4: Conv3x3Packing<TSimd, TVector>.Winograd<Winograd4x4>(pool, direction, packed); break;
                case ConvolutionAlgorithm.Winograd2x2: Conv3x3Packing<TSimd, TVector>.Winograd<Winograd2x2>(pool, direction, packed); break;
                default: Conv3x3Packing<TSimd, TVector>.Direct(pool, direction, packed); break;
            }
        }
    }

    public override void Trim()
    {
        foreach (HostMemory memory in kept.Values) memory.Dispose();
        kept.Clear();
    }

    public override void Dispose()
    {
        Biases.Dispose();
        Trim();
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
