namespace GatysGpu.Engine.Imaging;

/// <summary>PNG's five row filters, both ways.</summary>
/// <remarks>
/// PNG specification, section 9. With x a byte of the row, a the same byte of the pixel to the left, b of the pixel above and c of
/// the one above to the left (0 outside the picture), all arithmetic modulo 256, the file holds x − p:
/// <code>
/// 0 None     p = 0                       3 Average  p = ⌊(a + b) / 2⌋
/// 1 Sub      p = a                       4 Paeth    p = the one of a, b, c nearest to a + b − c,
/// 2 Up       p = b                                      in this order where two are equally near
/// </code>
/// </remarks>
internal static class PngFilter
{
    /// <summary>The number of filters; a row's first byte is below it.</summary>
    public const int Count = 5;

    /// <summary>Turns a filtered row into the row: x = filtered + p.</summary>
    /// <param name="filter">The row's filter.</param>
    /// <param name="row">The filtered bytes. Overwritten.</param>
    /// <param name="above">The row above after this was done to it, of the same length; zeros for the first row.</param>
    /// <param name="distance">Bytes from a pixel to the next, at least 1.</param>
    /// <exception cref="PictureFormatException">There is no such filter.</exception>
    public static void Undo(int filter, Span<byte> row, ReadOnlySpan<byte> above, int distance)
    {
        above = above[..row.Length];
        int first = Math.Min(distance, row.Length);
        switch (filter)
        {
            case 0:
                break;
            case 1:
                for (int i = first; i < row.Length; i++) row[i] += row[i - distance];
                break;
            case 2:
                for (int i = 0; i < row.Length; i++) row[i] += above[i];
                break;
            case 3:
                for (int i = 0; i < first; i++) row[i] += (byte)(above[i] >> 1);
                for (int i = first; i < row.Length; i++) row[i] += (byte)((row[i - distance] + above[i]) >> 1);
                break;
            case 4:
                // With a = c = 0 the nearest to b is b.
                for (int i = 0; i < first; i++) row[i] += above[i];
                for (int i = first; i < row.Length; i++) row[i] += Paeth(row[i - distance], above[i], above[i - distance]);
                break;
            default:
                throw new PictureFormatException($"a row asks for filter {filter}, which PNG does not have; the file is damaged");
        }
    }

    /// <summary>Filters a row: filtered = x − p.</summary>
    /// <param name="filter">0 to 4.</param>
    /// <param name="row">The row's bytes.</param>
    /// <param name="above">The bytes of the row above, of the same length; zeros for the first row.</param>
    /// <param name="distance">Bytes from a pixel to the next, at least 1.</param>
    /// <param name="filtered">The result, of the same length. Overwritten.</param>
    /// <returns>Σ|filtered| with the bytes taken as signed: the smaller, the better the row tends to compress (section 12.7).</returns>
    public static long Apply(int filter, ReadOnlySpan<byte> row, ReadOnlySpan<byte> above, int distance, Span<byte> filtered)
    {
        above = above[..row.Length];
        filtered = filtered[..row.Length];
        int first = Math.Min(distance, row.Length);
        for (int i = 0; i < first; i++) filtered[i] = (byte)(row[i] - Predict(filter, 0, above[i], 0));
        switch (filter)
        {
            case 0:
                for (int i = first; i < row.Length; i++) filtered[i] = row[i];
                break;
            case 1:
                for (int i = first; i < row.Length; i++) filtered[i] = (byte)(row[i] - row[i - distance]);
                break;
            case 2:
                for (int i = first; i < row.Length; i++) filtered[i] = (byte)(row[i] - above[i]);
                break;
            case 3:
                for (int i = first; i < row.Length; i++) filtered[i] = (byte)(row[i] - ((row[i - distance] + above[i]) >> 1));
                break;
            default:
                for (int i = first; i < row.Length; i++)
                    filtered[i] = (byte)(row[i] - Paeth(row[i - distance], above[i], above[i - distance]));
                break;
        }
        long sum = 0;
        foreach (byte b in filtered) sum += Math.Abs((int)(sbyte)b);
        return sum;
    }

    private static int Predict(int filter, byte a, byte b, byte c) => filter switch
    {
        1 => a,
        2 => b,
        3 => (a + b) >> 1,
        4 => Paeth(a, b, c),
        _ => 0,
    };

    // The distances of a, b, c from a + b − c, simplified; the order of the comparisons decides ties.
    private static byte Paeth(byte a, byte b, byte c)
    {
        int da = Math.Abs(b - c), db = Math.Abs(a - c), dc = Math.Abs(a + b - 2 * c);
        return da <= db && da <= dc ? a : db <= dc ? b : c;
    }
}
