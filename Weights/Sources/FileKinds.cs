using GatysGpu.Weights.Flat;

namespace GatysGpu.Weights.Sources;

/// <summary>The formats that can be read.</summary>
internal enum FileKind
{
    Flat,
    TensorFlowJs,
}

/// <summary>Tells formats apart by their first bytes.</summary>
internal static class FileKinds
{
    /// <summary>The formats, as messages name them.</summary>
    public const string Readable = "a flat binary (.weights) or a TensorFlow.js model.json";

    /// <summary>The format of a file.</summary>
    /// <exception cref="WeightException">It is none that can be read; the message says what it looks like.</exception>
    public static FileKind Recognise(string path)
    {
        using SourceFile file = new(path);
        byte[] head = file.Read(0, (int)Math.Min(file.Length, 512));
        if (head.AsSpan().StartsWith(FlatFormat.Magic)) return FileKind.Flat;
        if (head.AsSpan().TrimStart(" \t\r\n"u8).StartsWith("{"u8)) return FileKind.TensorFlowJs;
        throw new WeightException(path, $"its {file.Length} bytes are of no known format", $"It must be {Readable}.");
    }
}
