using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Hdf5;
using GatysGpu.Weights.PyTorch;
using GatysGpu.Weights.Safetensors;

namespace GatysGpu.Weights.Sources;

/// <summary>The formats that can be read.</summary>
internal enum FileKind
{
    Flat,
    TensorFlowJs,
    TorchZip,
    TorchLegacy,
    TorchTar,
    Safetensors,
    Hdf5,
    Caffe,
}

/// <summary>Tells formats apart by their first bytes.</summary>
internal static class FileKinds
{
    /// <summary>The formats, as messages name them.</summary>
    public const string Readable = "a .caffemodel, a PyTorch .pth, safetensors, a TensorFlow.js model.json, Keras .h5 or a flat "
        + "binary";

    private const int HeadLength = 512;

    // What people try although it holds no weights that can be read, and what to do about it.
    private static readonly (byte[] Start, string What, string Remedy)[] Refused =
    [
        ("MATLAB 5.0"u8.ToArray(), "is a MATLAB file", $"MatConvNet's .mat is not read; take {Readable}."),
        ("BZh"u8.ToArray(), "is compressed with bzip2", $"A .pkl.bz2 of numpy arrays is not read; take {Readable}."),
        ([0x1F, 0x8B], "is compressed with gzip", "Unpack it first."),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z'], "is compressed with xz", "Unpack it first."),
        ("<"u8.ToArray(), "is a web page, not a file of weights", "The link is dead or asks for a login: take another source."),
        ("version https://git-lfs"u8.ToArray(), "is a pointer of Git LFS, not the file itself",
            "Download the file that it points to."),
        ("name:"u8.ToArray(), "is a .prototxt: a network without weights", "Take the .caffemodel that belongs to it."),
    ];

    /// <summary>The format of a file.</summary>
    /// <exception cref="WeightException">It is none that can be read; the message says what it looks like.</exception>
    public static FileKind Recognise(SourceFile file)
    {
        string path = file.Path;
        byte[] bytes = file.Read(0, (int)Math.Min(file.Length, HeadLength));
        ReadOnlySpan<byte> head = bytes;
        if (head.StartsWith(FlatFormat.Magic)) return FileKind.Flat;
        if (head.StartsWith("PK\x03\x04"u8) || head.StartsWith("PK\x05\x06"u8)) return FileKind.TorchZip;
        if (head.StartsWith(TorchLegacy.FirstBytes)) return FileKind.TorchLegacy;
        if (head.StartsWith(Hdf5File.Signature)) return FileKind.Hdf5;
        if (TorchTar.Is(head)) return FileKind.TorchTar;
        if (SafetensorsReader.Is(head, file.Length)) return FileKind.Safetensors;
        if (head.TrimStart(" \t\r\n"u8).StartsWith("{"u8)) return FileKind.TensorFlowJs;
        foreach ((byte[] start, string what, string remedy) in Refused)
            if (head.StartsWith(start)) throw new WeightException(path, what, remedy);
        if (head.Length >= 2 && head[0] == 0x80 && head[1] is >= 2 and <= 5)
            throw new WeightException(path, "is a Python pickle that PyTorch did not write", $"Take {Readable}.");
        // Protobuf has no magic number. NetParameter begins with its name (field 1) or a layer (field 2 or 100).
        if (head.Length >= 2 && (head[0] is 0x0A or 0x12 || (head[0] == 0xA2 && head[1] == 0x06))) return FileKind.Caffe;
        string start16 = file.Length == 0 ? "it is empty"
            : $"it begins with {Convert.ToHexString(head[..Math.Min(8, head.Length)])}";
        throw new WeightException(path, $"is of no known format ({start16})", $"It must be {Readable}.");
    }
}
