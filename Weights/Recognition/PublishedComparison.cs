namespace GatysGpu.Weights.Recognition;

/// <summary>How a table's numbers relate to the published VGG-19, layer by layer.</summary>
/// <param name="Examination">What conv1_1's filters show.</param>
/// <param name="Equal">Layers whose numbers are the published ones to the last bit.</param>
/// <param name="Different">Layers whose numbers are not.</param>
/// <param name="Unknown">Layers that cannot be compared: stored with fewer bits, or beyond what this program knows.</param>
public sealed record PublishedComparison(Conv11Examination Examination, IReadOnlyList<string> Equal,
    IReadOnlyList<string> Different,
    IReadOnlyList<string> Unknown)
{
    /// <summary>Where the published numbers come from; the licence asks for it to be named.</summary>
    public const string Attribution = "VGG-19 by K. Simonyan and A. Zisserman, University of Oxford, CC BY 4.0";

    /// <summary>Whether this is the published network, as far as it can be compared.</summary>
    public bool IsPublished =>
        Examination.IsPublished && Examination.Arrangement == FilterArrangement.AsPublished && Different.Count == 0;

    /// <summary>What a user should be told, or null: conv1_1 is the published one but other layers are not.</summary>
    public string? Warning => Examination.IsPublished && Different.Count > 0
        ? $"conv1_1 is that of the published VGG-19, but {string.Join(", ", Different)} "
            + $"{(Different.Count == 1 ? "has" : "have")} other numbers: the file is damaged, or the network was trained further"
        : null;

    /// <summary>Compares a table with the published network. Reads up to eight layers (9 MB), one at a time.</summary>
    /// <exception cref="WeightException">A layer cannot be read.</exception>
    public static PublishedComparison Compare(WeightTable table)
    {
        Conv11Examination examination = Conv11Examination.Examine(table.Layers[0]);
        List<string> equal = [], different = [], unknown = [];
        for (int i = 0; i < table.Layers.Length; i++)
        {
            WeightLayer layer = table.Layers[i];
            bool comparable = examination.IsPublished && i < PublishedHashes.Count && layer.StoredAs is ("float32" or "float64");
            if (!comparable) unknown.Add(layer.Name);
            else (PublishedHashes.Matches(layer, i, examination.Order) ? equal : different).Add(layer.Name);
        }
        return new PublishedComparison(examination, equal, different, unknown);
    }
}
