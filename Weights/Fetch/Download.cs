using System.Security.Cryptography;

namespace GatysGpu.Weights.Fetch;

/// <summary>Downloads one file from one address, going on where it stopped.</summary>
/// <remarks>The file grows as NAME.part; NAME.part.tag holds what identified the version that it is part of. It gets its name
/// only when length and hash are right.</remarks>
internal sealed class Download(HttpClient client, FetchOptions options, IProgress<FetchProgress>? progress)
{
    /// <summary>Downloads to <paramref name="path"/>.</summary>
    /// <param name="address">The mirror.</param>
    /// <param name="path">Where the file goes; NAME.part beside it may exist from an earlier attempt.</param>
    /// <param name="expected">Length and hashes, as far as known.</param>
    /// <param name="cancel">Ends the download; what has come is kept.</param>
    /// <exception cref="MirrorException">The mirror failed as often as <see cref="FetchOptions.Attempts"/> allows, or sent
    /// another file.</exception>
    public async Task Run(Uri address, string path, PublishedFile expected, CancellationToken cancel)
    {
        HttpSource source = new(client, address, options.StallTimeout);
        long furthest = 0;
        for (int failures = 0; ;)
        {
            try
            {
                await Attempt(source, path, expected, cancel);
                break;
            }
            catch (MirrorException e) when (e.Again)
            {
                if (e.Afresh) File.Delete(path + ".part");
                long have = Length(path + ".part");
                failures = have > furthest ? 1 : failures + 1;
                furthest = Math.Max(furthest, have);
                if (failures > options.Attempts) throw;
                progress?.Report(new FetchProgress(address, have, expected.Bytes, 0, e.Message));
                await Task.Delay(options.Pause * Math.Pow(2, failures - 1), cancel);
            }
        }
        CheckHash(path, expected);
        File.Move(path + ".part", path, overwrite: true);
        File.Delete(path + ".part.tag");
    }

    private async Task Attempt(HttpSource source, string path, PublishedFile expected, CancellationToken cancel)
    {
        string part = path + ".part";
        long have = Length(part);
        if (expected.Bytes is { } whole && have >= whole)
        {
            if (have == whole) return;
            have = 0;
        }
        using HttpSource.Reply reply = await source.Ask(have, null, cancel);
        long? total = reply.Total ?? expected.Bytes;
        if (expected.Bytes is { } bytes && total != bytes)
            throw new MirrorException($"offers {total} bytes, the published file has {bytes}", again: false);
        // Another version, or a server that ignores ranges: begin again.
        bool continues = reply.Start == have && have > 0 && SameVersion(path, reply.Tag, expected);
        if (have > 0 && reply.Start == have && !continues)
            throw new MirrorException("has another version of the file than the one begun", again: true, afresh: true);
        await using FileStream file = new(part, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        if (!continues) file.SetLength(0);
        file.Position = reply.Start;
        if (reply.Tag is not null) await File.WriteAllTextAsync(path + ".part.tag", reply.Tag, cancel);
        await Copy(source, reply, file, total, cancel);
    }

    private async Task Copy(HttpSource source, HttpSource.Reply reply, FileStream file, long? total, CancellationToken cancel)
    {
        byte[] buffer = new byte[1 << 17];
        Stream stream = await source.Open(reply, cancel);
        for (int n; (n = await source.Read(stream, buffer, cancel)) > 0;)
        {
            if (file.Position + n > total)
                throw new MirrorException($"sent more than the {total} bytes it promised", again: false);
            await file.WriteAsync(buffer.AsMemory(0, n), cancel);
            progress?.Report(new FetchProgress(source.Address, file.Position, total, 0, null));
        }
        await file.FlushAsync(cancel);
        if (file.Position < total) throw new MirrorException($"ended after {file.Position} of {total} bytes", again: true);
    }

    // Without a tag only a hash could notice a mixture of two versions.
    private static bool SameVersion(string path, string? tag, PublishedFile expected)
    {
        string known = File.Exists(path + ".part.tag") ? File.ReadAllText(path + ".part.tag") : "";
        return known.Length > 0 && tag is not null ? known == tag : expected.Sha256 is not null || expected.Md5 is not null;
    }

    private static void CheckHash(string path, PublishedFile expected)
    {
        string part = path + ".part";
        foreach ((string name, string? right, HashAlgorithmName algorithm) in new[]
            { ("SHA-256", expected.Sha256, HashAlgorithmName.SHA256), ("MD5", expected.Md5, HashAlgorithmName.MD5) })
        {
            if (right is null) continue;
            string found = FileHash.Of(part, algorithm);
            if (found.StartsWith(right, StringComparison.OrdinalIgnoreCase)) continue;
            File.Delete(part);
            File.Delete(path + ".part.tag");
            throw new MirrorException($"sent a file whose {name} is {found}, the published one's is "
                + $"{right}{(right.Length < found.Length ? "…" : "")}",
                again: false);
        }
    }

    private static long Length(string path) => File.Exists(path) ? new FileInfo(path).Length : 0;
}
