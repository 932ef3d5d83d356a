using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights;

/// <summary>Opens a file of weights, whatever its format.</summary>
public static class WeightFile
{
    /// <summary>Recognises the format by content, not by name, and opens it.</summary>
    /// <param name="path">A flat binary, a TensorFlow.js model.json or the folder that holds one.</param>
    /// <param name="input">What the network was trained for, if the file's own or its format's usual convention is not right.</param>
    /// <returns>A table that holds the file open; the caller disposes of it when the weights are no longer needed.</returns>
    /// <remarks>All sizes and offsets are checked here. Values are read later, so a checksum inside the file that does not fit
    /// shows when its layer is read. A flat binary opens in well under 5 ms; its hash is checked only on demand.</remarks>
    /// <exception cref="WeightException">The format is unknown, or the file is not what its format demands.</exception>
    /// <exception cref="IOException">The file is absent or cannot be read.</exception>
    public static WeightTable Open(string path, InputConvention? input = null)
    {
        if (Directory.Exists(path))
        {
            string model = Path.Combine(path, "model.json");
            if (!File.Exists(model)) throw new WeightException(path, "is a folder without model.json", "Name the file itself.");
            path = model;
        }
        switch (FileKinds.Recognise(path))
        {
            case FileKind.Flat: return FlatReader.Open(path, input);
            default: return SourceNetwork.Open(path, FileKind.TensorFlowJs, input);
        }
    }
}
