namespace GatysGpu.Engine.Imaging;

/// <summary>Brings one component to the picture's size, row by row.</summary>
/// <remarks>
/// <para>A component of half the width or height has its samples centred between the picture's: a sample of the picture is 3/4 of
/// the nearer one and 1/4 of the farther (libjpeg's "fancy" triangle filter; its rounding, which alternates so that it does not
/// shift the mean, and its edges, which repeat the outermost sample). Other ratios repeat samples, as libjpeg does.</para>
/// </remarks>
internal sealed class JpegUpsampler
{
    private readonly JpegComponent component;
    private readonly int maxHorizontal, maxVertical, width;
    private readonly byte[] row = [];   // one row as wide as the picture, up to one sample wider
    private readonly int[] sums = [];   // 4 × a row that lies between the component's rows
    private readonly bool halfWidth, halfHeight, blends;

    /// <summary>Prepares for one component of a frame.</summary>
    public JpegUpsampler(JpegFrame frame, JpegComponent component)
    {
        this.component = component;
        (maxHorizontal, maxVertical, width) = (frame.MaxHorizontal, frame.MaxVertical, frame.Width);
        halfWidth = component.HorizontalFactor * 2 == maxHorizontal;
        halfHeight = component.VerticalFactor * 2 == maxVertical;
        bool fullWidth = component.HorizontalFactor == maxHorizontal, fullHeight = component.VerticalFactor == maxVertical;
        // libjpeg repeats where a row of half width has one or two samples; doing the same costs nothing.
        blends = (halfWidth && component.Width > 2 && (fullHeight || halfHeight)) || (fullWidth && halfHeight);
        if (fullWidth && fullHeight) return;
        row = new byte[Math.Max(width, 2 * component.Width)];
        if (blends) sums = new int[component.Width];
    }

    /// <summary>A row of the picture. What an earlier call gave may be overwritten.</summary>
    /// <param name="y">0 to the picture's height − 1.</param>
    public JpegRow Row(int y)
    {
        if (row.Length == 0) return new JpegRow(component.Samples, y * component.Stride, width);
        if (!blends) Repeat(y);
        else if (!halfHeight) WidenRow(y);
        else
        {
            BlendRows(y);
            if (halfWidth) WidenSums();
            else NarrowSums(y);
        }
        return new JpegRow(row, 0, width);
    }

    private ReadOnlySpan<byte> Source(int y) => component.Samples.AsSpan(y * component.Stride, component.Width);

    private void Repeat(int y)
    {
        ReadOnlySpan<byte> source = Source(y * component.VerticalFactor / maxVertical);
        int factor = component.HorizontalFactor;
        for (int x = 0, position = 0; x < width; x++, position += factor) row[x] = source[position / maxHorizontal];
    }

    /// <summary>Half width: (3·near + far + 1 or 2) / 4, to the left and to the right of each sample.</summary>
    private void WidenRow(int y)
    {
        ReadOnlySpan<byte> source = Source(y);
        int last = source.Length - 1;
        row[0] = source[0];
        row[2 * last + 1] = source[last];
        for (int i = 0; i < last; i++)
        {
            int left = source[i], right = source[i + 1];
            row[2 * i + 1] = (byte)((3 * left + right + 2) >> 2);
            row[2 * i + 2] = (byte)((left + 3 * right + 1) >> 2);
        }
    }

    /// <summary>Half height: 3·near + far, near the row that holds y, far the one above or below.</summary>
    private void BlendRows(int y)
    {
        int near = y / 2, far = Math.Clamp(y % 2 == 0 ? near - 1 : near + 1, 0, component.Height - 1);
        ReadOnlySpan<byte> a = Source(near), b = Source(far);
        for (int i = 0; i < sums.Length; i++) sums[i] = 3 * a[i] + b[i];
    }

    private void NarrowSums(int y)
    {
        int rounding = y % 2 == 0 ? 1 : 2;
        for (int i = 0; i < width; i++) row[i] = (byte)((sums[i] + rounding) >> 2);
    }

    /// <summary>Half width of blended rows: (3·near + far + 8 or 7) / 16.</summary>
    private void WidenSums()
    {
        int last = sums.Length - 1;
        row[0] = (byte)((4 * sums[0] + 8) >> 4);
        row[2 * last + 1] = (byte)((4 * sums[last] + 7) >> 4);
        for (int i = 0; i < last; i++)
        {
            int left = sums[i], right = sums[i + 1];
            row[2 * i + 1] = (byte)((3 * left + right + 7) >> 4);
            row[2 * i + 2] = (byte)((left + 3 * right + 8) >> 4);
        }
    }
}
