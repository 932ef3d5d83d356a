namespace GatysGpu.Kernels.Conv3x3;

// First rung. A thread makes one output and fetches everything it multiplies from global memory itself.
//
// Threads   256 as 8 rows of 32 columns: a warp is 32 neighbours of a row, so that its reads of x are one or two lines of 128
//           bytes and its filter value is one for all lanes. The grid is (columns, rows, K).
// Traffic   an output reads 9·C pixels and 9·C filter values: 72·C bytes asked for (less at the border, where a tap that
//           stands outside reads nothing). The caches see that neighbours ask for the same; the load units do not.
// Barriers  none: no thread reads what another wrote.

/// <summary>3×3 convolution, one thread an output. Defined by <see cref="Conv3x3Reference"/>.</summary>
public static class Conv3x3Naive
{
    private const int Columns = 32;
    private const int Rows = 8;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(Conv3x3Shape shape) => new(
        new Index3D((shape.Width + Columns - 1) / Columns, (shape.Height + Rows - 1) / Rows, shape.Outputs),
        new Index3D(Columns * Rows, 1, 1));

    /// <summary>y = ReLU(w ∗ x + b).</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.Pack"/> of w.</param>
    /// <param name="bias">b, [K].</param>
    /// <param name="y">[K, H, W]. Overwritten.</param>
    /// <param name="reluBits">Where y &gt; 0, [K, H, ⌈W/8⌉]. Overwritten; empty where they are not wanted.</param>
    /// <param name="shape">C, K, H, W and the padding.</param>
    /// <param name="relu">0 leaves out the ReLU.</param>
    public static void Forward(ArrayView<float> x, ArrayView<float> filters, ArrayView<float> bias, ArrayView<float> y,
        ArrayView<byte> reluBits, Conv3x3Shape shape, int relu) =>
        Convolve(x, filters, shape, new Conv3x3ForwardEpilogue { Bias = bias, Y = y, ReluBits = reluBits, Relu = relu });

    /// <summary>dX = r ⊙ (wᵀ ∗ dY [+ dX]).</summary>
    /// <param name="dY">[K, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.Pack"/> of the transposed filters.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first.</param>
    /// <param name="reluBits">r, [C, H, ⌈W/8⌉]; empty leaves the mask out.</param>
    /// <param name="shape">Its inputs are the K channels of dY, its outputs the C channels of dX; zero padding.</param>
    /// <param name="accumulate">0 overwrites dX.</param>
    public static void BackwardInput(ArrayView<float> dY, ArrayView<float> filters, ArrayView<float> dX, ArrayView<byte> reluBits,
        Conv3x3Shape shape, int accumulate) =>
        Convolve(dY, filters, shape, new Conv3x3BackwardEpilogue { DX = dX, ReluBits = reluBits, Accumulate = accumulate });

    private static void Convolve<TEpilogue>(ArrayView<float> x, ArrayView<float> filters, Conv3x3Shape shape, TEpilogue epilogue)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        int column = Grid.IdxX * Columns + (Group.IdxX & 31);
        int row = Grid.IdxY * Rows + (Group.IdxX >> 5);
        int channel = Grid.IdxZ;
        int pitch = Conv3x3GpuFilters.PaddedOutputs(shape.Outputs);
        bool inside = row < shape.Height & column < shape.Width;
        float sum = epilogue.Start(channel);
        for (int r = 0; r < 3; r++)
            for (int s = 0; s < 3; s++)
            {
                int source = shape.Source(row + r - 1, column + s - 1);
                // Threads whose pixels hang over the edge wait here for the others of their warp and meet them at the store.
                if (inside & source >= 0)
                    for (int c = 0; c < shape.Inputs; c++)
                        sum += x[c * shape.Plane + source] * filters[(c * 9 + r * 3 + s) * pitch + channel];
            }
        Conv3x3Output.StoreOne(epilogue, shape, channel, row, column, sum);
    }
}
