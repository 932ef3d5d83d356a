using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GatysGpu.Weights.Sources;

/// <summary>How a file stores one number, always little-endian.</summary>
internal enum NumberFormat
{
    Float32,
    Float16,
    BFloat16,
    Float64,
    UInt8,
    UInt16,
}

/// <summary>Stored bytes to float32.</summary>
internal static class NumberFormats
{
    /// <summary>Bytes of one number.</summary>
    public static int Size(this NumberFormat format) => format switch
    {
        NumberFormat.Float32 => 4,
        NumberFormat.Float64 => 8,
        NumberFormat.UInt8 => 1,
        _ => 2,
    };

    /// <summary>The name that a user reads: float32, float16, …</summary>
    public static string Text(this NumberFormat format) => format.ToString().ToLowerInvariant();

    /// <summary>Reads consecutive numbers; float64 is rounded to nearest, integers are taken as they are.</summary>
    /// <param name="format">How they are stored.</param>
    /// <param name="bytes">Size·n bytes.</param>
    /// <param name="values">n values. Overwritten.</param>
    public static void Decode(this NumberFormat format, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        switch (format)
        {
            case NumberFormat.Float32:
                bytes.CopyTo(MemoryMarshal.AsBytes(values));
                break;
            case NumberFormat.Float16:
                ReadOnlySpan<Half> halves = MemoryMarshal.Cast<byte, Half>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = (float)halves[i];
                break;
            case NumberFormat.BFloat16:
                // bfloat16 is the upper half of a float32.
                ReadOnlySpan<ushort> upper = MemoryMarshal.Cast<byte, ushort>(bytes);
                for (int i = 0; i < values.Length; i++) values[i] = BitConverter.UInt32BitsToSingle((uint)upper[i] << 16);
                break;
            case NumberFormat.Float64:
                for (int i = 0; i < values.Length; i++) values[i] = (float)BinaryPrimitives.ReadDoubleLittleEndian(
                    bytes[(8 * i)..]);
                break;
            case NumberFormat.UInt8:
                for (int i = 0; i < values.Length; i++) values[i] = bytes[i];
                break;
            case NumberFormat.UInt16:
                for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadUInt16LittleEndian(bytes[(2 * i)..]);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    /// <summary>Reads numbers that lie one after the other in <paramref name="runs"/>.</summary>
    /// <param name="format">How they are stored.</param>
    /// <param name="runs">Where they lie.</param>
    /// <param name="first">Index of the first number, in numbers.</param>
    /// <param name="values">Overwritten.</param>
    public static void Read(this NumberFormat format, ByteRuns runs, long first, Span<float> values)
    {
        int size = format.Size();
        if (format == NumberFormat.Float32)
        {
            runs.Read(first * size, MemoryMarshal.AsBytes(values));
            return;
        }
        byte[] chunk = new byte[Math.Min(values.Length, 1 << 16) * size];
        for (int done = 0; done < values.Length;)
        {
            int n = Math.Min(values.Length - done, chunk.Length / size);
            runs.Read((first + done) * size, chunk.AsSpan(0, n * size));
            format.Decode(chunk.AsSpan(0, n * size), values.Slice(done, n));
            done += n;
        }
    }
}
