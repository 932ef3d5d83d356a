using System.Buffers.Binary;
using System.IO.Compression;

namespace GatysGpu.Engine.Imaging;

/// <summary>From a picture to a PNG file: RGB of 8 or 16 bits, not interlaced, marked as sRGB.</summary>
internal static class PngEncoder
{
    private const int Channels = 3;

    /// <summary>Writes a whole file. The same picture gives the same bytes with the same version of .NET's zlib.</summary>
    /// <param name="picture">What to write; samples are rounded and clamped.</param>
    /// <param name="bitDepth">8 or 16.</param>
    /// <param name="destination">Where the file's bytes go; stays open.</param>
    public static void Encode(Picture picture, int bitDepth, Stream destination)
    {
        destination.Write(PngFile.Signature);
        PngChunkStream.WriteChunk(destination, "IHDR"u8, Header(picture, bitDepth));
        // Rendering intent 0, perceptual: meant for photographs.
        PngChunkStream.WriteChunk(destination, "sRGB"u8, [0]);
        using (PngChunkStream chunks = new(destination))
        using (ZLibStream compressor = new(chunks, CompressionLevel.Optimal))
            WriteRows(picture, bitDepth, compressor);
        PngChunkStream.WriteChunk(destination, "IEND"u8, []);
    }

    private static byte[] Header(Picture picture, int bitDepth)
    {
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, picture.Width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), picture.Height);
        header[8] = (byte)bitDepth;
        header[9] = (byte)PngColour.Rgb;
        return header;
    }

    // Each row takes the filter whose output has the least sum of absolute values; of equal ones the first.
    private static void WriteRows(Picture picture, int bitDepth, Stream compressor)
    {
        int distance = Channels * bitDepth / 8;
        int rowBytes = checked(picture.Width * distance);
        byte[] row = new byte[rowBytes], above = new byte[rowBytes];
        // The filter's number and the filtered row.
        byte[] best = new byte[1 + rowBytes], candidate = new byte[1 + rowBytes];
        for (int y = 0; y < picture.Height; y++)
        {
            PackRow(picture, y, bitDepth, row);
            long least = long.MaxValue;
            for (int filter = 0; filter < PngFilter.Count; filter++)
            {
                candidate[0] = (byte)filter;
                long sum = PngFilter.Apply(filter, row, above, distance, candidate.AsSpan(1));
                if (sum >= least) continue;
                least = sum;
                (best, candidate) = (candidate, best);
            }
            compressor.Write(best);
            (row, above) = (above, row);
        }
    }

    private static void PackRow(Picture picture, int y, int bitDepth, byte[] row)
    {
        for (int c = 0; c < Channels; c++)
        {
            ReadOnlySpan<float> samples = picture.Plane(c).Slice(y * picture.Width, picture.Width);
            if (bitDepth == 8)
                for (int x = 0; x < samples.Length; x++) row[Channels * x + c] = SampleDepth.To8(samples[x]);
            else
                for (int x = 0; x < samples.Length; x++)
                    BinaryPrimitives.WriteUInt16BigEndian(row.AsSpan(2 * (Channels * x + c)), SampleDepth.To16(samples[x]));
        }
    }
}
