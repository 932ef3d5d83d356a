namespace GatysGpu.Weights.Sources;

/// <summary>A sequence of bytes that lies in one or several places of one or several files.</summary>
internal sealed class ByteRuns
{
    private readonly record struct Run(SourceFile File, long Offset, long Length, long Start);

    private readonly List<Run> runs = [];

    /// <summary>No bytes yet.</summary>
    public ByteRuns() { }

    /// <summary>One place in one file.</summary>
    public ByteRuns(SourceFile file, long offset, long length) => Add(file, offset, length);

    /// <summary>Bytes in all runs.</summary>
    public long Length { get; private set; }

    /// <summary>Number of runs.</summary>
    public int Count => runs.Count;

    /// <summary>The file of the first run, for messages.</summary>
    public string Path => runs.Count == 0 ? "(empty)" : runs[0].File.Path;

    /// <summary>Appends a run; it must lie in its file.</summary>
    public void Add(SourceFile file, long offset, long length)
    {
        file.Require(offset, length, "data");
        runs.Add(new Run(file, offset, length, Length));
        Length += length;
    }

    /// <summary>Part of the sequence.</summary>
    /// <param name="position">First byte.</param>
    /// <param name="length">Number of bytes; all must be there.</param>
    public ByteRuns Slice(long position, long length)
    {
        ByteRuns part = new();
        for (int i = FindRun(position); part.Length < length; i++)
        {
            long within = position + part.Length - runs[i].Start;
            part.Add(runs[i].File, runs[i].Offset + within, Math.Min(runs[i].Length - within, length - part.Length));
        }
        return part;
    }

    /// <summary>Fills <paramref name="destination"/> from <paramref name="position"/> of the sequence on.</summary>
    public void Read(long position, Span<byte> destination)
    {
        if (position < 0 || position > Length - destination.Length)
            throw new WeightException(Path, $"{destination.Length} bytes at {position} of {Length} were asked for",
                "It is damaged: download it again.");
        for (int i = FindRun(position); destination.Length > 0; i++)
        {
            Run run = runs[i];
            long within = position - run.Start;
            int n = (int)Math.Min(destination.Length, run.Length - within);
            run.File.Read(run.Offset + within, destination[..n]);
            destination = destination[n..];
            position += n;
        }
    }

    private int FindRun(long position)
    {
        int low = 0, high = runs.Count - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (runs[middle].Start <= position) low = middle;
            else high = middle - 1;
        }
        return low;
    }
}
