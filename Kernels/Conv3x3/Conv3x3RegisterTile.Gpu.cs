using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Conv3x3;

// Third rung, exact float32 in production. Reading shared memory for every product keeps the multipliers waiting: a thread
// now makes 8 channels × 8 pixels, so that each value it reads is used 8 to 24 times from registers.
//
// Group     64 output channels × 4 rows × 32 columns, 128 threads; the grid is (columns, rows, ⌈K/64⌉).
// Threads   a warp makes one row of 32 pixels for all 64 channels: lane = 4·g + q makes pixels 8q … 8q+7 for the channels 4g
//           … 4g+3 and 32+4g … 32+4g+3. Lanes of one q read the same pixels, lanes of one g the same filter values
//           (broadcast); the 8 different float4 of filter values that a warp reads fill all 32 banks once.
// Stage     8 input channels: 8 tiles of 6×34 pixels (pitch 36, so that rows begin at 16 bytes) and 8·9·64 filter values, 25
//           KB.
// Inner     per input channel and filter row: 10 pixels in 3 loads and 3 × 8 filter values in 6 loads, for 192 multiply-adds.
// Traffic   C·(204 pixels + 576 filter values) for 8192 outputs: 0.38·C bytes an output, a fourteenth of the second rung.
// Barriers  one after staging, one after multiplying, as on the second rung. Four groups share a multiprocessor: while one
//           stages, the others multiply.

/// <summary>3×3 convolution in float32, 8 channels × 8 pixels a thread. Defined by <see cref="Conv3x3Reference"/>.</summary>
public static class Conv3x3RegisterTile
{
    internal const int Columns = 32;
    internal const int Rows = 4;
    internal const int Threads = 128;
    internal const int Outputs = Conv3x3GpuFilters.OutputsAtOnce;
    internal const int TileColumns = Columns + 2;
    internal const int TilePitch = 36;
    internal const int Tile = (Rows + 2) * TilePitch;
    internal const int TilePixels = (Rows + 2) * TileColumns;
    private const int Channels = Conv3x3GpuFilters.InputsAtOnce;
    private const int FilterFours = Channels * 9 * Outputs / 4;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(Conv3x3Shape shape) => new(
        new Index3D((shape.Width + Columns - 1) / Columns, (shape.Height + Rows - 1) / Rows,
            (shape.Outputs + Outputs - 1) / Outputs),
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
        ArrayView<float> slice = SharedMemory.Allocate<float>(Channels * 9 * Outputs);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        int firstColumn = Grid.IdxX * Columns, firstRow = Grid.IdxY * Rows;
        // Of the 204 pixels of a tile a thread fetches its own and, below 76, one more, in every channel.
        int pixel = Group.IdxX, other = Group.IdxX + Threads;
        int source = TileSource(shape, firstRow, firstColumn, pixel);
        int otherSource = TileSource(shape, firstRow, firstColumn, other);
        Begin(epilogue, shape, sums);

        for (int first = 0; first < shape.Inputs; first += Channels)
        {
            StageTiles(x, shape, first, source, tiles, TilePlace(pixel));
            if (other < TilePixels) StageTiles(x, shape, first, otherSource, tiles, TilePlace(other));
            StageFilters(filters, shape, first, slice);
            Group.Barrier();
            int count = Math.Min(Channels, shape.Inputs - first);
            for (int c = 0; c < count; c++) MultiplyChannel(tiles, slice, c, sums);
            Group.Barrier();
        }
        Store(epilogue, shape, firstRow, firstColumn, sums);
    }

    /// <summary>The output channel of a thread's i-th row of sums.</summary>
    internal static int Channel(int i)
    {
        int group = (Group.IdxX & 31) >> 2;
        return Grid.IdxZ * Outputs + (i < 4 ? 4 * group + i : 32 + 4 * group + i - 4);
    }

    /// <summary>Sets each of the 8×8 sums to what its channel begins with.</summary>
    internal static void Begin<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, ArrayView<float> sums)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        for (int i = 0; i < 8; i++)
        {
            float start = epilogue.Start(Math.Min(Channel(i), shape.Outputs - 1));
            for (int p = 0; p < 8; p++) sums[i * 8 + p] = start;
        }
    }

    /// <summary>Where the n-th pixel of the tile lies in a plane of the map; −1 where a zero stands.</summary>
    internal static int TileSource(Conv3x3Shape shape, int firstRow, int firstColumn, int pixel) =>
        shape.Source(firstRow + pixel / TileColumns - 1, firstColumn + pixel % TileColumns - 1);

    /// <summary>Where the n-th pixel of the tile lies in the tile.</summary>
    internal static int TilePlace(int pixel) => pixel / TileColumns * TilePitch + pixel % TileColumns;

    /// <summary>Adds one input channel: sums[i, p] += Σ_r Σ_s w[i, r, s] · x[row + r, p + s].</summary>
    /// <param name="tiles">Shared, a tile a channel.</param>
    /// <param name="slice">Shared, [channels, 9, 64].</param>
    /// <param name="c">Channel of both.</param>
    /// <param name="sums">Local, [8 channels, 8 pixels].</param>
    internal static void MultiplyChannel(ArrayView<float> tiles, ArrayView<float> slice, int c, ArrayView<float> sums)
    {
        ArrayView<float> pixels = LocalMemory.Allocate<float>(10);
        ArrayView<float> weights = LocalMemory.Allocate<float>(8);
        ArrayView<Float4> fours = tiles.Cast<Float4>();
        ArrayView<Float2> pairs = tiles.Cast<Float2>();
        ArrayView<Float4> sliceFours = slice.Cast<Float4>();
        int column = (Group.IdxX & 3) * 8, group = (Group.IdxX & 31) >> 2;
        for (int r = 0; r < 3; r++)
        {
            int begin = c * Tile + ((Group.IdxX >> 5) + r) * TilePitch + column;
            Float4 left = fours[begin >> 2], middle = fours[(begin >> 2) + 1];
            Float2 right = pairs[(begin >> 1) + 4];
            pixels[0] = left.X;
            pixels[1] = left.Y;
            pixels[2] = left.Z;
            pixels[3] = left.W;
            pixels[4] = middle.X;
            pixels[5] = middle.Y;
            pixels[6] = middle.Z;
            pixels[7] = middle.W;
            pixels[8] = right.X;
            pixels[9] = right.Y;
            for (int s = 0; s < 3; s++)
            {
                int row = (c * 9 + r * 3 + s) * (Outputs / 4) + group;
                Float4 low = sliceFours[row], high = sliceFours[row + 8];
                weights[0] = low.X;
                weights[1] = low.Y;
                weights[2] = low.Z;
                weights[3] = low.W;
                weights[4] = high.X;
                weights[5] = high.Y;
                weights[6] = high.Z;
                weights[7] = high.W;
                for (int i = 0; i < 8; i++)
                    for (int p = 0; p < 8; p++)
                        sums[i * 8 + p] += weights[i] * pixels[p + s];
            }
        }
    }

    /// <summary>Writes the 8×8 sums.</summary>
    internal static void Store<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int firstRow, int firstColumn,
        ArrayView<float> sums)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        int row = firstRow + (Group.IdxX >> 5), column = firstColumn + (Group.IdxX & 3) * 8;
        for (int i = 0; i < 8; i++) Conv3x3Output.StoreEight(epilogue, shape, Channel(i), row, column, sums, i * 8);
    }

    private static void StageTiles(ArrayView<float> x, Conv3x3Shape shape, int first, int source, ArrayView<float> tiles,
        int place)
    {
        for (int c = 0; c < Channels; c++)
        {
            bool there = source >= 0 & first + c < shape.Inputs;
            float value = x[there ? (first + c) * shape.Plane + source : 0];
            tiles[c * Tile + place] = there ? value : 0f;
        }
    }

    // 72 rows of 16 float4: eight rows at a time.
    private static void StageFilters(ArrayView<float> filters, Conv3x3Shape shape, int first, ArrayView<float> slice)
    {
        ArrayView<Float4> from = filters.Cast<Float4>(), to = slice.Cast<Float4>();
        int pitch = Conv3x3GpuFilters.PaddedOutputs(shape.Outputs) >> 2;
        int row = Group.IdxX >> 4, column = Group.IdxX & 15;
        int begin = (first * 9 + row) * pitch + Grid.IdxZ * (Outputs / 4) + column;
        for (int i = 0; i < FilterFours / Threads; i++) to[Group.IdxX + i * Threads] = from[begin + i * 8 * pitch];
    }
}
