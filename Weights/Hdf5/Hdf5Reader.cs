using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Hdf5;

/// <summary>Keras weights in HDF5: the datasets of floating-point numbers, contiguous or in chunks without filters.</summary>
/// <remarks>The HDF5 File Format Specification, version 1.1, section IV.A.2: dataspace (message 1), datatype (3), data layout
/// (8, version 3), filter pipeline (11); chunks are found by a version 1 B-tree (III.A.1, node type 1).</remarks>
internal static class Hdf5Reader
{
    private const int Dataspace = 0x01, Datatype = 0x03, Layout = 0x08, Filters = 0x0B;
    private const int Compact = 0, Contiguous = 1, Chunked = 2, MaximumDepth = 8;

    private sealed record Chunk(long[] Start, long Address);

    /// <summary>Finds the arrays.</summary>
    public static SourceContent Read(SourceFile source)
    {
        Hdf5File file = new(source);
        List<SourceTensor> tensors = [];
        foreach ((string path, List<Hdf5File.Message> messages) in file.Objects())
            if (LayerNaming.Find(path) is not null) tensors.Add(Find(source, file, path, messages));
        return new SourceContent("Keras, HDF5", tensors, FilterLayout.Rsck);
    }

    private static SourceTensor Find(SourceFile source, Hdf5File file, string name, List<Hdf5File.Message> messages)
    {
        if (messages.Any(m => m.Type == Filters)) throw file.Unsupported($"'{name}' compressed or filtered", "plain numbers");
        long[] shape = Shape(file, Find(file, name, messages, Dataspace));
        NumberFormat format = Format(file, name, Find(file, name, messages, Datatype));
        if (SourceTensor.Volume(shape) is not int volume) throw file.Damaged($"'{name}' has shape {SourceTensor.Text(shape)}");
        Hdf5File.Message layout = Find(file, name, messages, Layout);
        byte[] data = file.Sized(layout, 3);
        if (data[0] != 3) throw file.Unsupported($"data layout version {data[0]}", "version 3");
        long bytes = (long)volume * format.Size();
        switch ((int)data[1])
        {
            case Compact:
                int size = Hdf5File.UInt16(file.Sized(layout, 4), 2);
                if (size != bytes) throw file.Damaged($"'{name}' {SourceTensor.Text(shape)} has {size} bytes, expected {bytes}");
                file.Sized(layout, 4 + size);
                return new SourceTensor(name, shape, format, to => format.Decode(data.AsSpan(4, size), to));
            case Contiguous:
                (long address, long length) = (Hdf5File.Int64(file.Sized(layout, 18), 2), Hdf5File.Int64(data, 10));
                if (length != bytes)
                    throw file.Damaged($"'{name}' {SourceTensor.Text(shape)} has {length} bytes, expected {bytes}");
                ByteRuns runs = new(source, file.Offset(address), length);
                return new SourceTensor(name, shape, format, to => format.Read(runs, 0, to));
            case Chunked:
                return FindChunks(source, file, name, layout, shape, format);
            default:
                throw file.Unsupported($"data layout class {data[1]}", "0, 1 or 2");
        }
    }

    private static SourceTensor FindChunks(SourceFile source, Hdf5File file, string name, Hdf5File.Message layout, long[] shape,
        NumberFormat format)
    {
        int axes = shape.Length;
        byte[] data = file.Sized(layout, 11 + 4 * axes);
        if (data[2] != axes + 1) throw file.Damaged($"'{name}' has {axes} axes, its chunks {data[2] - 1}");
        long[] chunk = [.. Enumerable.Range(0, axes).Select(a => (long)Hdf5File.UInt32(data, 11 + 4 * a))];
        if (SourceTensor.Volume(chunk) is not (int volume and > 0))
            throw file.Damaged($"'{name}' has chunks of {SourceTensor.Text(chunk)}");
        List<Chunk> chunks = [];
        Collect(file, Hdf5File.Int64(data, 3), axes, 0, chunks);
        long[] grid = [.. shape.Zip(chunk, (size, step) => (size + step - 1) / step)];
        HashSet<string> starts = [.. chunks.Select(c => SourceTensor.Text(c.Start))];
        if (starts.Count != chunks.Count || chunks.Count != SourceTensor.Volume(grid)
            || !chunks.All(c => c.Start.Zip(chunk, shape).All(t => t.First >= 0 && t.First % t.Second == 0 && t.First < t.Third)))
            throw file.Damaged($"'{name}' {SourceTensor.Text(shape)} has {chunks.Count} chunks of {SourceTensor.Text(chunk)}, "
                + $"expected {SourceTensor.Volume(grid)}");
        foreach (Chunk c in chunks) source.Require(file.Offset(c.Address), (long)volume * format.Size(), $"a chunk of '{name}'");
        return new SourceTensor(name, shape, format, to =>
        {
            float[] values = new float[volume];
            foreach (Chunk c in chunks)
            {
                format.Read(new ByteRuns(source, file.Offset(c.Address), (long)volume * format.Size()), 0, values);
                Scatter(values, chunk, c.Start, shape, 0, 0, 0, to);
            }
        });
    }

    private static void Collect(Hdf5File file, long address, int axes, int depth, List<Chunk> chunks)
    {
        if (depth > MaximumDepth) throw file.Damaged("a B-tree of chunks is too deep");
        byte[] node = file.Read(address, 24);
        if (!node.AsSpan().StartsWith("TREE"u8) || node[4] != 1) throw file.Damaged($"there is no B-tree of chunks at {address}");
        int keySize = 8 + 8 * (axes + 1), used = Hdf5File.UInt16(node, 6);
        byte[] entries = file.Read(address + 24, used * (keySize + 8));
        for (int i = 0; i < used; i++)
        {
            int at = i * (keySize + 8);
            long child = Hdf5File.Int64(entries, at + keySize);
            if (node[5] > 0) Collect(file, child, axes, depth + 1, chunks);
            else chunks.Add(new Chunk([.. Enumerable.Range(0, axes).Select(a => Hdf5File.Int64(entries, at + 8 + 8 * a))],
                child));
        }
    }

    // Copies the part of a chunk that lies in the array, axis by axis; the last axis in one piece.
    private static void Scatter(float[] from, long[] chunk, long[] start, long[] shape, int axis, long fromAt, long toAt,
        Span<float> to)
    {
        long n = Math.Min(chunk[axis], shape[axis] - start[axis]);
        if (axis == shape.Length - 1)
        {
            from.AsSpan((int)(fromAt * chunk[axis]), (int)n).CopyTo(to[(int)(toAt * shape[axis] + start[axis])..]);
            return;
        }
        for (long i = 0; i < n; i++)
            Scatter(from, chunk, start, shape, axis + 1, fromAt * chunk[axis] + i, toAt * shape[axis] + start[axis] + i, to);
    }

    private static long[] Shape(Hdf5File file, Hdf5File.Message message)
    {
        byte[] data = file.Sized(message, 4);
        (int version, int axes) = (data[0], data[1]);
        if (version is not (1 or 2)) throw file.Unsupported($"dataspace version {version}", "1 or 2");
        int at = version == 1 ? 8 : 4;
        if (axes is 0 or > 8) throw file.Damaged($"an array has {axes} axes");
        file.Sized(message, at + 8 * axes);
        return [.. Enumerable.Range(0, axes).Select(a => Hdf5File.Int64(data, at + 8 * a))];
    }

    // Class 1 is floating point; bit 0 of the first flag byte is set for big-endian; then come size, offset, precision, exponent.
    private static NumberFormat Format(Hdf5File file, string name, Hdf5File.Message message)
    {
        byte[] data = file.Sized(message, 20);
        (int kind, bool bigEndian, uint size, int exponentBits) = (data[0] & 15, (data[1] & 1) != 0, Hdf5File.UInt32(data, 4),
            data[13]);
        return (kind, bigEndian, size, exponentBits) switch
        {
            (1, false, 4, 8) => NumberFormat.Float32,
            (1, false, 8, 11) => NumberFormat.Float64,
            (1, false, 2, 5) => NumberFormat.Float16,
            _ => throw file.Unsupported($"'{name}' of type class {kind}, {size} bytes, {(bigEndian ? "big" : "little")}-endian",
                "little-endian floats"),
        };
    }

    private static Hdf5File.Message Find(Hdf5File file, string name, List<Hdf5File.Message> messages, int type)
    {
        int index = messages.FindIndex(m => m.Type == type);
        return index >= 0 ? messages[index] : throw file.Damaged($"'{name}' has no message of type {type}");
    }
}
