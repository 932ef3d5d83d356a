using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>dF = r ⊙ (dF + D·F), where F, conv1_1's activations, is made from the picture a row at a time and never stored.</summary>
/// <remarks>F is the largest map of all and the cheapest to make: 27 multiplications a value.</remarks>
internal unsafe struct ImageGramBackward<TSimd, TVector> : IJob
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    /// <summary>Makes F; its epilogue is not used.</summary>
    public ImageConvolution<TSimd, TVector>.Forward Image;

    /// <summary>D and dF; its F is not used.</summary>
    public GramGradient<TSimd, TVector> Gram;
    public float* Biases;
    public LaneBits ReluBits;

    /// <summary>For each worker <see cref="RowBytes"/>: a row of F, a <see cref="BlockedMap"/> with H = 1.</summary>
    public byte* Rows;
    public long RowBytes;

    /// <summary>One row.</summary>
    public void Run(int item, int worker)
    {
        BlockedMap dF = Gram.DF, row = new((float*)(Rows + worker * RowBytes), dF.Blocks, 1, dF.Width);
        Image.Row(item, worker, new() { Y = row, Biases = Biases, Relu = true }, 0);
        nint position = (nint)item * dF.Width;
        GramGradient<TSimd, TVector> here = Gram;
        here.F = row;
        here.DF = new BlockedMap(dF.Start + position * TSimd.Lanes, dF.Blocks, dF.Height, dF.Width);
        here.Add(0, dF.Blocks, 0, dF.Width, worker);
        Pool2x2Simd<TSimd, TVector>.Mask mask = new() { DX = dF, ReluBits = ReluBits };
        for (int block = 0; block < dF.Blocks; block++) mask.Run(block * dF.Height + item, worker);
    }
}
