using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Flat;

/// <summary>Opens a flat binary (<c>FORMAT.md</c>) by mapping it.</summary>
/// <remarks>Opening checks every size and offset but reads no weights, so it takes the same time for any size;
/// <see cref="VerifyHash"/> reads all.</remarks>
internal static class FlatReader
{
    private const string Damaged = "It is damaged: convert or download it again.";

    /// <summary>A table whose float32 values are used in place, others decoded when asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Overrides the file's own input convention, if not null.</param>
    /// <exception cref="WeightException">It is not a flat binary of version 1, or its table contradicts itself.</exception>
    public static WeightTable Open(string path, InputConvention? input)
    {
        long length = new FileInfo(path).Length;
        if (length < FlatFormat.HeaderSize + FlatFormat.HashSize)
            throw new WeightException(path,
                $"has {length} bytes, a flat binary at least {FlatFormat.HeaderSize + FlatFormat.HashSize}", Damaged);
        MappedFile file = new(path);
        try
        {
            return Read(path, file, input);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Compares the SHA-256 at the end of the file with that of the rest.</summary>
    /// <returns>The hash, in lower-case hexadecimal digits.</returns>
    /// <exception cref="WeightException">They differ.</exception>
    public static string VerifyHash(string path)
    {
        using SourceFile file = new(path);
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        byte[] chunk = new byte[1 << 18];
        for (long at = 0, end = file.Length - FlatFormat.HashSize; at < end;)
        {
            int n = (int)Math.Min(chunk.Length, end - at);
            file.Read(at, chunk.AsSpan(0, n));
            hash.AppendData(chunk, 0, n);
            at += n;
        }
        string found = Convert.ToHexStringLower(hash.GetHashAndReset());
        string written = Convert.ToHexStringLower(file.Read(file.Length - FlatFormat.HashSize, FlatFormat.HashSize));
        return found == written ? found
            : throw new WeightException(path, $"its SHA-256 is {found}, the file says {written}", Damaged);
    }

    private static WeightTable Read(string path, MappedFile file, InputConvention? input)
    {
        ReadOnlySpan<byte> header = file.Bytes(0, FlatFormat.HeaderSize);
        if (!header.StartsWith(FlatFormat.Magic))
            throw new WeightException(path, "does not start with a flat binary's eight bytes 89 47 41 54 59 53 0D 0A", Damaged);
        uint version = UInt32(header, FlatFormat.VersionAt);
        if (version != FlatFormat.Version)
            throw new WeightException(path, $"has format version {version}, this program reads version {FlatFormat.Version}",
                "Convert the published file again with this program.");
        uint layers = UInt32(header, FlatFormat.LayersAt), sourceLength = UInt32(header, FlatFormat.SourceLengthAt);
        Expect(path, layers is > 0 and <= 16, $"has {layers} layers, expected 1 to 16");
        Expect(path, sourceLength <= FlatFormat.MaximumSourceLength,
            $"has a source text of {sourceLength} bytes, expected at most 4096");
        Expect(path, !header[FlatFormat.HeaderEndAt..].ContainsAnyExcept((byte)0),
            "has bytes other than zero at 88 to 127, which are reserved");
        long tableEnd = FlatFormat.HeaderSize + FlatFormat.RecordSize * layers + sourceLength;
        Expect(path, tableEnd <= file.Length, $"has {file.Length} bytes, its table alone needs {tableEnd}");

        Record[] records = [.. Enumerable.Range(0, (int)layers).Select(i => ReadRecord(path, file, i))];
        ((long Filters, long Biases)[] places, long hashAt) =
            FlatFormat.Place([.. records.Select(r => ((long)r.K, (long)r.C, r.Dtype))], (int)sourceLength);
        long fileLength = (long)BinaryPrimitives.ReadUInt64LittleEndian(header[FlatFormat.FileLengthAt..]);
        Expect(path, fileLength == hashAt + FlatFormat.HashSize && fileLength == file.Length,
            $"has {file.Length} bytes, its header says {fileLength}, its shapes need {hashAt + FlatFormat.HashSize}");
        for (int i = 0; i < records.Length; i++)
            Expect(path, records[i].Filters == places[i].Filters && records[i].Biases == places[i].Biases,
                $"{records[i].Name} lies at {records[i].Filters} and {records[i].Biases}, expected {places[i].Filters} and "
                    + $"{places[i].Biases}");
        string source = Encoding.UTF8.GetString(file.Bytes(tableEnd - sourceLength, (int)sourceLength));
        return new WeightTable([.. records.Select(r => MakeLayer(file, r))], input ?? ReadInput(path, header),
            source.Length == 0 ? null : source, path, $"flat binary, version {version}", [], file)
        {
            InputReason = input is null ? "stated by the file" : "as given",
        };
    }

    private readonly record struct Record(string Name, FlatDtype Dtype, int K, int C, long Filters, long Biases);

    private static Record ReadRecord(string path, MappedFile file, int index)
    {
        ReadOnlySpan<byte> record = file.Bytes(FlatFormat.HeaderSize + FlatFormat.RecordSize * (long)index,
            FlatFormat.RecordSize);
        string name = Encoding.ASCII.GetString(record[..FlatFormat.NameSize].TrimEnd((byte)0));
        uint dtype = UInt32(record, FlatFormat.DtypeAt), k = UInt32(record, FlatFormat.KAt), c = UInt32(record, FlatFormat.CAt);
        uint r = UInt32(record, FlatFormat.RAt), s = UInt32(record, FlatFormat.SAt);
        Expect(path, Vgg19.LayerNames.Contains(name), $"layer {index + 1} has a name that VGG-19 lacks");
        Expect(path, dtype <= 2, $"{name} has dtype {dtype}, expected 0 (float32), 1 (float16) or 2 (bfloat16)");
        Expect(path, k is > 0 and < 1 << 20 && c is > 0 and < 1 << 20 && r == 3 && s == 3 && (long)k * c * 9 <= int.MaxValue,
            $"{name} has shape [{k},{c},{r},{s}], expected [K,C,3,3] below 2^31 values");
        Expect(path, UInt32(record, FlatFormat.ReservedAt) == 0,
            $"{name} has bytes other than zero where its record is reserved");
        return new Record(name, (FlatDtype)dtype, (int)k, (int)c, BinaryPrimitives.ReadInt64LittleEndian(
            record[FlatFormat.FiltersAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(record[FlatFormat.BiasesAt..]));
    }

    private static WeightLayer MakeLayer(MappedFile file, Record record)
    {
        int count = record.K * record.C * WeightLayer.Taps;
        FloatSource filters = record.Dtype == FlatDtype.Float32
            ? new FloatSource(count, () => file.Floats(record.Filters, count))
            : new FloatSource(count, to => Format(record.Dtype).Decode(file.Bytes(record.Filters, 2 * to.Length), to));
        FloatSource biases = new(record.K, () => file.Floats(record.Biases, record.K));
        return new WeightLayer(record.Name, record.K, record.C, filters, biases, Format(record.Dtype).Text());
    }

    private static NumberFormat Format(FlatDtype dtype) => dtype switch
    {
        FlatDtype.Float16 => NumberFormat.Float16,
        FlatDtype.BFloat16 => NumberFormat.BFloat16,
        _ => NumberFormat.Float32,
    };

    private static InputConvention ReadInput(string path, ReadOnlySpan<byte> header)
    {
        double[] numbers = new double[7];
        for (int i = 0; i < 7; i++) numbers[i] = BinaryPrimitives.ReadDoubleLittleEndian(header[(FlatFormat.ScaleAt + 8 * i)..]);
        uint order = UInt32(header, FlatFormat.OrderAt);
        try
        {
            return new InputConvention((ChannelOrder)order, numbers[0], numbers[1..4], numbers[4..7]);
        }
        catch (ArgumentException e)
        {
            throw new WeightException(path, $"has an impossible input convention ({e.Message})", Damaged, e);
        }
    }

    private static uint UInt32(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);

    private static void Expect(string path, bool holds, string otherwise)
    {
        if (!holds) throw new WeightException(path, otherwise, Damaged);
    }
}
