namespace GatysGpu.Kernels.Conv3x3;

// Reflection at the edges reads some pixels twice: row −1 is row 1, row H is row H−2, columns likewise. So in the backward
// pass these pixels get, beside what they get with zero padding, what the ring outside would have got:
//
//   dX[c,u,v] += r · Σ over the places (e,f) ≠ (u,v) of the ring with p(e) = u, p(f) = v of
//                Σ_k Σ_r Σ_s w′[c,k,r,s] · dY[k, e+r−1, f+s−1],     w′[c,k,r,s] = w[k,c,2−r,2−s]
//
// The main kernels run with zero padding; this one follows and touches only the rows 1 and H−2 and the columns 1 and W−2 (0,
// where the side is 1 long). One thread an output and all of its terms in a fixed order, so the result does not depend on the
// schedule.
//
// Threads   256 along the line of places [row 1, row H−2, column 1, column W−2]; the grid is (places, C). A place that an
//           earlier part of the line names too is left to that part.
// Traffic   at most 12 taps of K values and as many filter values for 2·(H+W) places a channel: a few thousandths of the main
//           kernel.
// Barriers  none.

/// <summary>What reflecting padding adds to the gradient of a zero-padded convolution. Defined by <see
/// cref="Conv3x3Reference"/>.</summary>
public static class Conv3x3ReflectBorder
{
    private const int Threads = 256;

    // No row or column within reach of a tap.
    private const int Nowhere = -8;

    /// <summary>Groups and threads.</summary>
    /// <param name="shape">As for <see cref="BackwardInput"/>.</param>
    public static KernelConfig Config(Conv3x3Shape shape) => new(
        new Index3D((2 * (shape.Height + shape.Width) + Threads - 1) / Threads, shape.Outputs, 1), new Index3D(Threads, 1, 1));

    /// <summary>Adds the ring's part to dX, which a backward kernel has made with zero padding.</summary>
    /// <param name="dY">[K, H, W].</param>
    /// <param name="filters"><see cref="Conv3x3GpuFilters.Pack"/> of the transposed filters.</param>
    /// <param name="filterPitch">C filled up as <paramref name="filters"/> were packed.</param>
    /// <param name="dX">[C, H, W]. Added to.</param>
    /// <param name="reluBits">r, [C, H, ⌈W/8⌉]; empty leaves the mask out.</param>
    /// <param name="shape">Its inputs are the K channels of dY, its outputs the C channels of dX.</param>
    public static void BackwardInput(ArrayView<float> dY, ArrayView<float> filters, int filterPitch, ArrayView<float> dX,
        ArrayView<byte> reluBits, Conv3x3Shape shape)
    {
        int place = Grid.IdxX * Threads + Group.IdxX, channel = Grid.IdxY;
        int height = shape.Height, width = shape.Width;
        if (place >= 2 * (height + width)) return;
        bool alongRow = place < 2 * width;
        int along = alongRow ? place : place - 2 * width;
        int length = alongRow ? width : height, across = alongRow ? height : width;
        bool far = along >= length;
        int near = Conv3x3Shape.Mirror(-1, across), line = far ? Conv3x3Shape.Mirror(across, across) : near;
        along = far ? along - length : along;
        int row = alongRow ? line : along, column = alongRow ? along : line;

        // A side of 1 has no row 1 that is not 0; one of 3 has the same row twice; one of 2 has rows 1 and 0.
        bool again = far & line == near;
        bool onRow = row == Conv3x3Shape.Mirror(-1, height) | row == Conv3x3Shape.Mirror(height, height);
        if (again | (!alongRow & onRow)) return;
        if (reluBits.Length != 0)
            if ((reluBits[shape.BitsByte(channel, row, column)] >> (column & 7) & 1) == 0) return;

        float sum = 0f;
        for (int a = 0; a < 3; a++)
            for (int b = 0; b < 3; b++)
            {
                int outerRow = Twin(a, row, height), outerColumn = Twin(b, column, width);
                if (a + b != 0 & outerRow != Nowhere & outerColumn != Nowhere)
                    sum += Taps(dY, filters, filterPitch, shape, channel, outerRow, outerColumn);
            }
        dX[shape.Index(channel, row, column)] += sum;
    }

    /// <summary>The place itself (0), its twin before the first (1) or behind the last (2).</summary>
    private static int Twin(int which, int i, int length)
    {
        int outer = which == 1 ? -1 : length;
        return which == 0 ? i : Conv3x3Shape.Mirror(outer, length) == i ? outer : Nowhere;
    }

    private static float Taps(ArrayView<float> dY, ArrayView<float> filters, int filterPitch, Conv3x3Shape shape, int channel,
        int row, int column)
    {
        float sum = 0f;
        for (int tap = 0; tap < 9; tap++)
        {
            int i = row + tap / 3 - 1, j = column + tap % 3 - 1;
            if (i >= 0 & i < shape.Height & j >= 0 & j < shape.Width)
                for (int k = 0; k < shape.Inputs; k++)
                    sum += dY[shape.Index(k, i, j)] * filters[(k * 9 + tap) * filterPitch + channel];
        }
        return sum;
    }
}
