using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;

namespace GatysGpu.Tests.Weights;

/// <summary>Writes PyTorch files of the three containers, for the reader's tests and benchmarks.</summary>
internal static class TorchFiles
{
    /// <summary>A zip, as since 1.6.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="arrays">The state dictionary.</param>
    /// <param name="type">Float, Half, BFloat16 or Double.</param>
    /// <param name="compression">PyTorch never compresses.</param>
    public static void WriteZip(Stream stream, IReadOnlyList<TestArray> arrays, string type = "Float",
        CompressionLevel compression = CompressionLevel.NoCompression)
    {
        using ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
        void Put(string name, byte[] bytes)
        {
            using Stream entry = zip.CreateEntry("net/" + name, compression).Open();
            entry.Write(bytes);
        }
        Put("data.pkl", StateDictionary(arrays, type, legacy: false));
        for (int i = 0; i < arrays.Count; i++) Put($"data/{i}", Encode(arrays[i].Values, type));
        Put("version", "3\n"u8.ToArray());
    }

    /// <summary>Pickles and storages end to end, as from 0.1.10 to 1.5.</summary>
    public static void WriteLegacy(Stream stream, IReadOnlyList<TestArray> arrays, string type = "Float")
    {
        stream.Write([0x80, 2, 0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19, (byte)'.']);
        stream.Write([0x80, 2, (byte)'M', 0xE9, 3, (byte)'.']);
        stream.Write(new PickleText().Raw("}").Text("little_endian").Raw("\x88s").End());
        stream.Write(StateDictionary(arrays, type, legacy: true));
        PickleText keys = new PickleText().Raw("](");
        for (int i = 0; i < arrays.Count; i++) keys.Text(i.ToString());
        stream.Write(keys.Raw("e").End());
        foreach (TestArray array in arrays)
        {
            stream.Write(BitConverter.GetBytes((long)array.Values.Length));
            stream.Write(Encode(array.Values, type));
        }
    }

    /// <summary>A tar of storages, tensors and pickle, as before 0.1.10.</summary>
    public static void WriteTar(Stream stream, IReadOnlyList<TestArray> arrays)
    {
        using MemoryStream storages = new(), tensors = new();
        PickleText pickle = new PickleText().Global("collections OrderedDict").Raw(")R(");
        storages.Write(new PickleText().Number(arrays.Count).End());
        tensors.Write(new PickleText().Number(arrays.Count).End());
        for (int i = 0; i < arrays.Count; i++)
        {
            storages.Write(new PickleText().Raw("(").Number(1000 + i).Text("cpu").Global("torch FloatStorage").Raw("t").End());
            storages.Write(BitConverter.GetBytes((long)arrays[i].Values.Length));
            storages.Write(MemoryMarshal.AsBytes(arrays[i].Values.AsSpan()));
            tensors.Write(new PickleText().Raw("(").Number(i).Number(1000 + i).Global("torch FloatTensor").Raw("t").End());
            tensors.Write(BitConverter.GetBytes((long)arrays[i].Shape.Length));
            foreach (long n in (long[])[.. arrays[i].Shape, .. Strides(arrays[i].Shape),
                0]) tensors.Write(BitConverter.GetBytes(n));
            pickle.Text(arrays[i].Name).Text(i.ToString()).Raw("Q");
        }
        storages.Write(new PickleText().Raw("]").End());
        TarEntry(stream, "sys_info", new PickleText().Raw("}").End());
        TarEntry(stream, "pickle", pickle.Raw("u").End());
        TarEntry(stream, "tensors", tensors.ToArray());
        TarEntry(stream, "storages", storages.ToArray());
        stream.Write(new byte[1024]);
    }

    private static byte[] StateDictionary(IReadOnlyList<TestArray> arrays, string type, bool legacy)
    {
        PickleText text = new PickleText().Global("collections OrderedDict").Raw(")R(");
        for (int i = 0; i < arrays.Count; i++)
        {
            text.Text(arrays[i].Name).Global("torch._utils _rebuild_tensor_v2").Raw("((").Text("storage").Global(
                $"torch {type}Storage")
                .Text(i.ToString()).Text("cpu").Number(arrays[i].Values.Length).Raw(legacy ? "NtQ" : "tQ").Number(0).Raw("(");
            foreach (int size in arrays[i].Shape) text.Number(size);
            text.Raw("t(");
            foreach (long stride in Strides(arrays[i].Shape)) text.Number((int)stride);
            text.Raw("t\x89").Global("collections OrderedDict").Raw(")RtR");
        }
        return text.Raw("u").End();
    }

    /// <summary>Row-major strides.</summary>
    private static long[] Strides(int[] shape)
    {
        long[] strides = new long[shape.Length];
        long stride = 1;
        for (int axis = shape.Length - 1; axis >= 0; stride *= shape[axis], axis--) strides[axis] = stride;
        return strides;
    }

    private static byte[] Encode(float[] values, string type) => type switch
    {
        "Half" => MemoryMarshal.AsBytes(values.Select(v => (Half)v).ToArray().AsSpan()).ToArray(),
        "BFloat16" => MemoryMarshal.AsBytes(values.Select(v => (ushort)(
            BitConverter.SingleToUInt32Bits(v) >> 16)).ToArray().AsSpan()).ToArray(),
        "Double" => MemoryMarshal.AsBytes(values.Select(v => (double)v).ToArray().AsSpan()).ToArray(),
        _ => MemoryMarshal.AsBytes(values.AsSpan()).ToArray(),
    };

    private static void TarEntry(Stream stream, string name, byte[] content)
    {
        byte[] header = new byte[512];
        void Put(int at, string text) => Encoding.ASCII.GetBytes(text, header.AsSpan(at));
        Put(0, name);
        Put(124, Convert.ToString(content.Length, 8).PadLeft(11, '0'));
        Put(148, "        ");
        Put(156, "0");
        Put(257, "ustar\000");
        Put(148, Convert.ToString(header.Sum(b => b), 8).PadLeft(6, '0') + "\0");
        stream.Write(header);
        stream.Write(content);
        stream.Write(new byte[(512 - content.Length % 512) % 512]);
    }
}

/// <summary>A pickle of protocol 2, written instruction by instruction.</summary>
internal sealed class PickleText
{
    private readonly MemoryStream bytes = new();

    public PickleText() => bytes.Write([0x80, 2]);

    /// <summary>Instructions as characters of one byte.</summary>
    public PickleText Raw(string instructions)
    {
        bytes.Write(Encoding.Latin1.GetBytes(instructions));
        return this;
    }

    /// <summary>Bytes as they are.</summary>
    public PickleText Raw(ReadOnlySpan<byte> instructions)
    {
        bytes.Write(instructions);
        return this;
    }

    /// <summary>BINUNICODE.</summary>
    public PickleText Text(string text) =>
        Raw("X").Raw(BitConverter.GetBytes(Encoding.UTF8.GetByteCount(text))).Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>BININT.</summary>
    public PickleText Number(int number) => Raw("J").Raw(BitConverter.GetBytes(number));

    /// <summary>GLOBAL: module and name with a space between.</summary>
    public PickleText Global(string name) => Raw($"c{name.Replace(' ', '\n')}\n");

    /// <summary>STOP; the whole pickle.</summary>
    public byte[] End()
    {
        bytes.WriteByte((byte)'.');
        return bytes.ToArray();
    }
}
