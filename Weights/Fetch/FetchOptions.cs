using System.Collections.Immutable;

namespace GatysGpu.Weights.Fetch;

/// <summary>How to download.</summary>
public sealed record FetchOptions
{
    /// <summary>Where to put it; null for <see cref="WeightCache.Folder"/>.</summary>
    public string? Folder { get; init; }

    /// <summary>Addresses to try before the published ones: a mirror of one's own.</summary>
    public ImmutableArray<Uri> Mirrors { get; init; } = [];

    /// <summary>Download the whole file even where parts would do: its hash can then be checked.</summary>
    public bool WholeFile { get; init; }

    /// <summary>Keep the published file beside the converted one.</summary>
    public bool KeepDownload { get; init; }

    /// <summary>How the converted file stores its filters, and what it was trained for.</summary>
    public ConvertOptions Convert { get; init; } = new();

    /// <summary>A server that sends nothing for so long is given up for this attempt.</summary>
    public TimeSpan StallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Attempts in a row that bring nothing new, before the next mirror is tried.</summary>
    public int Attempts { get; init; } = 4;

    /// <summary>Pause after a failed attempt; doubled after each further one.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>How far a download is.</summary>
/// <param name="Address">The mirror in use.</param>
/// <param name="Bytes">Bytes that are here.</param>
/// <param name="Total">Bytes of the whole file, or null if the server does not say.</param>
/// <param name="Converted">Fraction converted, 0..1; where only parts are downloaded this is the measure of progress.</param>
/// <param name="Note">What just went wrong and is being repeated, or null.</param>
public readonly record struct FetchProgress(Uri Address, long Bytes, long? Total, double Converted, string? Note);
