using Google.Protobuf;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Caffe;

/// <summary>One field of a protobuf message: a number, or the place of its bytes in the file.</summary>
/// <param name="Number">Field number.</param>
/// <param name="Type">How it is coded.</param>
/// <param name="Value">The value of a varint, or the bits of a fixed32 or fixed64.</param>
/// <param name="Offset">First byte of length-delimited content, in the file.</param>
/// <param name="Length">Its length.</param>
internal readonly record struct ProtobufField(int Number, WireFormat.WireType Type, ulong Value, long Offset, long Length)
{
    /// <summary>Whether it is length-delimited: text, a message or packed numbers.</summary>
    public bool IsBytes => Type == WireFormat.WireType.LengthDelimited;
}

/// <summary>A protobuf message that lies in part of a file, read field by field; content is stepped over, not read.</summary>
/// <remarks>No .proto is compiled: Caffe's has hundreds of fields, of which a dozen matter. So a file of 548 MB is scanned by
/// reading a few kilobytes of it.</remarks>
internal sealed class ProtobufMessage(SourceFile file, long start, long length, ProtobufBudget budget)
{
    /// <summary>The file that it lies in.</summary>
    public SourceFile File => file;

    /// <summary>The fields in the order of the file.</summary>
    /// <exception cref="WeightException">It is not protobuf.</exception>
    public IEnumerable<ProtobufField> Fields()
    {
        long at = start, end = start + length;
        while (at < end)
        {
            // CodedInputStream reads ahead and cannot seek: behind every length-delimited field a new one begins.
            CodedInputStream input = new(new FileWindow(file, at, end - at), leaveOpen: false);
            while (true)
            {
                ProtobufField? field = Next(input, at, end);
                if (field is not { } f) yield break;
                yield return f;
                if (!f.IsBytes) continue;
                at = f.Offset + f.Length;
                break;
            }
        }
    }

    /// <summary>The message in a length-delimited field of this one.</summary>
    public ProtobufMessage Inner(ProtobufField field) => new(file, field.Offset, field.Length, budget);

    private ProtobufField? Next(CodedInputStream input, long at, long end)
    {
        try
        {
            uint tag = input.ReadTag();
            if (tag == 0) return null;
            (int number, WireFormat.WireType type) = (WireFormat.GetTagFieldNumber(tag), WireFormat.GetTagWireType(tag));
            switch (type)
            {
                case WireFormat.WireType.Varint: return new(number, type, input.ReadUInt64(), 0, 0);
                case WireFormat.WireType.Fixed32: return new(number, type, input.ReadFixed32(), 0, 0);
                case WireFormat.WireType.Fixed64: return new(number, type, input.ReadFixed64(), 0, 0);
                case WireFormat.WireType.LengthDelimited:
                    budget.Take(file.Path);
                    long size = input.ReadLength(), offset = at + input.Position;
                    if (size < 0 || size > end - offset)
                        throw new WeightException(file.Path,
                            $"field {number} at {offset} has {size} bytes, its message ends after {end - offset}",
                            "It is cut off or damaged: download it again.");
                    return new(number, type, 0, offset, size);
                default:
                    throw new WeightException(file.Path,
                        $"field {number} at {at + input.Position} has wire type {(int)type}, which Caffe does not use",
                        "It is cut off, damaged or no .caffemodel: download it again.");
            }
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new WeightException(file.Path, $"is not protobuf near byte {at + input.Position} ({e.Message.TrimEnd('.')})",
                "It is cut off, damaged or no .caffemodel: download it again.", e);
        }
    }
}

/// <summary>How many length-delimited fields a file may have: VGG-19 has under 2,000, a made-up file one in two bytes.</summary>
internal sealed class ProtobufBudget
{
    private int left = 100_000;

    /// <summary>Counts one.</summary>
    /// <exception cref="WeightException">There were too many.</exception>
    public void Take(string path)
    {
        if (--left < 0)
            throw new WeightException(path, "has over 100,000 protobuf fields, a VGG-19 under 2,000",
                "It is no .caffemodel of a VGG-19.");
    }
}
