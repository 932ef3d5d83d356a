using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Recognition;
using GatysGpu.Weights.Safetensors;

namespace GatysGpu.Weights;

/// <summary>What a conversion writes.</summary>
public enum WeightOutput
{
    /// <summary>The flat binary that this program opens at once: <c>FORMAT.md</c>.</summary>
    Flat,

    /// <summary>safetensors, float32, for other programs.</summary>
    Safetensors,
}

/// <summary>How to convert.</summary>
/// <param name="Input">What the network was trained for; null to find out, see
/// <see cref="WeightFile.Open(string, InputConvention?)"/>.</param>
/// <param name="Dtype">How a flat binary stores its filters.</param>
/// <param name="Output">What to write.</param>
public sealed record ConvertOptions(InputConvention? Input = null, FlatDtype Dtype = FlatDtype.Float32,
    WeightOutput Output = WeightOutput.Flat);

/// <summary>What was converted.</summary>
/// <param name="Format">The input's format in words.</param>
/// <param name="Extent">For example <c>conv1_1 to conv5_4</c>.</param>
/// <param name="Input">What the network was trained for.</param>
/// <param name="InputReason">How that came to be known.</param>
/// <param name="Source">The published network that it is, or null.</param>
/// <param name="Bytes">Length of the output.</param>
/// <param name="Warnings">What the user must be told, each a sentence without a full stop.</param>
public sealed record ConvertReport(string Format, string Extent, InputConvention Input, string InputReason, string? Source,
    long Bytes,
    IReadOnlyList<string> Warnings);

/// <summary>Converts any readable file of weights, one layer at a time.</summary>
public static class WeightConverter
{
    /// <summary>Converts a file. Memory stays at about twice the largest layer, 9 MB each in VGG-19, whatever the file's
    /// size.</summary>
    /// <param name="from">Any file that <see cref="WeightFile.Open(string, InputConvention?)"/> opens.</param>
    /// <param name="to">The file to make or to replace: at any moment it is the old file, or none, or the whole new one.</param>
    /// <param name="options">How; null for a float32 flat binary.</param>
    /// <param name="progress">Is told the written fraction, 0..1.</param>
    /// <returns>What was found, with warnings that the caller must show.</returns>
    /// <remarks>The same network gives the same bytes, whichever format it came in: nothing of the input but numbers, and the
    /// input convention, goes into the output, and the source text only says which published network was recognised.</remarks>
    /// <exception cref="WeightException">The input is not what it should be; nothing was written.</exception>
    /// <exception cref="IOException">The input cannot be read or the output not written.</exception>
    public static ConvertReport Convert(string from, string to, ConvertOptions? options = null,
        IProgress<double>? progress = null)
    {
        options ??= new ConvertOptions();
        using WeightTable table = WeightFile.Open(from, options.Input);
        return Convert(table, to, options, progress);
    }

    /// <summary>Converts a file that is open.</summary>
    internal static ConvertReport Convert(WeightTable table, string to, ConvertOptions options, IProgress<double>? progress)
    {
        PublishedComparison comparison = PublishedComparison.Compare(table);
        string? source = comparison.IsPublished ? PublishedComparison.Attribution : table.Source;
        // Shares the layers; the file is closed by the table that opened it.
        WeightTable named = new(table.Layers, table.Input, source, table.File);
        if (options.Output == WeightOutput.Flat) FlatWriter.Write(to, named, options.Dtype, progress);
        else SafetensorsWriter.Write(to, named, progress);
        List<string> warnings = [.. table.Warnings];
        if (comparison.Warning is not null) warnings.Add(comparison.Warning);
        return new ConvertReport(table.Format, table.Extent, table.Input, table.InputReason, source, new FileInfo(to).Length,
            warnings);
    }
}
