using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using GatysGpu.Weights;

namespace GatysGpu.Cli.Files;

/// <summary>Writes arrays as NumPy's .npy files, format version 1.0: magic, version, length of a text, the text, the numbers.</summary>
/// <remarks>NumPy Enhancement Proposal 1, <i>A Simple File Format for NumPy Arrays</i>. float32, little-endian, C order.</remarks>
internal static class NpyWriter
{
    private const int Preamble = 10, Alignment = 64, ChunkValues = 1 << 14;

    /// <summary>Makes the file, or replaces it as a whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">Sizes, whose product is the number of values.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Write(string path, ReadOnlyMemory<float> values, params int[] shape)
    {
        if (shape.Aggregate(1L, (product, size) => product * size) != values.Length)
            throw new ArgumentException($"shape {string.Join('×', shape)} does not fit {values.Length} values", nameof(shape));
        AtomicFile.Write(path, stream =>
        {
            stream.Write(Header(shape));
            WriteValues(stream, values.Span);
        });
    }

    private static byte[] Header(int[] shape)
    {
        string sizes = string.Join(", ", shape.Select(s => s.ToString(CultureInfo.InvariantCulture)));
        string text = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({sizes}{(shape.Length == 1 ? "," : "")}), }}";
        // Padded with spaces and a line feed so that the numbers begin at a multiple of 64.
        int length = (Preamble + text.Length + 1 + Alignment - 1) / Alignment * Alignment - Preamble;
        byte[] header = new byte[Preamble + length];
        header[0] = 0x93;
        "NUMPY"u8.CopyTo(header.AsSpan(1));
        header[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(8), (ushort)length);
        Encoding.ASCII.GetBytes(text.PadRight(length - 1) + "\n", header.AsSpan(Preamble));
        return header;
    }

    private static void WriteValues(Stream stream, ReadOnlySpan<float> values)
    {
        byte[] bytes = new byte[ChunkValues * sizeof(float)];
        for (int start = 0; start < values.Length; start += ChunkValues)
        {
            ReadOnlySpan<float> chunk = values[start..Math.Min(start + ChunkValues, values.Length)];
            for (int i = 0; i < chunk.Length; i++) BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), chunk[i]);
            stream.Write(bytes, 0, chunk.Length * sizeof(float));
        }
    }
}
