namespace GatysGpu.Weights.Sources;

/// <summary>What a format's reader found in a file.</summary>
/// <param name="Format">The format in words.</param>
/// <param name="Tensors">All arrays.</param>
/// <param name="Layout">How its filters lie.</param>
/// <param name="Stated">The input convention that the file itself states, if it does.</param>
internal sealed record SourceContent(string Format, List<SourceTensor> Tensors, FilterLayout Layout,
    InputConvention? Stated = null);
