using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Caffe;

/// <summary>A Caffe network with weights: <c>NetParameter</c>, binary protobuf.</summary>
/// <remarks>Field numbers are those of Caffe's <c>caffe.proto</c>. <c>NetParameter</c>: layers 2 (<c>V1LayerParameter</c>, the
/// original VGG-19), layer 100 (<c>LayerParameter</c>, what Caffe writes since 2014). Name and blobs are 4 and 6 in the old
/// message, 1 and 7 in the new. The older <c>V0LayerParameter</c>, field 1 of V1's, predates VGG and is not read.</remarks>
internal static class CaffeReader
{
    private const int OldLayers = 2, NewLayers = 100;
    private const int OldName = 4, OldBlobs = 6, NewName = 1, NewBlobs = 7;

    // Above this, a field of NetParameter that is no layer is worth a warning: it may be one whose tag was damaged.
    private const int LargeField = 1 << 12;

    /// <summary>Finds the blobs of all layers: NAME.weight and NAME.bias.</summary>
    /// <param name="file">The file.</param>
    /// <param name="warnings">Receives what was not understood.</param>
    public static (string Format, List<SourceTensor> Tensors) Read(SourceFile file, List<string> warnings)
    {
        List<SourceTensor> tensors = [];
        ProtobufMessage net = new(file, 0, file.Length, new ProtobufBudget());
        int old = 0, current = 0;
        foreach (ProtobufField field in net.Fields())
        {
            if (field.Number == OldLayers && field.IsBytes) old += ReadLayer(net.Inner(field), OldName, OldBlobs, tensors);
            else if (field.Number == NewLayers && field.IsBytes) current += ReadLayer(net.Inner(field), NewName, NewBlobs,
                tensors);
            else if (field.IsBytes && field.Length > LargeField)
                warnings.Add($"{field.Length} bytes at {field.Offset} (field {field.Number}) are no layer and were left out");
        }
        if (tensors.Count == 0)
            throw new WeightException(file.Path, $"is protobuf, but none of its {old + current} layers has weights",
                "Take the .caffemodel, not the .prototxt; or it is no Caffe model at all.");
        if (old > 0 && current > 0)
            throw new WeightException(file.Path, $"has {old} layers of the old kind and {current} of the new, expected one kind",
                "It is damaged: download it again.");
        return (old > 0 ? "Caffe, V1LayerParameter" : "Caffe, LayerParameter", tensors);
    }

    // Returns 1, to count the layer.
    private static int ReadLayer(ProtobufMessage layer, int nameField, int blobsField, List<SourceTensor> tensors)
    {
        string name = "";
        List<ProtobufField> blobs = [];
        foreach (ProtobufField field in layer.Fields())
        {
            if (!field.IsBytes) continue;
            if (field.Number == nameField && field.Length <= 256)
                name = Encoding.UTF8.GetString(layer.File.Read(field.Offset, (int)field.Length));
            else if (field.Number == blobsField) blobs.Add(field);
        }
        for (int i = 0; i < blobs.Count; i++)
            tensors.Add(CaffeBlob.Find($"{name}.{(i == 0 ? "weight" : i == 1 ? "bias" : $"blob{i}")}", layer.Inner(blobs[i])));
        return 1;
    }
}
