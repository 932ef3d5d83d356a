namespace GatysGpu.Weights.Sources;

/// <summary>In which order a file keeps a filter's four sizes.</summary>
internal enum FilterLayout
{
    /// <summary>[K, C, R, S]: Caffe, PyTorch.</summary>
    Kcrs,

    /// <summary>[R, S, C, K]: TensorFlow, Keras.</summary>
    Rsck,
}

/// <summary>Finds VGG-19's convolutions among a file's arrays and makes layers of them.</summary>
internal static class NetworkAssembler
{
    /// <summary>The layers from conv1_1 on, as far as the file has them.</summary>
    /// <param name="file">The file, for messages.</param>
    /// <param name="tensors">All its arrays, in any order.</param>
    /// <param name="layout">How its filters lie.</param>
    /// <param name="warnings">Receives what was left out although it looks like a convolution.</param>
    /// <exception cref="WeightException">A layer is missing between others, is there twice, lacks its bias, or is not
    /// 3×3.</exception>
    public static List<WeightLayer> Assemble(string file, IEnumerable<SourceTensor> tensors, FilterLayout layout,
        List<string> warnings)
    {
        SourceTensor?[] filters = new SourceTensor?[Vgg19.LayerNames.Length];
        SourceTensor?[] biases = new SourceTensor?[Vgg19.LayerNames.Length];
        foreach (SourceTensor tensor in tensors)
        {
            LayerNaming.Place? place = LayerNaming.Find(tensor.Name);
            if (place is null)
            {
                if (tensor.Shape.Length == 4 && tensor.Shape.Contains(3))
                    warnings.Add($"'{tensor.Name}' {tensor.ShapeText} looks like a convolution but is none of VGG-19's; it was "
                        + "left out");
                continue;
            }
            ref SourceTensor? slot = ref (place.Value.IsBias ? biases : filters)[place.Value.Layer];
            if (slot is not null)
                throw new WeightException(file,
                    $"has {Vgg19.LayerNames[place.Value.Layer]} twice, as '{slot.Name}' and as '{tensor.Name}'",
                    "Save only one network in it.");
            slot = tensor;
        }
        int count = CheckComplete(file, filters, biases);
        return [.. Enumerable.Range(0, count).Select(i => MakeLayer(file, i, filters[i]!, biases[i]!, layout))];
    }

    private static int CheckComplete(string file, SourceTensor?[] filters, SourceTensor?[] biases)
    {
        int count = Array.FindLastIndex(filters, f => f is not null) + 1;
        count = Math.Max(count, Array.FindLastIndex(biases, b => b is not null) + 1);
        if (count == 0)
            throw new WeightException(file,
                "holds no convolution of a VGG-19 (conv1_1.weight, features.0.weight, block1_conv1/kernel)",
                "Take one of the files that 'gatys weights fetch' lists.");
        for (int i = 0; i < count; i++)
        {
            if (filters[i] is not null && biases[i] is not null) continue;
            string lacks = (filters[i], biases[i]) switch { (null, null) => "filters and biases", (null, _) => "filters",
                _ => "biases" };
            throw new WeightException(file,
                $"lacks the {lacks} of {Vgg19.LayerNames[i]}, but goes on to {Vgg19.LayerNames[count - 1]}",
                "It is incomplete, or a VGG of another depth: VGG-19 is needed, without batch normalisation.");
        }
        return count;
    }

    private static WeightLayer MakeLayer(string file, int index, SourceTensor filters, SourceTensor biases, FilterLayout layout)
    {
        string name = Vgg19.LayerNames[index];
        long[] s = filters.Shape;
        long[] kcrs = s.Length != 4 ? s : layout == FilterLayout.Kcrs ? s : [s[3], s[2], s[0], s[1]];
        if (kcrs.Length != 4 || kcrs[2] != 3 || kcrs[3] != 3 || kcrs[0] < 1 || kcrs[1] < 1
            || SourceTensor.Volume(kcrs) is not int volume)
            throw new WeightException(file, $"{name}: '{filters.Name}' has shape {filters.ShapeText}, expected "
                + (layout == FilterLayout.Kcrs ? "[K,C,3,3]" : "[3,3,C,K]"), "It is damaged, or not a VGG-19.");
        int k = (int)kcrs[0], c = (int)kcrs[1];
        if (SourceTensor.Volume(biases.Shape) != k)
            throw new WeightException(file, $"{name}: '{biases.Name}' has shape {biases.ShapeText}, expected [{k}] after filters "
                + filters.ShapeText, "It is damaged, or not a VGG-19.");
        FloatSource read = layout == FilterLayout.Kcrs
            ? new FloatSource(volume, filters.Read)
            : new FloatSource(volume, to => ReadTransposed(filters, k, c, to));
        return new WeightLayer(name, k, c, read, new FloatSource(k, biases.Read), filters.Format.Text());
    }

    // to[k, c, tap] = from[tap, c, k]
    private static void ReadTransposed(SourceTensor filters, int k, int c, Span<float> to)
    {
        float[] from = new float[to.Length];
        filters.Read(from);
        for (int tap = 0; tap < WeightLayer.Taps; tap++)
            for (int j = 0; j < c; j++)
            {
                ReadOnlySpan<float> row = from.AsSpan((tap * c + j) * k, k);
                for (int i = 0; i < k; i++) to[(i * c + j) * WeightLayer.Taps + tap] = row[i];
            }
    }
}
