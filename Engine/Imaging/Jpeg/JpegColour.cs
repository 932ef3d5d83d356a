using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Engine.Imaging;

/// <summary>What a file's components mean.</summary>
internal enum JpegColourModel
{
    /// <summary>One component: grey.</summary>
    Grey,

    /// <summary>Luma and two chroma differences.</summary>
    YCbCr,

    /// <summary>Red, green, blue.</summary>
    Rgb,

    /// <summary>Four inks, stored inverted (255 is no ink) as Adobe's programs do.</summary>
    Cmyk,

    /// <summary>The same with the first three as luma and chroma of their complements.</summary>
    Ycck,
}

/// <summary>Rows of components to rows of sRGB.</summary>
/// <remarks>R = Y + 1.402 (Cr−128), G = Y − 0.344136 (Cb−128) − 0.714136 (Cr−128), B = Y + 1.772 (Cb−128) (JFIF 1.02), constants of
/// 16 fractional bits, rounded as libjpeg rounds.</remarks>
internal static class JpegColour
{
    private const int Bits = 16, Half = 1 << (Bits - 1);
    private const int CrToRed = 91881, CbToBlue = 116130, CbToGreen = -22554, CrToGreen = -46802;

    /// <summary>Which model a file uses: its Adobe segment says so, its JFIF segment, or the components' names.</summary>
    /// <param name="components">The frame's components.</param>
    /// <param name="jfif">Whether a JFIF segment was there.</param>
    /// <param name="adobeTransform">The Adobe segment's transform: 0 none, 1 YCbCr, 2 YCCK; null without the segment.</param>
    public static JpegColourModel Detect(JpegComponent[] components, bool jfif, int? adobeTransform)
    {
        if (components.Length == 1) return JpegColourModel.Grey;
        if (components.Length == 4) return adobeTransform is null or 0 ? JpegColourModel.Cmyk : JpegColourModel.Ycck;
        if (jfif) return JpegColourModel.YCbCr;
        if (adobeTransform is not null) return adobeTransform == 0 ? JpegColourModel.Rgb : JpegColourModel.YCbCr;
        bool named = components[0].Id == 'R' && components[1].Id == 'G' && components[2].Id == 'B';
        return named ? JpegColourModel.Rgb : JpegColourModel.YCbCr;
    }

    /// <summary>Converts one row.</summary>
    /// <param name="model">What <paramref name="row"/> holds.</param>
    /// <param name="row">The components' samples, one array each.</param>
    /// <param name="red">Overwritten, 0 to 255. Its length is the row's.</param>
    /// <param name="green">Overwritten.</param>
    /// <param name="blue">Overwritten.</param>
    public static void ToRgb(JpegColourModel model, ReadOnlySpan<JpegRow> row, Span<float> red, Span<float> green, Span<float> blue)
    {
        switch (model)
        {
            case JpegColourModel.Grey:
                Widen(row[0].Samples, red);
                red.CopyTo(green);
                red.CopyTo(blue);
                return;
            case JpegColourModel.Rgb or JpegColourModel.Cmyk:
                Widen(row[0].Samples, red);
                Widen(row[1].Samples, green);
                Widen(row[2].Samples, blue);
                break;
            default:
                FromYCbCr(row[0].Samples, row[1].Samples, row[2].Samples, red, green, blue);
                break;
        }
        if (row.Length < 4) return;
        if (model == JpegColourModel.Ycck) Complement(red, green, blue);
        ApplyBlack(row[3].Samples, red);
        ApplyBlack(row[3].Samples, green);
        ApplyBlack(row[3].Samples, blue);
    }

    /// <summary>A lane is a pixel, eight at a time; the remainder one by one.</summary>
    private static void FromYCbCr(
        ReadOnlySpan<byte> luma, ReadOnlySpan<byte> cb, ReadOnlySpan<byte> cr, Span<float> red, Span<float> green, Span<float> blue)
    {
        int x = 0;
        Vector256<int> half = Vector256.Create(Half), middle = Vector256.Create(128);
        for (; x <= red.Length - 8; x += 8)
        {
            Vector256<int> y = Load(luma[x..]), u = Load(cb[x..]) - middle, v = Load(cr[x..]) - middle;
            Store(y + ((v * CrToRed + half) >> Bits), red[x..]);
            Store(y + ((u * CbToGreen + v * CrToGreen + half) >> Bits), green[x..]);
            Store(y + ((u * CbToBlue + half) >> Bits), blue[x..]);
        }
        for (; x < red.Length; x++)
        {
            int y = luma[x], u = cb[x] - 128, v = cr[x] - 128;
            red[x] = Math.Clamp(y + (v * CrToRed + Half >> Bits), 0, 255);
            green[x] = Math.Clamp(y + (u * CbToGreen + v * CrToGreen + Half >> Bits), 0, 255);
            blue[x] = Math.Clamp(y + (u * CbToBlue + Half >> Bits), 0, 255);
        }
    }

    private static void Complement(Span<float> red, Span<float> green, Span<float> blue)
    {
        for (int x = 0; x < red.Length; x++) (red[x], green[x], blue[x]) = (255 - red[x], 255 - green[x], 255 - blue[x]);
    }

    /// <summary>Light that both a colour ink and black let through: c·k/255, both inverted.</summary>
    private static void ApplyBlack(ReadOnlySpan<byte> black, Span<float> colour)
    {
        for (int x = 0; x < colour.Length; x++) colour[x] = MathF.Round(colour[x] * black[x] / 255);
    }

    private static void Widen(ReadOnlySpan<byte> from, Span<float> to)
    {
        for (int x = 0; x < to.Length; x++) to[x] = from[x];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(ReadOnlySpan<byte> samples)
    {
        Vector128<ushort> words = Vector128.WidenLower(Vector128.Create(Vector64.Create(samples), Vector64<byte>.Zero));
        return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<int> v, Span<float> to) =>
        Vector256.ConvertToSingle(Vector256.Min(Vector256.Max(v, Vector256<int>.Zero), Vector256.Create(255))).CopyTo(to);
}

/// <summary>A row of one component's samples, as wide as the picture.</summary>
/// <param name="array">Where it lies.</param>
/// <param name="offset">Its first sample.</param>
/// <param name="length">How many.</param>
internal readonly struct JpegRow(byte[] array, int offset, int length)
{
    /// <summary>The samples.</summary>
    public ReadOnlySpan<byte> Samples => array.AsSpan(offset, length);
}
