using Google.Protobuf;
using GatysGpu.Weights.Caffe;
using GatysGpu.Weights.Hdf5;
using GatysGpu.Weights.PyTorch;
using GatysGpu.Weights.Recognition;
using GatysGpu.Weights.Safetensors;
using GatysGpu.Weights.TensorFlowJs;

namespace GatysGpu.Weights.Sources;

/// <summary>Opens published files: finds their arrays, makes layers of them, decides what they were trained for.</summary>
internal static class SourceNetwork
{
    private const string Damaged = "It is cut off, damaged or no file of weights: download it again.";

    /// <summary>A table whose values are read from the published file when asked for.</summary>
    /// <param name="file">The file; the table closes it.</param>
    /// <param name="kind">Its format.</param>
    /// <param name="given">What it was trained for; null to find out.</param>
    public static WeightTable Open(SourceFile file, FileKind kind, InputConvention? given)
    {
        string path = file.Path;
        List<IDisposable> opened = [file];
        List<string> warnings = [];
        try
        {
            SourceContent content = Read(file, kind, opened, warnings);
            List<WeightLayer> layers = NetworkAssembler.Assemble(path, content.Tensors, content.Layout, warnings);
            // The shapes are checked before conv1_1 is examined.
            using WeightTable check = new(layers, InputConvention.Caffe, null, path);
            (InputConvention input, string reason) = InputDecision.Decide(content, layers[0], given, warnings);
            return new WeightTable(layers, input, null, path, content.Format, warnings,
                new Closer(opened)) { InputReason = reason };
        }
        catch (Exception e)
        {
            new Closer(opened).Dispose();
            if (e is PickleException p) throw new WeightException(path, $"its pickle {e.Message}", p.Remedy ?? Damaged, e);
            if (e is InvalidProtocolBufferException)
                throw new WeightException(path, $"is not protobuf ({e.Message.TrimEnd('.')})", Damaged, e);
            throw;
        }
    }

    private static SourceContent Read(SourceFile file, FileKind kind, List<IDisposable> opened, List<string> warnings)
    {
        if (kind == FileKind.TensorFlowJs)
            return new SourceContent("TensorFlow.js layers model", TfjsReader.Read(file.Path, opened, warnings),
                FilterLayout.Rsck);
        switch (kind)
        {
            case FileKind.TorchZip: return new SourceContent("PyTorch, zip", TorchZip.Read(file), FilterLayout.Kcrs);
            case FileKind.TorchLegacy: return new SourceContent("PyTorch, legacy", TorchLegacy.Read(file), FilterLayout.Kcrs);
            case FileKind.TorchTar: return new SourceContent("PyTorch, tar", TorchTar.Read(file), FilterLayout.Kcrs);
            case FileKind.Safetensors: return SafetensorsReader.Read(file);
            case FileKind.Hdf5: return Hdf5Reader.Read(file);
            default:
                (string format, List<SourceTensor> tensors) = CaffeReader.Read(file, warnings);
                return new SourceContent(format, tensors, FilterLayout.Kcrs);
        }
    }

    private sealed class Closer(List<IDisposable> files) : IDisposable
    {
        public void Dispose() => files.ForEach(file => file.Dispose());
    }
}
