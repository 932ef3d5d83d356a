using Google.Protobuf;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Caffe;

/// <summary>One array of a .caffemodel: <c>BlobProto</c>.</summary>
/// <remarks>Field numbers are those of Caffe's <c>caffe.proto</c>: num 1, channels 2, height 3, width 4 (before
/// <c>BlobShape</c>), data 5 (float), shape 7 (<c>BlobShape</c>, dim 1), double_data 8. Gradients, 6 and 9, are left out. Numbers
/// come packed (one field with all) or not (a field each).</remarks>
internal static class CaffeBlob
{
    private const int Num = 1, Width = 4, Data = 5, Shape = 7, DoubleData = 8, Dim = 1;

    /// <summary>The blob as an array that is read later.</summary>
    /// <param name="name">The name to give it.</param>
    /// <param name="blob">The message.</param>
    /// <exception cref="WeightException">Its numbers do not fill its shape.</exception>
    public static SourceTensor Find(string name, ProtobufMessage blob)
    {
        long[] legacy = new long[4];
        bool hasLegacy = false;
        List<long>? dims = null;
        long floats = 0, doubles = 0;
        foreach (ProtobufField field in blob.Fields())
        {
            if (field.Number is >= Num and <= Width && field.Type == WireFormat.WireType.Varint)
                (legacy[field.Number - 1], hasLegacy) = ((long)field.Value, true);
            else if (field.Number == Shape && field.IsBytes) dims = ReadShape(blob.Inner(field), dims ?? []);
            else if (field.Number == Data) floats += Count(blob, name, field, NumberFormat.Float32);
            else if (field.Number == DoubleData) doubles += Count(blob, name, field, NumberFormat.Float64);
        }
        long[] shape = dims is not null ? [.. dims] : hasLegacy ? legacy : [floats + doubles];
        if (floats > 0 && doubles > 0)
            throw Bad(blob, name, $"holds {floats} floats and {doubles} doubles", "only one of them");
        if (SourceTensor.Volume(shape) is not int volume || volume != floats + doubles)
            throw Bad(blob, name, $"holds {floats + doubles} numbers", $"those of its shape {SourceTensor.Text(shape)}");
        (int number, NumberFormat format) = doubles > 0 ? (DoubleData, NumberFormat.Float64) : (Data, NumberFormat.Float32);
        return new SourceTensor(name, shape, format, to => Read(blob, number, format, to));
    }

    private static void Read(ProtobufMessage blob, int number, NumberFormat format, Span<float> to)
    {
        int done = 0;
        foreach (ProtobufField field in blob.Fields())
        {
            if (field.Number != number) continue;
            if (field.IsBytes)
            {
                int n = (int)(field.Length / format.Size());
                format.Read(new ByteRuns(blob.File, field.Offset, field.Length), 0, to.Slice(done, n));
                done += n;
            }
            else
                to[done++] = format == NumberFormat.Float32
                    ? BitConverter.UInt32BitsToSingle((uint)field.Value)
                    : (float)BitConverter.UInt64BitsToDouble(field.Value);
        }
    }

    private static long Count(ProtobufMessage blob, string name, ProtobufField field, NumberFormat format)
    {
        WireFormat.WireType single = format == NumberFormat.Float32 ? WireFormat.WireType.Fixed32 : WireFormat.WireType.Fixed64;
        if (field.Type == single) return 1;
        if (!field.IsBytes || field.Length % format.Size() != 0)
            throw Bad(blob, name, $"has data of wire type {field.Type} and {field.Length} bytes", $"{format.Text()}");
        return field.Length / format.Size();
    }

    private static List<long> ReadShape(ProtobufMessage shape, List<long> dims)
    {
        foreach (ProtobufField field in shape.Fields())
        {
            if (field.Number != Dim) continue;
            if (!field.IsBytes) dims.Add((long)field.Value);
            else
            {
                CodedInputStream packed = new(new FileWindow(shape.File, field.Offset, field.Length));
                while (!packed.IsAtEnd && dims.Count <= 32) dims.Add(packed.ReadInt64());
            }
            if (dims.Count > 32)
                throw new WeightException(shape.File.Path, "a blob has over 32 dimensions", "It is damaged: download it again.");
        }
        return dims;
    }

    private static WeightException Bad(ProtobufMessage blob, string name, string found, string expected) =>
        new(blob.File.Path, $"{name} {found}, expected {expected}", "It is cut off or damaged: download it again.");
}
