using GatysGpu.Weights.Fetch;
using GatysGpu.Weights.Flat;
using GatysGpu.Weights.Recognition;

namespace GatysGpu.Weights;

/// <summary>How one check of a file ended.</summary>
public enum CheckOutcome
{
    /// <summary>As it should be.</summary>
    Passed,

    /// <summary>Nothing to check it against, or unusual but possible.</summary>
    Unknown,

    /// <summary>Wrong.</summary>
    Failed,
}

/// <summary>One check of a file.</summary>
/// <param name="Name">What was checked.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">What was found, in words.</param>
public sealed record WeightCheck(string Name, CheckOutcome Outcome, string Detail);

/// <summary>Proves what can be proved about a file of weights.</summary>
public static class WeightVerifier
{
    /// <summary>Reads all of a file and checks hashes, numbers, shapes and conv1_1's filters.</summary>
    /// <param name="path">Any readable file of weights.</param>
    /// <param name="progress">Is told the fraction of the layers that was read, 0..1.</param>
    /// <returns>The checks in order. A file that cannot be read at all has one, which failed.</returns>
    /// <exception cref="IOException">The file is absent or cannot be read.</exception>
    public static IReadOnlyList<WeightCheck> Verify(string path, IProgress<double>? progress = null)
    {
        List<WeightCheck> checks = [];
        try
        {
            WeightInfo info = WeightInfo.Read(path);
            using WeightTable table = WeightFile.Open(path);
            checks.Add(new("structure", CheckOutcome.Passed, $"{table.Format}, {table.Extent}"));
            checks.Add(Hash(path, table, info));
            checks.Add(Numbers(table, progress));
            checks.Add(table.HasPublishedWidths
                ? new("shapes", CheckOutcome.Passed, "VGG-19's")
                : new("shapes", CheckOutcome.Unknown,
                    $"fit together, but are not VGG-19's: {string.Join(", ", table.Layers.Select(l => l.ToString()))}"));
            PublishedComparison comparison = PublishedComparison.Compare(table);
            checks.Add(Filters(comparison.Examination));
            checks.Add(Order(comparison.Examination, table.Input));
            if (comparison.Examination.IsPublished) checks.Add(Published(comparison, info));
        }
        catch (WeightException e)
        {
            checks.Add(new("structure", CheckOutcome.Failed, e.Message));
        }
        return checks;
    }

    private static WeightCheck Hash(string path, WeightTable table, WeightInfo info)
    {
        const string name = "hash";
        if (table.Format.StartsWith("flat", StringComparison.Ordinal))
            return new(name, CheckOutcome.Passed, $"SHA-256 {FlatReader.VerifyHash(path)} as the file says");
        if (info.PublishedFile is not null) return new(name, CheckOutcome.Passed, $"is {info.PublishedFile}");
        if (table.Format.EndsWith("zip", StringComparison.Ordinal))
            return new(name, CheckOutcome.Passed, "the zip's CRC-32 of every layer is checked");
        PublishedFile? sameSize = PublishedFile.All.FirstOrDefault(f => f.Bytes == info.Bytes);
        return sameSize is null
            ? new(name, CheckOutcome.Unknown,
                $"SHA-256 {info.Sha256}; the format has no checksum and this is no published file that is known")
            : new(name, CheckOutcome.Failed, $"has the length of {sameSize.FileName} but another hash, {info.Sha256}");
    }

    private static WeightCheck Numbers(WeightTable table, IProgress<double>? progress)
    {
        long count = 0;
        float largest = 0;
        for (int i = 0; i < table.Layers.Length; i++)
        {
            WeightLayer layer = table.Layers[i];
            float[] filters = new float[layer.K * layer.C * WeightLayer.Taps], biases = new float[layer.K];
            layer.CopyFilters(filters);
            layer.CopyBiases(biases);
            foreach ((string what, float[] values) in new[] { ("filters", filters), ("biases", biases) })
            {
                int bad = NumberChecks.IndexOfBeyond(values, float.MaxValue);
                if (bad >= 0) return new("numbers", CheckOutcome.Failed, $"{layer.Name}'s {what}: value {bad} is {values[bad]}");
                count += values.Length;
                foreach (float value in values) largest = Math.Max(largest, Math.Abs(value));
            }
            progress?.Report((i + 1.0) / table.Layers.Length);
        }
        // No network that computes in float32 holds such numbers; one flipped bit of a high exponent gives 1e19 and more.
        return largest < 1e6f
            ? new("numbers", CheckOutcome.Passed, $"{count:N0} are finite, the largest magnitude is {largest:G4}")
            : new("numbers", CheckOutcome.Failed, $"the largest magnitude is {largest:G4}, expected below 1e6");
    }

    private static WeightCheck Filters(Conv11Examination seen) =>
        (seen.LooksLikeFilters, seen.IsPublished, seen.Arrangement) switch
    {
        (_, true, FilterArrangement.Transposed) =>
            new("conv1_1", CheckOutcome.Failed, "the published filters, but with rows and columns exchanged"),
        (_, true, FilterArrangement.Flipped) => new("conv1_1", CheckOutcome.Failed, "the published filters, but turned by 180°"),
        (_, true, _) => new("conv1_1", CheckOutcome.Passed, $"the published filters (correlation {seen.Correlation:0.0000})"),
        (false, _, _) => new("conv1_1", CheckOutcome.Failed,
            $"does not look like filters of a trained network: its channels are alike by {seen.ChannelLikeness:0.00}, usual 0.7"),
        _ => new("conv1_1", CheckOutcome.Unknown, "looks like filters of a trained network, but not of the published one: "
            + "rows and columns cannot be told apart"),
    };

    private static WeightCheck Order(Conv11Examination seen, InputConvention input)
    {
        const string name = "channel order";
        if (!seen.IsPublished) return new(name, CheckOutcome.Unknown,
            $"taken as {input.Order.ToString().ToUpperInvariant()}; filters of another training do not show it");
        string order = seen.Order.ToString().ToUpperInvariant();
        return seen.Order == input.Order
            ? new(name, CheckOutcome.Passed, $"{order}, as the filters show")
            : new(name, CheckOutcome.Failed, $"the filters are for {order}, the file is taken for {input}");
    }

    private static WeightCheck Published(PublishedComparison comparison, WeightInfo info) => comparison.Warning is not null
        ? new("published network", CheckOutcome.Failed, comparison.Warning)
        : new("published network", comparison.Equal.Count > 0 ? CheckOutcome.Passed : CheckOutcome.Unknown,
            info.PublishedNetwork);
}
