using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Engine.Imaging;

/// <summary>Eight rows of a picture as luma and chroma, widened to whole blocks by repeating the last column and row.</summary>
/// <remarks>Y = 0.299 R + 0.587 G + 0.114 B, Cb = 0.564 (B − Y) + 128, Cr = 0.713 (R − Y) + 128 (JFIF 1.02) with constants of 16
/// fractional bits, from samples rounded to 0 to 255. A lane is a pixel, eight at a time; the remainder one by one.</remarks>
internal sealed class JpegStrip
{
    private const int Bits = 16, Half = 1 << (Bits - 1);
    private readonly Picture picture;

    /// <summary>Takes the memory.</summary>
    public JpegStrip(Picture picture)
    {
        this.picture = picture;
        Stride = (picture.Width + 7) / 8 * 8;
        Planes = [new int[8 * Stride], new int[8 * Stride], new int[8 * Stride]];
    }

    /// <summary>Samples from row to row.</summary>
    public int Stride { get; }

    /// <summary>Y, Cb, Cr, [8, Stride] each, 128 subtracted: −128 to 127.</summary>
    public int[][] Planes { get; }

    /// <summary>Converts rows 8·<paramref name="blockRow"/> and following.</summary>
    public void Load(int blockRow)
    {
        for (int i = 0; i < 8; i++)
        {
            int y = Math.Min(8 * blockRow + i, picture.Height - 1);
            ReadOnlySpan<float> red = Row(0, y), green = Row(1, y), blue = Row(2, y);
            Span<int> luma = Planes[0].AsSpan(i * Stride, Stride);
            Span<int> cb = Planes[1].AsSpan(i * Stride, Stride), cr = Planes[2].AsSpan(i * Stride, Stride);
            Convert(red, green, blue, luma, cb, cr);
            luma[red.Length..].Fill(luma[red.Length - 1]);
            cb[red.Length..].Fill(cb[red.Length - 1]);
            cr[red.Length..].Fill(cr[red.Length - 1]);
        }
    }

    private ReadOnlySpan<float> Row(int channel, int y) => picture.Plane(channel).Slice(y * picture.Width, picture.Width);

    private static void Convert(
        ReadOnlySpan<float> red, ReadOnlySpan<float> green, ReadOnlySpan<float> blue, Span<int> luma, Span<int> cb, Span<int> cr)
    {
        int x = 0;
        Vector256<int> half = Vector256.Create(Half), middle = Vector256.Create(128), almostHalf = Vector256.Create(Half - 1);
        for (; x <= red.Length - 8; x += 8)
        {
            Vector256<int> r = Whole(red[x..]), g = Whole(green[x..]), b = Whole(blue[x..]);
            (((r * 19595 + g * 38470 + b * 7471 + half) >> Bits) - middle).CopyTo(luma[x..]);
            ((b * 32768 - r * 11059 - g * 21709 + almostHalf) >> Bits).CopyTo(cb[x..]);
            ((r * 32768 - g * 27439 - b * 5329 + almostHalf) >> Bits).CopyTo(cr[x..]);
        }
        for (; x < red.Length; x++)
        {
            int r = Whole(red[x]), g = Whole(green[x]), b = Whole(blue[x]);
            luma[x] = (r * 19595 + g * 38470 + b * 7471 + Half >> Bits) - 128;
            cb[x] = b * 32768 - r * 11059 - g * 21709 + Half - 1 >> Bits;   // just below a half, so that 255 is not rounded to 256
            cr[x] = r * 32768 - g * 27439 - b * 5329 + Half - 1 >> Bits;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Whole(ReadOnlySpan<float> samples)
    {
        Vector256<float> inRange = Vector256.Min(Vector256.Max(Vector256.Create(samples), Vector256<float>.Zero), Vector256.Create(255f));
        return Vector256.ConvertToInt32(Vector256.Round(inRange));
    }

    private static int Whole(float sample) => (int)MathF.Round(MathF.Min(MathF.Max(sample, 0), 255));
}
