using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Conv3x3;

// conv1_1: three channels on one side, so both directions do little work a byte and are bound by memory.
//
//   forward    y      = ReLU(b + Σ_c Σ_r Σ_s w[k,c,r,s] · (image[c] − mean[c])),   zero padding means the mean colour
//   backward   dImage = Σ_k Σ_r Σ_s w[k,c,2−r,2−s] · dY[k]  [+ dImage]
//
// Forward   the third rung (Conv3x3RegisterTile) without its loop over channels: 64 outputs × 4 rows × 32 columns by 128
//           threads. One barrier, between staging and multiplying. Traffic a pixel: 3·1.6 pixels in, K values out.
// Backward  a group makes 16 rows × 32 columns of all three channels, 128 threads, each 4 neighbours × 3 channels from 3×6
//           pixels in registers. 8 channels of dY are staged at a time; barriers as on the second rung. The three filter
//           values of a tap are one float4, the same for all lanes; 8 lanes read a row of 32 pixels, each bank once. Traffic
//           a pixel: 1.2·K values in.

/// <summary>conv1_1 from and to the image. Defined by <see cref="Conv3x3Reference"/>.</summary>
public static class ImageConv3x3
{
    /// <summary>The multiple that the three output channels of the backward pass are filled up to.</summary>
    public const int BackwardFilterPitch = 4;

    private const int Threads = 128;
    private const int Columns = 32;
    private const int Rows = 16;
    private const int Channels = Conv3x3GpuFilters.InputsAtOnce;
    private const int TileColumns = Columns + 2;
    private const int TilePitch = 36;
    private const int Tile = (Rows + 2) * TilePitch;
    private const int ForwardFours = 27 * Conv3x3GpuFilters.OutputsAtOnce / 4;

    /// <summary>Groups and threads of <see cref="Forward"/>.</summary>
    public static KernelConfig ForwardConfig(Conv3x3Shape shape) => Conv3x3RegisterTile.Config(shape);

    /// <summary>Groups and threads of <see cref="Backward"/>.</summary>
    public static KernelConfig BackwardConfig(Conv3x3Shape shape) => new(
        new Index3D((shape.Width + Columns - 1) / Columns, (shape.Height + Rows - 1) / Rows, 1), new Index3D(Threads, 1, 1));

    /// <summary>y = ReLU(w ∗ (image − mean) + b).</summary>
    /// <param name="image">[3, H, W].</param>
    /// <param name="mean0">Mean of the first plane.</param>
    /// <param name="mean1">Mean of the second plane.</param>
    /// <param name="mean2">Mean of the third plane.</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.Pack"/> of w.</param>
    /// <param name="bias">b, [K].</param>
    /// <param name="y">[K, H, W]. Overwritten.</param>
    /// <param name="reluBits">Where y &gt; 0, [K, H, ⌈W/8⌉]. Overwritten; empty where they are not wanted.</param>
    /// <param name="shape">3 inputs, K outputs, H, W and the padding.</param>
    /// <param name="relu">0 leaves out the ReLU.</param>
    public static void Forward(ArrayView<float> image, float mean0, float mean1, float mean2, ArrayView<float> filters,
        ArrayView<float> bias, ArrayView<float> y, ArrayView<byte> reluBits, Conv3x3Shape shape, int relu)
    {
        ArrayView<float> tiles = SharedMemory.Allocate<float>(3 * Conv3x3RegisterTile.Tile);
        ArrayView<Float4> slice = SharedMemory.Allocate<Float4>(ForwardFours);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        Conv3x3ForwardEpilogue epilogue = new() { Bias = bias, Y = y, ReluBits = reluBits, Relu = relu };
        int firstColumn = Grid.IdxX * Conv3x3RegisterTile.Columns, firstRow = Grid.IdxY * Conv3x3RegisterTile.Rows;

        for (int i = Group.IdxX; i < Conv3x3RegisterTile.TilePixels; i += Threads)
        {
            int source = Conv3x3RegisterTile.TileSource(shape, firstRow, firstColumn, i);
            for (int c = 0; c < 3; c++)
            {
                float value = image[source >= 0 ? c * shape.Plane + source : 0] - (c == 0 ? mean0 : c == 1 ? mean1 : mean2);
                tiles[c * Conv3x3RegisterTile.Tile + Conv3x3RegisterTile.TilePlace(i)] = source >= 0 ? value : 0f;
            }
        }
        ArrayView<Float4> from = filters.Cast<Float4>();
        int pitch = Conv3x3GpuFilters.PaddedOutputs(shape.Outputs) >> 2;
        for (int i = Group.IdxX; i < ForwardFours; i += Threads) slice[i] = from[(i >> 4) * pitch + Grid.IdxZ * 16 + (i & 15)];
        Conv3x3RegisterTile.Begin(epilogue, shape, sums);
        Group.Barrier();

        int channels = shape.Inputs;
        for (int c = 0; c < channels; c++) Conv3x3RegisterTile.MultiplyChannel(tiles, slice.Cast<float>(), c, sums);
        Conv3x3RegisterTile.Store(epilogue, shape, firstRow, firstColumn, sums);
    }

    /// <summary>dImage (+)= wᵀ ∗ dY with zero padding; <see cref="Conv3x3ReflectBorder"/> adds what reflection does.</summary>
    /// <param name="dY">[K, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.Pack"/> of the transposed filters, filled up to a multiple of
    /// <see cref="BackwardFilterPitch"/>.</param>
    /// <param name="dImage">[3, H, W]. Overwritten, or added to.</param>
    /// <param name="shape">K inputs, 3 outputs, H and W.</param>
    /// <param name="accumulate">0 overwrites.</param>
    public static void Backward(ArrayView<float> dY, ArrayView<float> filters, ArrayView<float> dImage,
        Conv3x3Shape shape, int accumulate)
    {
        ArrayView<float> tiles = SharedMemory.Allocate<float>(Channels * Tile);
        ArrayView<Float4> taps = SharedMemory.Allocate<Float4>(Channels * 9);
        ArrayView<float> sums = LocalMemory.Allocate<float>(12);
        ArrayView<Float4> from = filters.Cast<Float4>();
        int firstColumn = Grid.IdxX * Columns, firstRow = Grid.IdxY * Rows;
        for (int i = 0; i < 12; i++) sums[i] = 0f;

        for (int first = 0; first < shape.Inputs; first += Channels)
        {
            for (int i = Group.IdxX; i < (Rows + 2) * TileColumns; i += Threads)
            {
                int tileRow = i / TileColumns, tileColumn = i % TileColumns;
                int source = shape.Source(firstRow + tileRow - 1, firstColumn + tileColumn - 1);
                for (int c = 0; c < Channels; c++)
                {
                    bool there = source >= 0 & first + c < shape.Inputs;
                    float value = dY[there ? (first + c) * shape.Plane + source : 0];
                    tiles[c * Tile + tileRow * TilePitch + tileColumn] = there ? value : 0f;
                }
            }
            if (Group.IdxX < Channels * 9) taps[Group.IdxX] = from[first * 9 + Group.IdxX];
            Group.Barrier();
            int count = Math.Min(Channels, shape.Inputs - first);
            for (int k = 0; k < count; k++) MultiplyChannel(tiles, taps, k, sums);
            Group.Barrier();
        }

        int row = firstRow + (Group.IdxX >> 3), column = firstColumn + (Group.IdxX & 7) * 4;
        for (int c = 0; c < 3; c++)
            for (int p = 0; p < 4; p++)
                if (row < shape.Height & column + p < shape.Width)
                {
                    int index = shape.Index(c, row, column + p);
                    dImage[index] = accumulate != 0 ? dImage[index] + sums[c * 4 + p] : sums[c * 4 + p];
                }
    }

    private static void MultiplyChannel(ArrayView<float> tiles, ArrayView<Float4> taps, int k, ArrayView<float> sums)
    {
        ArrayView<float> pixels = LocalMemory.Allocate<float>(6);
        ArrayView<Float4> fours = tiles.Cast<Float4>();
        ArrayView<Float2> pairs = tiles.Cast<Float2>();
        int row = Group.IdxX >> 3, column = (Group.IdxX & 7) * 4;
        for (int r = 0; r < 3; r++)
        {
            int begin = k * Tile + (row + r) * TilePitch + column;
            Float4 left = fours[begin >> 2];
            Float2 right = pairs[(begin >> 1) + 2];
            pixels[0] = left.X;
            pixels[1] = left.Y;
            pixels[2] = left.Z;
            pixels[3] = left.W;
            pixels[4] = right.X;
            pixels[5] = right.Y;
            for (int s = 0; s < 3; s++)
            {
                Float4 weights = taps[k * 9 + r * 3 + s];
                for (int p = 0; p < 4; p++)
                {
                    sums[p] += weights.X * pixels[p + s];
                    sums[4 + p] += weights.Y * pixels[p + s];
                    sums[8 + p] += weights.Z * pixels[p + s];
                }
            }
        }
    }
}
