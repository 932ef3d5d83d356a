namespace GatysGpu.Weights.Fetch;

/// <summary>Downloads published weights and converts them.</summary>
/// <param name="client">Its proxy settings are used, by default those of the environment (HTTPS_PROXY and so on); null for one of
/// its own.</param>
public sealed class WeightFetcher(HttpClient? client = null)
{
    // The time limit is on silence, not on the whole: see FetchOptions.StallTimeout.
    private readonly HttpClient client = client ?? new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>Downloads a published file from the first mirror that has it, and converts it.</summary>
    /// <param name="file">Which; see <see cref="PublishedFile.Find"/>.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="progress">Is told about every piece that comes.</param>
    /// <param name="cancel">Stops; the next call goes on from there.</param>
    /// <returns>The converted file and the report of its conversion.</returns>
    /// <remarks>A file that is mostly fully connected layers is read in ranges where the server permits it, so its hash cannot be
    /// checked; the report's source and warnings say what its layers show. Otherwise, and with
    /// <see cref="FetchOptions.WholeFile"/>, the whole file is downloaded and its length and hash are checked.</remarks>
    /// <exception cref="WeightException">No mirror works; the message says why for each, and what can be done by
    /// hand.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public async Task<(string Path, ConvertReport Report)> Fetch(PublishedFile file, FetchOptions? options = null,
        IProgress<FetchProgress>? progress = null, CancellationToken cancel = default)
    {
        options ??= new FetchOptions();
        string folder = options.Folder ?? WeightCache.Folder;
        Directory.CreateDirectory(folder);
        string published = Path.Combine(folder, file.FileName), converted = WeightCache.ConvertedPath(file, folder);
        List<string> failures = [];
        foreach (Uri mirror in options.Mirrors.AddRange(file.Mirrors))
        {
            try
            {
                ConvertReport? report = file.OnlyConvolutions || options.WholeFile || options.KeepDownload ? null
                    : await Task.Run(() => FetchParts(mirror, published, converted, file, options, progress, cancel), cancel);
                return (converted, report ?? await FetchWhole(mirror, published, converted, file, options, progress, cancel));
            }
            catch (Exception e) when (e is MirrorException or WeightException)
            {
                failures.Add($"{mirror.Host} {e.Message.TrimEnd('.')}");
            }
        }
        throw new WeightException(file.FileName, $"could not be fetched ({string.Join("; ", failures)})", WeightCache.ByHand);
    }

    private async Task<ConvertReport> FetchWhole(Uri mirror, string published, string converted, PublishedFile file,
        FetchOptions options,
        IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        await new Download(client, options, progress).Run(mirror, published, file, cancel);
        long bytes = new FileInfo(published).Length;
        ConvertReport report = WeightConverter.Convert(published, converted, options.Convert,
            new Relay(fraction => progress?.Report(new FetchProgress(mirror, bytes, bytes, fraction, null))));
        if (!options.KeepDownload) File.Delete(published);
        return report;
    }

    // Null if the server sends no ranges.
    private ConvertReport? FetchParts(Uri mirror, string published, string converted, PublishedFile file, FetchOptions options,
        IProgress<FetchProgress>? progress, CancellationToken cancel)
    {
        double done = 0;
        HttpSource source = new(client, mirror, options.StallTimeout);
        long? total = file.Bytes;
        using RangedFile? ranged = RangedFile.Open(source, published, options,
            (bytes, note) => progress?.Report(new FetchProgress(mirror, bytes, total, done, note)), cancel);
        if (ranged is null) return null;
        if (file.Bytes is { } expected && ranged.Length != expected)
        {
            ranged.Forget();
            throw new MirrorException($"offers {ranged.Length} bytes, the published file has {expected}", again: false);
        }
        total = ranged.Length;
        try
        {
            using WeightTable table = WeightFile.Open(ranged, options.Convert.Input);
            ConvertReport report = WeightConverter.Convert(table, converted, options.Convert,
                new Relay(fraction => done = fraction));
            ranged.Forget();
            return report;
        }
        catch (WeightException)
        {
            // What came is no network: another attempt must not go on from it.
            ranged.Forget();
            throw;
        }
    }

    // Progress<T> would post to a thread pool and arrive late.
    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
