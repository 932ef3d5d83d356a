using System.Collections;
using GatysGpu.Weights.Sources;
using Microsoft.Win32.SafeHandles;

namespace GatysGpu.Weights.Fetch;

/// <summary>A file on a server, of which only the blocks that are read are downloaded.</summary>
/// <remarks>The readers of all formats step over what they do not need, so of 574 MB with VGG-19's fully connected layers the 80
/// MB of its convolutions come over the line. Blocks that have come are kept in NAME.parts, a sparse file, and marked in
/// NAME.blocks, so that a second attempt goes on.</remarks>
internal sealed class RangedFile : SourceFile
{
    private const int Block = 1 << 16, LongestRequest = 1 << 23;

    private readonly HttpSource source;
    private readonly FetchOptions options;
    private readonly Action<long, string?> report;
    private readonly CancellationToken cancel;
    private readonly SafeFileHandle local;
    private readonly string marks;
    private readonly string? tag;
    private readonly BitArray here;
    private long downloaded;

    private RangedFile(HttpSource source, string path, long length, string? tag, FetchOptions options,
        Action<long, string?> report,
        CancellationToken cancel) : base(path, length)
    {
        (this.source, this.options, this.report, this.tag, this.cancel) = (source, options, report, tag, cancel);
        marks = path + ".blocks";
        local = File.OpenHandle(path + ".parts", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        int blocks = (int)((length + Block - 1) / Block);
        here = Load(blocks);
        for (int i = 0; i < blocks; i++) downloaded += here[i] ? BlockLength(i) : 0;
    }

    /// <summary>Opens a file on a server, or returns null if the server does not send ranges.</summary>
    /// <param name="source">The server.</param>
    /// <param name="path">Where the file would go, and its name in messages.</param>
    /// <param name="options">Attempts and pauses.</param>
    /// <param name="report">Is told the number of bytes that are here, and what went wrong.</param>
    /// <param name="cancel">Ends the download.</param>
    /// <exception cref="MirrorException">The server cannot be reached or refuses.</exception>
    public static RangedFile? Open(HttpSource source, string path, FetchOptions options, Action<long, string?> report,
        CancellationToken cancel)
    {
        using HttpSource.Reply reply = Repeat(options, report, 0, cancel,
            () => source.Ask(0, Block, cancel).GetAwaiter().GetResult());
        bool ranges = reply.Message.StatusCode == System.Net.HttpStatusCode.PartialContent && reply.Total is > 0;
        return ranges ? new RangedFile(source, path, reply.Total!.Value, reply.Tag, options, report, cancel) : null;
    }

    /// <summary>Deletes what was kept for another attempt.</summary>
    public void Forget()
    {
        Dispose();
        File.Delete(Path + ".parts");
        File.Delete(marks);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        if (!local.IsClosed) Save();
        local.Dispose();
    }

    /// <inheritdoc/>
    protected override int ReadSome(long offset, Span<byte> destination)
    {
        int first = (int)(offset / Block), last = (int)((offset + destination.Length - 1) / Block);
        for (int i = first; i <= last; i++)
        {
            if (here[i]) continue;
            int end = i + 1;
            while (end <= last && !here[end] && (end - i) * (long)Block < LongestRequest) end++;
            Repeat(options, report, downloaded, cancel, () => Get(i, end));
        }
        return RandomAccess.Read(local, destination, offset);
    }

    // Blocks [first, end) from the server into the local file. Complete blocks stay marked if the rest fails.
    private int Get(int first, int end)
    {
        while (first < end && here[first]) first++;
        if (first == end) return 0;
        long at = (long)first * Block, stop = Math.Min((long)end * Block, Length);
        using HttpSource.Reply reply = source.Ask(at, stop, cancel).GetAwaiter().GetResult();
        if (reply.Start != at || reply.Total != Length || reply.Tag != tag)
            throw new MirrorException($"now sends another file ({reply.Total} bytes, before {Length}), or no ranges any more",
                again: false);
        Stream stream = source.Open(reply, cancel).GetAwaiter().GetResult();
        byte[] buffer = new byte[Block];
        while (at < stop)
        {
            int wanted = (int)Math.Min(Block, stop - at), got = 0;
            while (got < wanted)
            {
                int n = source.Read(stream, buffer.AsMemory(got, wanted - got), cancel).GetAwaiter().GetResult();
                if (n == 0) throw new MirrorException($"ended at byte {at + got} of {stop}", again: true);
                got += n;
            }
            RandomAccess.Write(local, buffer.AsSpan(0, wanted), at);
            here[(int)(at / Block)] = true;
            downloaded += wanted;
            at += wanted;
            report(downloaded, null);
        }
        return end - first;
    }

    private static T Repeat<T>(FetchOptions options, Action<long, string?> report, long have, CancellationToken cancel,
        Func<T> act)
    {
        for (int failures = 1; ; failures++)
        {
            try
            {
                return act();
            }
            catch (MirrorException e) when (e.Again && failures <= options.Attempts)
            {
                report(have, e.Message);
                cancel.WaitHandle.WaitOne(options.Pause * Math.Pow(2, failures - 1));
                cancel.ThrowIfCancellationRequested();
            }
        }
    }

    private int BlockLength(int block) => (int)Math.Min(Block, Length - (long)block * Block);

    // NAME.blocks: length and tag on the first two lines, then a digit for each block.
    private BitArray Load(int blocks)
    {
        string[] lines = File.Exists(marks) ? File.ReadAllLines(marks) : [];
        bool same = tag is not null && lines.Length == 3 && lines[0] == Length.ToString() && lines[1] == tag
            && lines[2].Length == blocks;
        return same ? new BitArray([.. lines[2].Select(c => c == '1')]) : new BitArray(blocks);
    }

    private void Save()
    {
        RandomAccess.FlushToDisk(local);
        File.WriteAllLines(marks, [Length.ToString(), tag ?? "", string.Concat(here.Cast<bool>().Select(b => b ? '1' : '0'))]);
    }
}
