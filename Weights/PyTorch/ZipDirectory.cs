using System.Buffers.Binary;
using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.PyTorch;

/// <summary>One file in a zip: stored as it is.</summary>
/// <param name="Name">Its path in the zip.</param>
/// <param name="Crc">CRC-32 of its bytes.</param>
/// <param name="Offset">Its first byte in the zip.</param>
/// <param name="Length">Its length.</param>
internal sealed record ZipEntry(string Name, uint Crc, long Offset, long Length);

/// <summary>Reads a zip's directory, strictly: entries that are compressed, overlap or lie outside are refused.</summary>
/// <remarks>PyTorch stores and never compresses, so that tensors can be mapped; that rules out zip bombs. Layout: PKWARE,
/// APPNOTE.TXT 6.3, sections 4.3.7 (local header), 4.3.12 (directory), 4.3.14 and 4.3.15 (64-bit end), 4.3.16 (end).</remarks>
internal static class ZipDirectory
{
    private const uint LocalSignature = 0x04034B50, EntrySignature = 0x02014B50, EndSignature = 0x06054B50,
        End64Signature = 0x06064B50, Locator64Signature = 0x07064B50;
    private const int LocalSize = 30, EntrySize = 46, EndSize = 22, End64Size = 56, Locator64Size = 20, MaximumComment = 65535;
    private const int MaximumEntries = 65_535, MaximumDirectory = 16 << 20;
    private const string Damaged = "It is cut off or damaged: download it again.";

    /// <summary>All entries.</summary>
    /// <exception cref="WeightException">The zip is not as PyTorch writes it.</exception>
    public static List<ZipEntry> Read(SourceFile file)
    {
        (long start, long size, long count) = FindDirectory(file);
        if (size is < 0 or > MaximumDirectory || count is < 0 or > MaximumEntries)
            throw new WeightException(file.Path,
                $"its zip directory has {count} entries in {size} bytes, expected under 65,536 in 16 MB", Damaged);
        file.Require(start, size, "the zip directory");
        byte[] directory = file.Read(start, (int)size);
        List<(ZipEntry Entry, long Header)> entries = [];
        int at = 0;
        for (int i = 0; i < count; i++) entries.Add(ReadEntry(file, directory, ref at));
        if (at != directory.Length)
            throw new WeightException(file.Path, $"its zip directory ends after {at} bytes, expected {directory.Length}",
                Damaged);
        CheckApart(file, entries, start);
        return [.. entries.Select(e => e.Entry)];
    }

    private static (long Start, long Size, long Count) FindDirectory(SourceFile file)
    {
        // The end record is the last thing in the file, but for a comment of up to 65,535 bytes.
        int tail = (int)Math.Min(file.Length, EndSize + MaximumComment);
        byte[] bytes = file.Read(file.Length - tail, tail);
        for (int at = tail - EndSize; at >= 0; at--)
        {
            ReadOnlySpan<byte> end = bytes.AsSpan(at);
            if (UInt32(end, 0) != EndSignature || at + EndSize + UInt16(end, 20) != tail) continue;
            (long start, long size, long count) = (UInt32(end, 16), UInt32(end, 12), UInt16(end, 10));
            bool is64 = start == uint.MaxValue || size == uint.MaxValue || count == ushort.MaxValue;
            return is64 ? FindDirectory64(file, file.Length - tail + at) : (start, size, count);
        }
        throw new WeightException(file.Path, $"begins as a zip, but has no directory at its end ({file.Length} bytes)", Damaged);
    }

    private static (long Start, long Size, long Count) FindDirectory64(SourceFile file, long end)
    {
        ReadOnlySpan<byte> locator = file.Read(end - Locator64Size, Locator64Size);
        ReadOnlySpan<byte> end64 = file.Read(Int64(locator, 8), End64Size);
        if (UInt32(locator, 0) != Locator64Signature || UInt32(end64, 0) != End64Signature)
            throw new WeightException(file.Path, "its 64-bit zip directory is not where it should be", Damaged);
        return (Int64(end64, 48), Int64(end64, 40), Int64(end64, 32));
    }

    private static (ZipEntry, long) ReadEntry(SourceFile file, byte[] directory, ref int at)
    {
        ReadOnlySpan<byte> entry = directory.AsSpan(at);
        if (entry.Length < EntrySize || UInt32(entry, 0) != EntrySignature)
            throw new WeightException(file.Path, $"its zip directory has no entry at {at}", Damaged);
        int nameLength = UInt16(entry, 28), extraLength = UInt16(entry, 30), commentLength = UInt16(entry, 32);
        int whole = EntrySize + nameLength + extraLength + commentLength;
        if (entry.Length < whole) throw new WeightException(file.Path, $"its zip directory is cut off at {at}", Damaged);
        string name = Encoding.UTF8.GetString(entry.Slice(EntrySize, nameLength));
        int flags = UInt16(entry, 8), method = UInt16(entry, 10);
        if (method != 0 || (flags & 1) != 0)
            throw new WeightException(file.Path,
                $"its entry '{name}' is {((flags & 1) != 0 ? "encrypted" : $"compressed (method {method})")}, "
                + "PyTorch stores entries as they are", "Save it with torch.save, or unzip it and save it again.");
        long packed = UInt32(entry, 20), length = UInt32(entry, 24), header = UInt32(entry, 42);
        ReadExtra64(entry.Slice(EntrySize + nameLength, extraLength), ref length, ref packed, ref header);
        if (packed != length)
            throw new WeightException(file.Path, $"its stored entry '{name}' has {packed} bytes for {length}", Damaged);
        at += whole;

        file.Require(header, LocalSize, $"the zip entry '{name}'");
        ReadOnlySpan<byte> local = file.Read(header, LocalSize);
        if (UInt32(local, 0) != LocalSignature || UInt16(local, 26) != nameLength)
            throw new WeightException(file.Path, $"its zip entry '{name}' does not begin at {header}", Damaged);
        long offset = header + LocalSize + nameLength + UInt16(local, 28);
        file.Require(offset, length, $"the zip entry '{name}'");
        return (new ZipEntry(name, UInt32(entry, 16), offset, length), header);
    }

    // Extra field 1 holds, in this order, the 64-bit values of those that are all ones in the entry.
    private static void ReadExtra64(ReadOnlySpan<byte> extra, ref long length, ref long packed, ref long header)
    {
        while (extra.Length >= 4)
        {
            int size = Math.Min(UInt16(extra, 2), extra.Length - 4);
            ReadOnlySpan<byte> values = extra.Slice(4, size);
            if (UInt16(extra, 0) == 1)
            {
                Take(ref values, ref length);
                Take(ref values, ref packed);
                Take(ref values, ref header);
            }
            extra = extra[(4 + size)..];
        }

        static void Take(ref ReadOnlySpan<byte> values, ref long value)
        {
            if (value != uint.MaxValue || values.Length < 8) return;
            value = Int64(values, 0);
            values = values[8..];
        }
    }

    private static void CheckApart(SourceFile file, List<(ZipEntry Entry, long Header)> entries, long directory)
    {
        HashSet<string> names = [];
        long end = 0;
        foreach ((ZipEntry entry, long header) in entries.OrderBy(e => e.Header))
        {
            if (!names.Add(entry.Name)) throw new WeightException(file.Path, $"has the zip entry '{entry.Name}' twice", Damaged);
            if (header < end || entry.Offset + entry.Length > directory)
                throw new WeightException(file.Path,
                    $"its zip entry '{entry.Name}' ({header} to {entry.Offset + entry.Length}) overlaps another "
                    + $"that ends at {end}, or the directory at {directory}",
                        "It is damaged, or made to deceive: download it again.");
            end = entry.Offset + entry.Length;
        }
    }

    private static ushort UInt16(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);
    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    private static long Int64(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);
}
