using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Kernels.Conv3x3;

// Fourth rung, in production where TF32 is allowed (sm_80 and later). The convolution as nine matrix products, one a tap: [64
// outputs × 8 inputs] · [8 inputs × pixels], made by mma.m16n8k8; copies run beside them.
//
// Group     64 output channels × 8 rows × 32 columns, 8 warps; the grid is (columns, rows, ⌈K/64⌉).
// Warps     warp = 2·b + h makes the 32 channels of half h for block b of 4 rows × 16 columns: 2 tiles of 16 channels by 4
//           rows of 2 tiles of 8 pixels, 64 sums a lane.
// Step      8 input channels and one column s of the filter, that is three taps. A warp reads the 6 rows of pixels under its
//           4 once a step and uses each for up to three taps; all four values of A come in one load, since the host packed
//           the filters in the order of the fragments.
// Banks     B: lane 4g + m reads pixel g of channel m: planes of 344 floats lie 24 banks apart, so the 32 lanes fall on 32
//           banks. A: 32 lanes read 512 bytes in a row.
// Pipeline  filters in a ring of three slots, asked for two steps ahead; pixels in two slots, asked for two steps ahead of
//           the first step that needs them. Commit closes one group of copies a step; Wait(1) leaves only the next step's
//           under way. 40 KB.
// Barrier   one a step, behind Wait: it shows every thread's copies to all, and it proves that all are done with the step
//           before, whose slot is the one that is filled next.
// Traffic   C·(340 pixels + 576 filter values) for 16384 outputs: 0.22·C bytes an output, six tenths of the third rung.
// Rounding  filters on the host, pixels in shared memory as soon as they are there, by the thread that copied them, once for all
//           the warps that read them; to nearest, ties away. Sums are float32.

/// <summary>3×3 convolution on tensor cores in TF32 with asynchronous copies. Defined by <see cref="Conv3x3Reference"/> of
/// rounded inputs.</summary>
public static class Conv3x3TensorCore
{
    private const int Columns = 32;
    private const int Rows = 8;
    private const int Threads = 256;
    private const int Outputs = Conv3x3GpuFilters.OutputsAtOnce;
    private const int Channels = Conv3x3GpuFilters.InputsAtOnce;
    private const int TileColumns = Columns + 2;
    private const int TilePixels = (Rows + 2) * TileColumns;
    private const int PlanePitch = 344;
    private const int TileSlot = Channels * PlanePitch;
    private const int StepFours = 3 * Outputs * Channels / 4;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(Conv3x3Shape shape) => new(
        new Index3D((shape.Width + Columns - 1) / Columns, (shape.Height + Rows - 1) / Rows,
            (shape.Outputs + Outputs - 1) / Outputs),
        new Index3D(Threads, 1, 1));

    /// <summary>y = ReLU(w ∗ x + b) with w and x rounded to TF32.</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.PackFragments"/> of w.</param>
    /// <param name="bias">b, [K].</param>
    /// <param name="y">[K, H, W]. Overwritten.</param>
    /// <param name="reluBits">Where y &gt; 0, [K, H, ⌈W/8⌉]. Overwritten; empty where they are not wanted.</param>
    /// <param name="shape">C, K, H, W and the padding.</param>
    /// <param name="relu">0 leaves out the ReLU.</param>
    public static void Forward(ArrayView<float> x, ArrayView<float> filters, ArrayView<float> bias, ArrayView<float> y,
        ArrayView<byte> reluBits, Conv3x3Shape shape, int relu) =>
        Convolve(x, filters, shape, new Conv3x3ForwardEpilogue { Bias = bias, Y = y, ReluBits = reluBits, Relu = relu });

    /// <summary>dX = r ⊙ (wᵀ ∗ dY [+ dX]) with w and dY rounded to TF32.</summary>
    /// <param name="dY">[K, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.PackFragments"/> of the transposed filters.</param>
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
        ArrayView<float> tiles = SharedMemory.Allocate<float>(2 * TileSlot);
        ArrayView<Float4> slices = SharedMemory.Allocate<Float4>(3 * StepFours);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        ArrayView<float> pixels = LocalMemory.Allocate<float>(24);
        int firstColumn = Grid.IdxX * Columns, firstRow = Grid.IdxY * Rows;
        int chunks = (shape.Inputs + Channels - 1) >> 3, steps = 3 * chunks;
        ArrayView<Float4> stream = filters.Cast<Float4>();
        int streamBegin = Grid.IdxZ * steps * StepFours;
        // Of the 340 pixels of a tile a thread fetches its own and, below 84, one more, in every channel.
        int source = TileSource(shape, firstRow, firstColumn, Group.IdxX);
        int otherSource = TileSource(shape, firstRow, firstColumn, Group.IdxX + Threads);
        Begin(epilogue, shape, sums);

        StageTiles(x, shape, 0, source, otherSource, tiles);
        StageFilters(stream, streamBegin, slices, 0);
        AsyncCopy.Commit();
        StageFilters(stream, streamBegin + StepFours, slices, 1);
        AsyncCopy.Commit();
        for (int chunk = 0; chunk < chunks; chunk++)
            for (int s = 0; s < 3; s++)
            {
                AsyncCopy.Wait(1);
                if (s == 0) RoundTiles(tiles, chunk);
                Group.Barrier();
                if (s == 1 && chunk + 1 < chunks) StageTiles(x, shape, chunk + 1, source, otherSource, tiles);
                int ahead = chunk * 3 + s + 2;
                if (ahead < steps) StageFilters(stream, streamBegin + ahead * StepFours, slices, (s + 2) % 3);
                AsyncCopy.Commit();
                ReadPixels(tiles, (chunk & 1) * TileSlot, s, pixels);
                Multiply(slices, s, pixels, sums);
            }
        Store(epilogue, shape, firstRow, firstColumn, sums);
    }

    /// <summary>First channel, of the group's 64, of this warp.</summary>
    private static int WarpChannel => (Group.IdxX >> 5 & 1) * 32;

    /// <summary>First row, of the group's 8, of this warp.</summary>
    private static int WarpRow => (Group.IdxX >> 7) * 4;

    /// <summary>First column, of the group's 32, of this warp.</summary>
    private static int WarpColumn => (Group.IdxX >> 6 & 1) * 16;

    /// <summary>g of the fragments' layout: row of A and D, column of B.</summary>
    private static int FragmentGroup => (Group.IdxX & 31) >> 2;

    /// <summary>m of the fragments' layout: column of A, row of B, half a column of D.</summary>
    private static int FragmentMember => Group.IdxX & 3;

    private static int TileSource(Conv3x3Shape shape, int firstRow, int firstColumn, int pixel) =>
        shape.Source(firstRow + pixel / TileColumns - 1, firstColumn + pixel % TileColumns - 1);

    // Sums lie as [2 tiles of channels, 4 rows, 2 tiles of pixels, d0 … d3]; d2 and d3 belong to the channel 8 further on.
    private static void Begin<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, ArrayView<float> sums)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        int channel = Grid.IdxZ * Outputs + WarpChannel + FragmentGroup;
        for (int tile = 0; tile < 2; tile++)
            for (int half = 0; half < 2; half++)
            {
                float start = epilogue.Start(Math.Min(channel + tile * 16 + half * 8, shape.Outputs - 1));
                for (int part = 0; part < 8; part++)
                {
                    sums[tile * 32 + part * 4 + half * 2] = start;
                    sums[tile * 32 + part * 4 + half * 2 + 1] = start;
                }
            }
    }

    private static void StageTiles(ArrayView<float> x, Conv3x3Shape shape, int chunk, int source, int otherSource,
        ArrayView<float> tiles)
    {
        int slot = (chunk & 1) * TileSlot + Group.IdxX;
        StagePixel(x, shape, chunk * Channels, source, tiles, slot);
        if (Group.IdxX < TilePixels - Threads) StagePixel(x, shape, chunk * Channels, otherSource, tiles, slot + Threads);
    }

    private static void StagePixel(ArrayView<float> x, Conv3x3Shape shape, int first, int source, ArrayView<float> tiles,
        int place)
    {
        for (int c = 0; c < Channels; c++)
        {
            bool there = source >= 0 & first + c < shape.Inputs;
            AsyncCopy.CopyOrZero(ref tiles[place + c * PlanePitch], ref x[there ? (first + c) * shape.Plane + source : 0], there);
        }
    }

    // Each thread rounds what it copied itself: that is there for it behind Wait, and for the others behind the barrier.
    private static void RoundTiles(ArrayView<float> tiles, int chunk)
    {
        int place = (chunk & 1) * TileSlot + Group.IdxX;
        for (int c = 0; c < Channels; c++)
            tiles[place + c * PlanePitch] = TensorCore.RoundToTf32(tiles[place + c * PlanePitch]);
        if (Group.IdxX >= TilePixels - Threads) return;
        for (int c = 0; c < Channels; c++)
            tiles[place + Threads + c * PlanePitch] = TensorCore.RoundToTf32(tiles[place + Threads + c * PlanePitch]);
    }

    // 384 float4: one a thread, and one more for the first half.
    private static void StageFilters(ArrayView<Float4> stream, int begin, ArrayView<Float4> slices, int slot)
    {
        int thread = Group.IdxX;
        AsyncCopy.Copy(ref slices[slot * StepFours + thread], ref stream[begin + thread]);
        if (thread < StepFours - Threads)
            AsyncCopy.Copy(ref slices[slot * StepFours + Threads + thread], ref stream[begin + Threads + thread]);
    }

    // Pixels lie as [6 rows, 2 tiles, b0 and b1].
    private static void ReadPixels(ArrayView<float> tiles, int slot, int s, ArrayView<float> pixels)
    {
        int begin = slot + FragmentMember * PlanePitch + WarpRow * TileColumns + WarpColumn + FragmentGroup + s;
        for (int row = 0; row < 6; row++)
            for (int tile = 0; tile < 2; tile++)
                for (int half = 0; half < 2; half++)
                    pixels[(row * 2 + tile) * 2 + half] = tiles[begin + half * 4 * PlanePitch + row * TileColumns + tile * 8];
    }

    private static void Multiply(ArrayView<Float4> slices, int slot, ArrayView<float> pixels, ArrayView<float> sums)
    {
        int lane = Group.IdxX & 31, warpTile = (Group.IdxX >> 5 & 1) * 2;
        for (int r = 0; r < 3; r++)
            for (int tile = 0; tile < 2; tile++)
            {
                Float4 a = slices[slot * StepFours + (r * 4 + warpTile + tile) * 32 + lane];
                for (int part = 0; part < 8; part++)
                {
                    int d = tile * 32 + part * 4, b = (part + 2 * r) * 2;
                    TensorCore.MultiplyAddM16N8K8(ref sums[d], ref sums[d + 1], ref sums[d + 2], ref sums[d + 3],
                        a.X, a.Y, a.Z, a.W, pixels[b], pixels[b + 1]);
                }
            }
    }

    private static void Store<TEpilogue>(TEpilogue epilogue, Conv3x3Shape shape, int firstRow, int firstColumn,
        ArrayView<float> sums)
        where TEpilogue : struct, IConv3x3Epilogue
    {
        int channel = Grid.IdxZ * Outputs + WarpChannel + FragmentGroup;
        int row = firstRow + WarpRow, column = firstColumn + WarpColumn + 2 * FragmentMember;
        for (int tile = 0; tile < 2; tile++)
            for (int part = 0; part < 8; part++)
                for (int half = 0; half < 2; half++)
                {
                    int d = tile * 32 + part * 4 + half * 2;
                    Conv3x3Output.StorePair(epilogue, shape, channel + tile * 16 + half * 8, row + part / 2,
                        column + part % 2 * 8, sums[d], sums[d + 1]);
                }
    }
}
