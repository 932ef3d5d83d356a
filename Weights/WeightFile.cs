using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights;

/// <summary>Opens a file of weights, whatever its format.</summary>
public static class WeightFile
{
    /// <summary>Recognises the format by content, not by name, and opens it.</summary>
    /// <param name="path">A flat binary, a .caffemodel, a PyTorch .pth (zip, legacy or tar), safetensors, a Keras .h5, a
    /// TensorFlow.js model.json or the folder that holds one.</param>
    /// <param name="input">What the network was trained for; null to take what the file states, what conv1_1's filters show, or
    /// what is usual for its names, with a warning in the table.</param>
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
        SourceFile file = new(path);
        try
        {
            return Open(file, input);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="Open(string, InputConvention?)"/>; the table owns the file from then on.</summary>
    internal static WeightTable Open(SourceFile file, InputConvention? input)
    {
        FileKind kind = FileKinds.Recognise(file);
        if (kind != FileKind.Flat) return SourceNetwork.Open(file, kind, input);
        file.Dispose();
        return FlatReader.Open(file.Path, input);
    }
}
