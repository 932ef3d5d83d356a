using System.Runtime.InteropServices;
using System.Text;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

/// <summary>Writes Keras weights as HDF5, in the few structures that h5py uses by default, for the reader's tests.</summary>
/// <remarks>Every group has one symbol table node with all its entries, so the layout is simple; files of h5py itself were read
/// by hand when the reader was written.</remarks>
internal static class Hdf5Files
{
    /// <summary>One group a layer, named as Keras 2 does; kernels [3, 3, C, K].</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="table">The network.</param>
    /// <param name="chunk">Output channels in a chunk; 0 for contiguous data.</param>
    public static void Write(Stream stream, WeightTable table, int chunk = 0)
    {
        Builder file = new();
        file.Allocate(96);
        List<(string, long)> layers = [];
        foreach (WeightLayer layer in table.Layers)
        {
            string name = $"block{layer.Name[4]}_conv{layer.Name[6]}";
            float[] kernel = new float[layer.Filters.Length];
            for (int k = 0; k < layer.K; k++)
                for (int c = 0; c < layer.C; c++)
                    for (int tap = 0; tap < 9; tap++) kernel[(tap * layer.C + c) * layer.K
                        + k] = layer.Filters.Span[(k * layer.C + c) * 9 + tap];
            long w = file.Dataset([3, 3, layer.C, layer.K], kernel, chunk),
                b = file.Dataset([layer.K], layer.Biases.ToArray(), 0);
            layers.Add((name, file.Group([("bias:0", b), ("kernel:0", w)])));
        }
        long root = file.Group(layers);
        file.Put(0, [0x89, .. "HDF\r\n\x1a\n"u8, 0, 0, 0, 0, 0, 8, 8, 0, 4, 0, 16, 0, 0, 0, 0, 0]);
        file.Put(24, Int64(0, -1, file.Length, -1, 0, root));
        stream.Write(file.ToArray());
    }

    private static byte[] Int64(params long[] values) => MemoryMarshal.AsBytes(values.AsSpan()).ToArray();

    private sealed class Builder
    {
        private byte[] bytes = [];

        public long Length => bytes.Length;

        public byte[] ToArray() => bytes;

        public long Allocate(int size)
        {
            long at = (bytes.Length + 7) / 8 * 8;
            Array.Resize(ref bytes, (int)at + size);
            return at;
        }

        public void Put(long at, ReadOnlySpan<byte> content) => content.CopyTo(bytes.AsSpan((int)at));

        private long Add(ReadOnlySpan<byte> content)
        {
            long at = Allocate(content.Length);
            Put(at, content);
            return at;
        }

        public long Group(List<(string Name, long Header)> entries)
        {
            MemoryStream names = new(), symbols = new();
            names.Write(new byte[8]);
            symbols.Write([.. "SNOD"u8, 1, 0, (byte)entries.Count, 0]);
            foreach ((string name, long header) in entries.OrderBy(e => e.Name, StringComparer.Ordinal))
            {
                symbols.Write([.. Int64(names.Length, header), .. new byte[24]]);
                names.Write(Encoding.ASCII.GetBytes(name));
                names.Write(new byte[8 - names.Length % 8]);
            }
            long data = Add(names.ToArray()), heap = Add([.. "HEAP"u8, 0, 0, 0, 0, .. Int64(names.Length, 1, data)]);
            long node = Add(symbols.ToArray());
            long tree = Add([.. "TREE"u8, 0, 0, 1, 0, .. Int64(-1, -1, 0, node, 8)]);
            return Header([(0x11, Int64(tree, heap))]);
        }

        public long Dataset(int[] shape, float[] values, int chunk)
        {
            byte[] space = [1, (byte)shape.Length, 0, 0, 0, 0, 0, 0, .. Int64([.. shape.Select(s => (long)s)])];
            byte[] type = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
            byte[] layout = chunk == 0
                ? [3, 1, .. Int64(Add(MemoryMarshal.AsBytes(values.AsSpan())), 4L * values.Length)]
                : [3, 2, (byte)(shape.Length + 1), .. Int64(Chunks(shape, values, chunk)),
                    .. MemoryMarshal.AsBytes<int>([.. shape[..^1], chunk, 4])];
            return Header([(1, space), (3, type), (8, layout)]);
        }

        // Chunks span all but the last axis.
        private long Chunks(int[] shape, float[] values, int chunk)
        {
            int k = shape[^1], rows = values.Length / k, count = (k + chunk - 1) / chunk;
            MemoryStream tree = new();
            tree.Write([.. "TREE"u8, 1, 0, (byte)count, 0, .. Int64(-1, -1)]);
            for (int i = 0; i < count; i++)
            {
                float[] part = new float[rows * chunk];
                for (int r = 0; r < rows; r++)
                    for (int j = 0; j < chunk && i * chunk + j < k; j++) part[r * chunk + j] = values[r * k + i * chunk + j];
                tree.Write([.. BitConverter.GetBytes(part.Length * 4), 0, 0, 0, 0]);
                tree.Write(Int64([.. new long[shape.Length - 1], i * chunk, 0]));
                tree.Write(Int64(Add(MemoryMarshal.AsBytes(part.AsSpan()))));
            }
            tree.Write(new byte[8 + 8 * (shape.Length + 1)]);
            return Add(tree.ToArray());
        }

        private long Header((int Type, byte[] Data)[] messages)
        {
            MemoryStream body = new();
            foreach ((int type, byte[] data) in messages)
            {
                int size = (data.Length + 7) / 8 * 8;
                body.Write([(byte)type, 0, (byte)size, (byte)(size >> 8), 0, 0, 0, 0, .. data, .. new byte[size - data.Length]]);
            }
            return Add([1, 0, (byte)messages.Length, 0, 1, 0, 0, 0, .. BitConverter.GetBytes((int)body.Length), 0, 0, 0, 0,
                .. body.ToArray()]);
        }
    }
}
