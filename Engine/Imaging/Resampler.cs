using System.Numerics;

namespace GatysGpu.Engine.Imaging;

/// <summary>Changes a picture's size without aliasing.</summary>
/// <remarks>
/// Separable, with the weights of <see cref="LanczosKernel"/>: a column pass makes one row of the input's width, a row pass makes the
/// output's row of it, so that beside the two pictures each thread holds one row only. Sums are double: a window may span tens of
/// thousands of samples. Threads share output rows, each of which is computed by one of them in a fixed order; the result does not
/// depend on their number. Works on the sRGB-encoded samples as they are, as the programs that results are compared with do.
/// </remarks>
public static class Resampler
{
    /// <summary>A picture of another size.</summary>
    /// <param name="source">The picture; is not changed.</param>
    /// <param name="width">Columns to make, at least 1.</param>
    /// <param name="height">Rows to make, at least 1.</param>
    /// <returns>A new picture; samples are clamped to 0..255, since Lanczos' kernel overshoots at edges. The same size gives the same
    /// samples.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1, or there are more pixels than a picture can hold.</exception>
    public static Picture Resize(Picture source, int width, int height)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)width * height, PictureSize.Largest, "pixels");
        // Where the width shrinks and the height grows, most columns of the many new rows would be made only to be thrown away.
        if (width < source.Width && height > source.Height)
            source = Pass(source, width, source.Height, float.NegativeInfinity, float.PositiveInfinity);
        return Pass(source, width, height, 0, 255);
    }

    /// <summary>The size with the same aspect whose longer side is <paramref name="maxSide"/>, larger or smaller than it was.</summary>
    /// <param name="width">Columns, at least 1.</param>
    /// <param name="height">Rows, at least 1.</param>
    /// <param name="maxSide">The longer side, at least 1; to never enlarge, pass the lesser of this and the longer side.</param>
    /// <returns>Both at least 1; the shorter side is rounded to the nearest whole number.</returns>
    public static (int Width, int Height) FitSize(int width, int height, int maxSide)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        return width >= height ? (maxSide, Shorter(height, width, maxSide)) : (Shorter(width, height, maxSide), maxSide);
    }

    private static Picture Pass(Picture source, int width, int height, double least, double most)
    {
        Picture result = new(width, height);
        LanczosKernel columns = new(source.Width, width), rows = new(source.Height, height);
        Parallel.For(0L, 3L * height, () => new double[source.Width], (task, _, row) =>
        {
            (int channel, int y) = ((int)(task / height), (int)(task % height));
            MixRows(source.Plane(channel), source.Width, rows.First(y), rows.Weights(y), row);
            MixColumns(row, columns, result.Plane(channel).Slice(y * width, width), least, most);
            return row;
        }, _ => { });
        return result;
    }

    // round(shorter·maxSide/longer) in whole numbers, half upwards: independent of floating point.
    private static int Shorter(int shorter, int longer, int maxSide) =>
        (int)Math.Max(1, (2L * shorter * maxSide + longer) / (2L * longer));

    // row[x] = Σₖ weights[k]·plane[first + k, x]. A lane is a column; the remainder is done one by one.
    private static void MixRows(ReadOnlySpan<float> plane, int width, int first, ReadOnlySpan<double> weights, Span<double> row)
    {
        row.Clear();
        for (int k = 0; k < weights.Length; k++)
        {
            ReadOnlySpan<float> line = plane.Slice((first + k) * width, width);
            Vector<double> weight = new(weights[k]);
            int x = 0;
            for (; x <= width - Vector<float>.Count; x += Vector<float>.Count)
            {
                Vector.Widen(new Vector<float>(line[x..]), out Vector<double> low, out Vector<double> high);
                Span<double> at = row.Slice(x, Vector<float>.Count);
                (new Vector<double>(at) + weight * low).CopyTo(at);
                at = at[Vector<double>.Count..];
                (new Vector<double>(at) + weight * high).CopyTo(at);
            }
            for (; x < width; x++) row[x] += weights[k] * line[x];
        }
    }

    // line[x] = clamp(Σₖ weights[k]·row[first + k]).
    private static void MixColumns(ReadOnlySpan<double> row, LanczosKernel columns, Span<float> line, double least, double most)
    {
        for (int x = 0; x < line.Length; x++)
        {
            ReadOnlySpan<double> weights = columns.Weights(x);
            ReadOnlySpan<double> samples = row.Slice(columns.First(x), weights.Length);
            double sum = 0;
            for (int k = 0; k < weights.Length; k++) sum += weights[k] * samples[k];
            line[x] = (float)Math.Clamp(sum, least, most);
        }
    }
}
