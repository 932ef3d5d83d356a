using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;

namespace GatysGpu.Kernels.Gpu;

// Least work and least traffic: what the operation needs, not what a kernel does. A multiply-add is 2 operations; every input
// is read once and every output written once, as if all caches were endless. The border of a convolution is counted like its
// middle.
//
//   M = H·W, bytes of floats 4, of ReLU bits 1/8 and of switches 1/16 an element.

/// <summary>What one launch of a kernel has to do at least.</summary>
/// <param name="Flops">Floating-point operations; 0 where they do not matter beside the traffic.</param>
/// <param name="Bytes">Traffic with the memory.</param>
public readonly record struct RooflineWork(double Flops, double Bytes)
{
    /// <summary>Operations for each byte; 0 where there are none.</summary>
    public double Intensity => Flops / Bytes;

    /// <summary>y = ReLU(w ∗ x + b) with its bits.</summary>
    internal static RooflineWork ConvolutionForward(Conv3x3Shape s) =>
        new(Products(s), 4 * (Maps(s) + Filters(s) + s.Outputs) + Bits(s));

    /// <summary>dX = r ⊙ (wᵀ ∗ dY + dX): dX is read and written.</summary>
    /// <param name="s">Its inputs are the channels of dY.</param>
    internal static RooflineWork ConvolutionBackward(Conv3x3Shape s) =>
        new(Products(s), 4 * (Maps(s) + (double)s.Outputs * s.Plane + Filters(s)) + Bits(s));

    /// <summary>What reflection adds at two rows and two columns: three taps of each place that the mask lets through, which is
    /// every second one.</summary>
    internal static RooflineWork ReflectBorder(Conv3x3Shape s)
    {
        double places = 2.0 * (s.Height + s.Width), open = places / 2;
        return new(2 * 3 * open * s.Inputs * s.Outputs, 4 * (places * s.Inputs + 2 * open * s.Outputs + Filters(s)));
    }

    /// <summary>conv1_1 from the picture.</summary>
    internal static RooflineWork ImageForward(Conv3x3Shape s) => ConvolutionForward(s);

    /// <summary>dImage = wᵀ ∗ dY + dImage; no mask.</summary>
    internal static RooflineWork ImageBackward(Conv3x3Shape s) =>
        new(Products(s), 4 * (Maps(s) + (double)s.Outputs * s.Plane + Filters(s)));

    /// <summary>G = F·Fᵀ, one half of it, written as a whole.</summary>
    internal static RooflineWork Gram(int channels, int positions) =>
        new((double)channels * (channels + 1) * positions, 4 * ((double)channels * positions + (double)channels * channels));

    /// <summary>The same as partial matrices, of which half is written.</summary>
    internal static RooflineWork GramPartials(GramSplit s) => new((double)s.Channels * (s.Channels + 1) * s.Positions,
        4 * ((double)s.Channels * s.Positions + (double)s.Parts * Half(s.Channels)));

    /// <summary>The sum of the partial matrices.</summary>
    internal static RooflineWork GramReduction(GramSplit s) =>
        new(0, 4 * ((double)s.Parts * Half(s.Channels) + (double)s.Channels * s.Channels));

    /// <summary>dF = D·F + dF.</summary>
    internal static RooflineWork GramBackward(int channels, int positions) =>
        new(2.0 * channels * channels * positions, 4 * ((double)channels * channels + 3.0 * channels * positions));

    /// <summary>y and the switches from x.</summary>
    internal static RooflineWork PoolForward(int channels, int height, int width, bool switches)
    {
        double inputs = (double)channels * height * width, outputs = (double)channels * (height / 2) * (width / 2);
        return new(0, 4 * (inputs + outputs) + (switches ? outputs / 4 : 0));
    }

    /// <summary>dX = r ⊙ (poolᵀ(dY) + dX).</summary>
    internal static RooflineWork PoolBackward(int channels, int height, int width, bool switches)
    {
        RooflineWork forward = PoolForward(channels, height, width, switches);
        double inputs = (double)channels * height * width;
        return forward with { Bytes = forward.Bytes + 4 * inputs + inputs / 8 };
    }

    /// <summary>Floats and doubles that go over the bus, and nothing else that counts.</summary>
    internal static RooflineWork Traffic(double floats, double doubles = 0, double flops = 0) =>
        new(flops, 4 * floats + 8 * doubles);

    /// <summary>Floats written where bits are 0, all of them here.</summary>
    internal static RooflineWork ReluMask(int channels, int height, int width) =>
        new(0, (4 + 1.0 / 8) * channels * height * width);

    private static double Half(int channels) => channels * (channels + 1.0) / 2;

    private static double Products(Conv3x3Shape s) => 2.0 * 9 * s.Inputs * s.Outputs * s.Plane;

    private static double Maps(Conv3x3Shape s) => ((double)s.Inputs + s.Outputs) * s.Plane;

    private static double Filters(Conv3x3Shape s) => 9.0 * s.Inputs * s.Outputs;

    private static double Bits(Conv3x3Shape s) => (double)s.Outputs * s.Height * s.BitsPitch;
}
