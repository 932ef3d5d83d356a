using System.Text.Json;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Files;

/// <summary>A run's log: one JSON object a line and iteration, written at once, so that another program can follow it.</summary>
internal sealed class RunLog : IDisposable
{
    private readonly string path;
    private readonly FileStream file;

    /// <summary>Makes the file, or empties it.</summary>
    /// <exception cref="InputException">It cannot be opened.</exception>
    public RunLog(string path)
    {
        this.path = path;
        file = FileErrors.Naming("--log", path, () => new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read));
    }

    /// <summary>Adds an iteration.</summary>
    /// <exception cref="InputException">It cannot be written.</exception>
    public void Add(TransferProgress at) => FileErrors.Naming("--log", path, () =>
    {
        using (Utf8JsonWriter json = new(file)) Write(json, at);
        file.WriteByte((byte)'\n');
        file.Flush();
        return true;
    });

    /// <summary>Closes the file.</summary>
    public void Dispose() => file.Dispose();

    private static void Write(Utf8JsonWriter json, TransferProgress at)
    {
        json.WriteStartObject();
        json.WriteNumber("scale", at.Scale);
        json.WriteNumber("scales", at.Scales);
        json.WriteNumber("width", at.Width);
        json.WriteNumber("height", at.Height);
        json.WriteNumber("iteration", at.Iteration);
        json.WriteFinite("loss", at.Loss);
        json.WriteFinite("gradient_norm", at.GradientNorm);
        json.WriteNumber("evaluations", at.Evaluations);
        json.WriteTerms(at.Terms);
        json.WriteNumber("seconds", Math.Round(at.Elapsed.TotalSeconds, 3));
        json.WriteEndObject();
    }
}
