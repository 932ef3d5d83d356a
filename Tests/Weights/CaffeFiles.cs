using System.Runtime.InteropServices;
using Google.Protobuf;

namespace GatysGpu.Tests.Weights;

/// <summary>An array with a name, for the writers of test files.</summary>
internal sealed record TestArray(string Name, int[] Shape, float[] Values);

/// <summary>Which of the ways to write a .caffemodel.</summary>
/// <param name="NewLayers"><c>layer</c> (field 100), not <c>layers</c> (field 2).</param>
/// <param name="NewShape"><c>shape</c>, not num, channels, height, width.</param>
/// <param name="Packed">All numbers in one field, not a field each.</param>
/// <param name="Doubles"><c>double_data</c>, not <c>data</c>.</param>
internal sealed record CaffeStyle(bool NewLayers = false, bool NewShape = false, bool Packed = true, bool Doubles = false);

/// <summary>Writes .caffemodel files, for the reader's tests and benchmarks.</summary>
internal static class CaffeFiles
{
    /// <summary>Writes a network: NAME.weight and NAME.bias follow each other and become the blobs of layer NAME.</summary>
    public static void Write(Stream stream, IReadOnlyList<TestArray> arrays, CaffeStyle style)
    {
        Field(stream, 1, "test"u8);
        foreach (var layer in arrays.GroupBy(a => a.Name[..a.Name.LastIndexOf('.')]))
        {
            (byte[] Head, TestArray Array)[] blobs = [.. layer.Select(a => (BlobHead(a, style), a))];
            using MemoryStream head = new();
            Field(head, style.NewLayers ? 1 : 4, System.Text.Encoding.UTF8.GetBytes(layer.Key));
            long length = head.Length;
            foreach ((byte[] h, TestArray a) in blobs)
            {
                long blob = h.Length + DataLength(a, style);
                length += VarintLength((ulong)(style.NewLayers ? 7 << 3 : 6 << 3)) + VarintLength((ulong)blob) + blob;
            }
            Tag(stream, style.NewLayers ? 100 : 2, length);
            head.WriteTo(stream);
            foreach ((byte[] h, TestArray a) in blobs)
            {
                Tag(stream, style.NewLayers ? 7 : 6, h.Length + DataLength(a, style));
                stream.Write(h);
                WriteData(stream, a, style);
            }
        }
    }

    private static byte[] BlobHead(TestArray array, CaffeStyle style)
    {
        using MemoryStream head = new();
        if (style.NewShape)
        {
            using MemoryStream dims = new();
            foreach (int size in array.Shape) Varint(dims, (ulong)size);
            using MemoryStream shape = new();
            Field(shape, 1, dims.ToArray());
            Field(head, 7, shape.ToArray());
        }
        else
        {
            int[] four = [.. Enumerable.Repeat(1, 4 - array.Shape.Length), .. array.Shape];
            for (int i = 0; i < 4; i++)
            {
                Varint(head, (ulong)((i + 1) << 3));
                Varint(head, (ulong)four[i]);
            }
        }
        if (style.Packed) Tag(head, style.Doubles ? 8 : 5, (long)array.Values.Length * (style.Doubles ? 8 : 4));
        return head.ToArray();
    }

    private static long DataLength(TestArray a, CaffeStyle style) =>
        (long)a.Values.Length * ((style.Doubles ? 8 : 4) + (style.Packed ? 0 : 1));

    private static void WriteData(Stream stream, TestArray array, CaffeStyle style)
    {
        if (style.Packed && !style.Doubles)
        {
            stream.Write(MemoryMarshal.AsBytes(array.Values.AsSpan()));
            return;
        }
        byte tag = (byte)(style.Doubles ? 8 << 3 | (int)WireFormat.WireType.Fixed64 : 5 << 3 | (int)WireFormat.WireType.Fixed32);
        foreach (float value in array.Values)
        {
            if (!style.Packed) stream.WriteByte(tag);
            stream.Write(style.Doubles ? BitConverter.GetBytes((double)value) : BitConverter.GetBytes(value));
        }
    }

    private static void Field(Stream stream, int number, ReadOnlySpan<byte> bytes)
    {
        Tag(stream, number, bytes.Length);
        stream.Write(bytes);
    }

    private static void Tag(Stream stream, int number, long length)
    {
        Varint(stream, (ulong)(number << 3 | (int)WireFormat.WireType.LengthDelimited));
        Varint(stream, (ulong)length);
    }

    private static void Varint(Stream stream, ulong value)
    {
        for (; value >= 0x80; value >>= 7) stream.WriteByte((byte)(value | 0x80));
        stream.WriteByte((byte)value);
    }

    private static int VarintLength(ulong value) => value < 0x80 ? 1 : 1 + VarintLength(value >> 7);
}
