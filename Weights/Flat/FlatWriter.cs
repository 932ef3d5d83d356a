using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;

namespace GatysGpu.Weights.Flat;

/// <summary>Writes a flat binary (<c>FORMAT.md</c>). The same table gives the same bytes, always.</summary>
public static class FlatWriter
{
    /// <summary>Writes a table to a file, through a temporary file: <paramref name="path"/> is whole or as it was.</summary>
    /// <param name="path">The file to make or to replace.</param>
    /// <param name="table">The layers; each is read, written and let go again, so memory stays at two of them.</param>
    /// <param name="dtype">How filters are stored.</param>
    /// <param name="progress">Is told the written fraction, 0..1, after each layer.</param>
    /// <exception cref="WeightException">A value is NaN, infinite or beyond <paramref name="dtype"/>.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, WeightTable table, FlatDtype dtype = FlatDtype.Float32,
        IProgress<double>? progress = null) =>
        AtomicFile.Write(path, stream => Write(stream, table, dtype, progress));

    /// <summary>Writes a table to a stream, from its current position on.</summary>
    /// <inheritdoc cref="Write(string, WeightTable, FlatDtype, IProgress{double}?)"/>
    public static void Write(Stream stream, WeightTable table, FlatDtype dtype = FlatDtype.Float32,
        IProgress<double>? progress = null)
    {
        byte[] source = Encoding.UTF8.GetBytes(table.Source ?? "");
        if (source.Length > FlatFormat.MaximumSourceLength)
            throw new WeightException(table.File,
                $"the source text has {source.Length} bytes, expected at most {FlatFormat.MaximumSourceLength}",
                "Shorten it.");
        (long, long, FlatDtype)[] shapes = [.. table.Layers.Select(l => ((long)l.K, (long)l.C, dtype))];
        ((long Filters, long Biases)[] places, long hashAt) = FlatFormat.Place(shapes, source.Length);
        using HashingStream output = new(stream);
        output.Write(Header(table, source.Length, hashAt + FlatFormat.HashSize));
        for (int i = 0; i < places.Length; i++) output.Write(Record(table.Layers[i], dtype, places[i]));
        output.Write(source);
        float[] filters = new float[table.Layers.Max(l => l.K * l.C) * WeightLayer.Taps];
        float[] biases = new float[table.Layers.Max(l => l.K)];
        for (int i = 0; i < places.Length; i++)
        {
            WriteLayer(output, table, table.Layers[i], dtype, places[i], filters, biases);
            progress?.Report((double)output.Position / hashAt);
        }
        output.PadTo(hashAt);
        output.WriteHash();
    }

    private static void WriteLayer(HashingStream output, WeightTable table, WeightLayer layer, FlatDtype dtype,
        (long Filters, long Biases) place, float[] filters, float[] biases)
    {
        Span<float> f = filters.AsSpan(0, layer.K * layer.C * WeightLayer.Taps);
        Span<float> b = biases.AsSpan(0, layer.K);
        layer.CopyFilters(f);
        layer.CopyBiases(b);
        float limit = dtype == FlatDtype.Float16 ? (float)Half.MaxValue : float.MaxValue;
        Check(table.File, $"{layer.Name}'s filters", f, limit, dtype);
        Check(table.File, $"{layer.Name}'s biases", b, float.MaxValue, FlatDtype.Float32);
        output.PadTo(place.Filters);
        output.Write(dtype == FlatDtype.Float32 ? MemoryMarshal.AsBytes(f) : Narrow(f, dtype));
        output.PadTo(place.Biases);
        output.Write(MemoryMarshal.AsBytes(b));
    }

    private static void Check(string file, string what, ReadOnlySpan<float> values, float limit, FlatDtype dtype)
    {
        int bad = NumberChecks.IndexOfBeyond(values, limit);
        if (bad < 0) return;
        bool tooLarge = float.IsFinite(values[bad]);
        throw new WeightException(file, $"{what}: value {bad} is {values[bad]}, expected "
            + (tooLarge ? $"at most {limit} for {dtype.ToString().ToLowerInvariant()}" : "a finite number"),
            tooLarge ? "Convert it to float32 or bfloat16." : "The file is damaged: download it again.");
    }

    // In place: the narrow value i overwrites bytes of wide values that were read already.
    private static Span<byte> Narrow(Span<float> values, FlatDtype dtype)
    {
        Span<ushort> narrow = MemoryMarshal.Cast<float, ushort>(values)[..values.Length];
        for (int i = 0; i < values.Length; i++)
            narrow[i] = dtype == FlatDtype.Float16
                ? BitConverter.HalfToUInt16Bits((Half)values[i])
                : BFloat16Bits(values[i]);
        return MemoryMarshal.AsBytes(narrow);
    }

    // Round to nearest, ties to even: add half of the last place that stays, less one if that place is even. Finite values only.
    private static ushort BFloat16Bits(float value)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static byte[] Header(WeightTable table, int sourceLength, long fileLength)
    {
        byte[] header = new byte[FlatFormat.HeaderSize];
        FlatFormat.Magic.CopyTo(header);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(FlatFormat.VersionAt), FlatFormat.Version);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(FlatFormat.LayersAt), (uint)table.Layers.Length);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(FlatFormat.FileLengthAt), fileLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(FlatFormat.SourceLengthAt), (uint)sourceLength);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(FlatFormat.OrderAt), (uint)table.Input.Order);
        BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(FlatFormat.ScaleAt), table.Input.Scale);
        for (int c = 0; c < 3; c++)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(FlatFormat.MeanAt + 8 * c), table.Input.Mean[c]);
            BinaryPrimitives.WriteDoubleLittleEndian(header.AsSpan(FlatFormat.StdAt + 8 * c), table.Input.Std[c]);
        }
        return header;
    }

    private static byte[] Record(WeightLayer layer, FlatDtype dtype, (long Filters, long Biases) place)
    {
        byte[] record = new byte[FlatFormat.RecordSize];
        Encoding.ASCII.GetBytes(layer.Name, record.AsSpan(0, FlatFormat.NameSize));
        ReadOnlySpan<(int At, uint Value)> fields = [(FlatFormat.DtypeAt, (uint)dtype), (FlatFormat.KAt, (uint)layer.K),
            (FlatFormat.CAt, (uint)layer.C), (FlatFormat.RAt, (uint)layer.R), (FlatFormat.SAt, (uint)layer.S)];
        foreach ((int at, uint value) in fields) BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(at), value);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(FlatFormat.FiltersAt), place.Filters);
        BinaryPrimitives.WriteInt64LittleEndian(record.AsSpan(FlatFormat.BiasesAt), place.Biases);
        return record;
    }
}
