namespace GatysGpu.Engine.Imaging;

/// <summary>Decoded components to a picture that stands upright.</summary>
internal static class JpegPictureBuilder
{
    /// <summary>Rows that are turned together: their samples of one column are 16 floats in a row, one cache line.</summary>
    private const int BandRows = 16;

    /// <summary>Upsamples, converts and orients.</summary>
    /// <param name="frame">The components, samples computed.</param>
    /// <param name="model">What they mean.</param>
    /// <param name="orientation">EXIF's 1 to 8.</param>
    public static Picture Build(JpegFrame frame, JpegColourModel model, int orientation)
    {
        int width = frame.Width, height = frame.Height;
        JpegUpsampler[] upsamplers = [.. frame.Components.Select(c => new JpegUpsampler(frame, c))];
        var rows = new JpegRow[upsamplers.Length];
        Picture picture = orientation >= 5 ? new(height, width) : new(width, height);
        bool upright = orientation == ExifOrientation.Upright;
        Picture band = upright ? picture : new(width, Math.Min(BandRows, height));
        for (int y = 0; y < height; y++)
        {
            for (int i = 0; i < rows.Length; i++) rows[i] = upsamplers[i].Row(y);
            int start = (upright ? y : y % BandRows) * width;
            Span<float> red = band.Plane(0).Slice(start, width), green = band.Plane(1).Slice(start, width);
            JpegColour.ToRgb(model, rows, red, green, band.Plane(2).Slice(start, width));
            bool full = y % BandRows == BandRows - 1 || y == height - 1;
            if (!upright && full) Turn(band, y - y % BandRows, y % BandRows + 1, picture, orientation, width, height);
        }
        return picture;
    }

    /// <summary>Copies a band of stored rows to where they belong: stored (x, y) goes to origin + x·stepX + y·stepY.</summary>
    private static void Turn(Picture band, int firstRow, int rows, Picture picture, int orientation, int width, int height)
    {
        bool transposed = orientation >= 5;
        bool mirrorX = orientation is 2 or 3 or 7 or 8, mirrorY = orientation is 3 or 4 or 6 or 7;
        int stepX = transposed ? picture.Width : 1, stepY = transposed ? 1 : picture.Width;
        int origin = (mirrorX ? (width - 1) * stepX : 0) + (mirrorY ? (height - 1) * stepY : 0);
        (stepX, stepY) = (mirrorX ? -stepX : stepX, mirrorY ? -stepY : stepY);
        for (int channel = 0; channel < 3; channel++)
        {
            ReadOnlySpan<float> from = band.Plane(channel);
            Span<float> to = picture.Plane(channel);
            for (int x = 0; x < width; x++)
                for (int y = 0; y < rows; y++) to[origin + x * stepX + (firstRow + y) * stepY] = from[y * width + x];
        }
    }
}
