using GatysGpu.Weights.TensorFlowJs;

namespace GatysGpu.Weights.Sources;

/// <summary>Opens published files: finds their arrays, makes layers of them, decides what they were trained for.</summary>
internal static class SourceNetwork
{
    /// <summary>A table whose values are read from the published file when asked for.</summary>
    /// <param name="path">The file.</param>
    /// <param name="kind">Its format.</param>
    /// <param name="input">What it was trained for; null for what its format's publisher used.</param>
    public static WeightTable Open(string path, FileKind kind, InputConvention? input)
    {
        List<IDisposable> opened = [];
        List<string> warnings = [];
        try
        {
            List<SourceTensor> tensors = TfjsReader.Read(path, opened, warnings);
            List<WeightLayer> layers = NetworkAssembler.Assemble(path, tensors, FilterLayout.Rsck, warnings);
            return new WeightTable(layers, input ?? InputConvention.Caffe, null, path, "TensorFlow.js layers model", warnings, new Closer(opened));
        }
        catch
        {
            new Closer(opened).Dispose();
            throw;
        }
    }

    private sealed class Closer(List<IDisposable> files) : IDisposable
    {
        public void Dispose() => files.ForEach(file => file.Dispose());
    }
}
