namespace GatysGpu.Kernels.Conv3x3;

// Second rung. The threads of a group want nearly the same pixels: they fetch them once, together, into shared memory.
//
// Threads   256 as 8 rows of 32 columns, one output channel a group; the grid is (columns, rows, K). A warp is 32 neighbours
//           of a row: its nine reads of the tile fall on 32 different banks, its filter value is one for all lanes.
// Stage     8 input channels at a time: 8 tiles of 10×34 pixels (the outputs and a ring of one) and 8·9 filter values.
// Traffic   C·(340 pixels + 9 filter values) for 256 outputs: 5.45·C bytes an output, a thirteenth of the first rung.
// Barriers  one after staging (a thread multiplies what others fetched), one after multiplying (nobody may overwrite the tile
//           while another still reads it).

/// <summary>3×3 convolution, input tile and filters staged in shared memory, one thread an output. Defined by
/// <see cref="Conv3x3Reference"/>.</summary>
public static class Conv3x3SharedTile
{
    private const int Columns = 32;
    private const int Rows = 8;
    private const int Threads = Columns * Rows;
    private const int Channels = Conv3x3GpuFilters.InputsAtOnce;
    private const int TileColumns = Columns + 2;
    private const int Tile = (Rows + 2) * TileColumns;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(Conv3x3Shape shape) => new(
        new Index3D((shape.Width + Columns - 1) / Columns, (shape.Height + Rows - 1) / Rows, shape.Outputs),
        new Index3D(Threads, 1, 1));

    /// <inheritdoc cref="Conv3x3Naive.Forward"/>
    public static void Forward(ArrayView<float> x, ArrayView<float> filters, ArrayView<float> bias, ArrayView<float> y,
        ArrayView<byte> reluBits, Conv3x3Shape shape, int relu) =>
        Convolve(x, filters, shape, new Conv3x3ForwardEpilogue { Bias = bias, Y = y, ReluBits = reluBits, Relu = relu });

    /// <inheritdoc cref="Conv3x3Naive.BackwardInput"/>
    public static void BackwardInput(ArrayView<float> dY, ArrayView<float> filters, ArrayView<float> dX, ArrayView<byte> reluBits,
        Conv3x3Shape shape, int accumulate) =>
        Convolve(dY, filters, shape, new Conv3x3BackwardEpilogue { DX = dX, ReluBits = reluBits, Accumulate = accumulate });

    private static void Convolve<TEpilogue>(ArrayView<float> x, ArrayView<float> filters, Conv3x3Shape shape, TEpilogue epilogue)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        ArrayView<float> tiles = SharedMemory.Allocate<float>(Channels * Tile);
        ArrayView<float> taps = SharedMemory.Allocate<float>(Channels * 9);
        int firstColumn = Grid.IdxX * Columns, firstRow = Grid.IdxY * Rows, channel = Grid.IdxZ;
        int threadColumn = Group.IdxX & 31, threadRow = Group.IdxX >> 5;
        int pitch = Conv3x3GpuFilters.PaddedOutputs(shape.Outputs);
        float sum = epilogue.Start(channel);

        for (int first = 0; first < shape.Inputs; first += Channels)
        {
            for (int i = Group.IdxX; i < Tile; i += Threads)
            {
                int source = shape.Source(firstRow + i / TileColumns - 1, firstColumn + i % TileColumns - 1);
                for (int c = 0; c < Channels; c++)
                {
                    bool there = source >= 0 & first + c < shape.Inputs;
                    float value = x[there ? (first + c) * shape.Plane + source : 0];
                    tiles[c * Tile + i] = there ? value : 0f;
                }
            }
            if (Group.IdxX < Channels * 9) taps[Group.IdxX] = filters[(first * 9 + Group.IdxX) * pitch + channel];
            Group.Barrier();

            int count = Math.Min(Channels, shape.Inputs - first);
            for (int c = 0; c < count; c++)
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++)
                        sum += tiles[c * Tile + (threadRow + r) * TileColumns + threadColumn + s] * taps[c * 9 + r * 3 + s];
            Group.Barrier();
        }
        Conv3x3Output.StoreOne(epilogue, shape, channel, firstRow + threadRow, firstColumn + threadColumn, sum);
    }
}
