namespace GatysGpu.Kernels.Conv3x3;

// One body of loops serves both directions; what differs is what happens to a finished sum:
//
//   forward    y  = max(0, b + Σ)           bits of y > 0 are written
//   backward   dX = r ⊙ (Σ [+ dX])          bits r of x's ReLU are read
//
// The epilogue is a struct type parameter: the compiler sees through it, so that each direction is a kernel with nothing of
// the other.

/// <summary>What becomes of a finished sum.</summary>
internal interface IConv3x3Epilogue
{
    /// <summary>Where results go, [K, H, W].</summary>
    ArrayView<float> Output { get; }

    /// <summary>Whether <see cref="Output"/> is added to.</summary>
    bool Accumulates { get; }

    /// <summary>ReLU bits, [K, H, ⌈W/8⌉]; empty where there are none.</summary>
    ArrayView<byte> Bits { get; }

    /// <summary>Whether <see cref="Bits"/> are written; the same for all threads.</summary>
    bool WritesBits { get; }

    /// <summary>Whether a result whose bit is 0 becomes 0; the same for all threads.</summary>
    bool Masks { get; }

    /// <summary>What the sum of an existing channel begins with.</summary>
    float Start(int channel);

    /// <summary>The last step before the mask.</summary>
    float Finish(float value);
}

/// <summary>y = b + Σ, its ReLU, and the bits of y &gt; 0.</summary>
internal struct Conv3x3ForwardEpilogue : IConv3x3Epilogue
{
    public ArrayView<float> Bias;
    public ArrayView<float> Y;
    public ArrayView<byte> ReluBits;
    public int Relu;

    public readonly ArrayView<float> Output => Y;

    public readonly bool Accumulates => false;

    public readonly ArrayView<byte> Bits => ReluBits;

    public readonly bool WritesBits => ReluBits.Length != 0;

    public readonly bool Masks => false;

    public readonly float Start(int channel) => Bias[channel];

    // Written so that NaN stays NaN, as in the reference.
    public readonly float Finish(float value) => Relu != 0 & value < 0f ? 0f : value;
}

/// <summary>dX = r ⊙ (Σ [+ dX]).</summary>
internal struct Conv3x3BackwardEpilogue : IConv3x3Epilogue
{
    public ArrayView<float> DX;
    public ArrayView<byte> ReluBits;
    public int Accumulate;

    public readonly ArrayView<float> Output => DX;

    public readonly bool Accumulates => Accumulate != 0;

    public readonly ArrayView<byte> Bits => ReluBits;

    public readonly bool WritesBits => false;

    public readonly bool Masks => ReluBits.Length != 0;

    public readonly float Start(int channel) => 0f;

    public readonly float Finish(float value) => value;
}
