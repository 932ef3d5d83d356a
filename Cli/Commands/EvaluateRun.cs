using System.CommandLine;
using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Files;
using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Transfer;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Cli.Commands;

/// <summary>One run of <c>gatys evaluate</c>.</summary>
internal sealed class EvaluateRun(EvaluateCommand command, ParseResult parsed, Terminal terminal)
{
    /// <summary>Does all of it.</summary>
    public int Run()
    {
        ObjectiveSettings settings = command.Objective.Settings(parsed);
        string[] styleFiles = command.Styles(parsed);
        IReadOnlyList<double> shares = command.Objective.Shares(parsed, styleFiles.Length);
        CheckGradientFile(styleFiles);
        Picture image = command.Pictures.Read(parsed, command.Image(parsed));
        StylePicture[] styles = [.. styleFiles.Zip(shares, (file, share) => new StylePicture(AtSize(command.Pictures.Read(parsed, file)), share))];
        Picture content = Resampler.Resize(command.Pictures.Read(parsed, command.Content(parsed)), image.Width, image.Height);
        if (command.Objective.MatchColors(parsed)) content = ColorTransfer.Match(content, [.. styles.Select(s => s.Picture)], shares);
        NetworkSource source = NetworkSource.Open(command.Network.Weights(parsed), command.Network.Complete(parsed), settings);
        foreach (string note in source.Notes) terminal.Note(note);

        TransferSettings transfer = new()
        {
            Weights = source.Choice, Objective = settings,
            Pooling = command.Network.PoolingOf(parsed), Seed = command.Network.Seed(parsed),
        };
        using IDevice device = command.Device.Create(parsed, terminal,
            d => MemoryEstimate.OfEvaluation(d, content, styles, transfer).Check(d));
        NetworkParameters parameters = NetworkBuilder.Build(device, transfer, content, styles, NetworkBuilder.LastLayer(settings));
        using ConvNetwork network = new(device, parameters);
        using StyleTransferObjective objective = new(network, content, styles, settings);
        (double total, float[] gradient) = Evaluate(device, objective, image);
        if (command.Gradient(parsed) is { } path)
            FileErrors.Naming("--gradient", path, () =>
            {
                NpyWriter.Write(path, gradient, 3, image.Height, image.Width);
                return true;
            });
        Print(total, objective.Terms, image, source, parameters, settings, device);
        return ExitCode.Ok;
    }

    private void CheckGradientFile(string[] styleFiles)
    {
        if (command.Gradient(parsed) is not { } path) return;
        Overwriting.Refuse("--gradient", path, [("the content picture", command.Content(parsed)), ("the evaluated picture", command.Image(parsed)),
            .. styleFiles.Select(s => ("a style picture", (string?)s)), ("the file of --weights", command.Network.Weights(parsed))]);
        FileErrors.Naming("--gradient", path, () =>
        {
            AtomicFile.CheckWritable(path);
            return true;
        });
    }

    private Picture AtSize(Picture style)
    {
        int longer = Math.Max(style.Width, style.Height);
        (int width, int height) = Resampler.FitSize(style.Width, style.Height, Math.Min(longer, command.Size(parsed) ?? longer));
        return Resampler.Resize(style, width, height);
    }

    private static (double Total, float[] Gradient) Evaluate(IDevice device, StyleTransferObjective objective, Picture image)
    {
        long bytes = DeviceVector.BytesFor(objective.Length);
        using DeviceMemory memory = device.Allocate(2 * bytes);
        DeviceVector x = new(memory, 0, objective.Length), g = new(memory, bytes, objective.Length);
        device.Upload(image.Samples, x);
        double total = objective.Evaluate(x, g);
        float[] gradient = new float[objective.Length];
        device.Download(g, gradient);
        return (total, gradient);
    }

    private void Print(double total, IEnumerable<ObjectiveTerm> terms, Picture image, NetworkSource source, NetworkParameters network,
        ObjectiveSettings settings, IDevice device)
    {
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteFinite("total", total);
            json.WriteTerms(terms);
            json.WriteNumber("width", image.Width);
            json.WriteNumber("height", image.Height);
            json.WriteString("objective", settings.Kind.ToString().ToLowerInvariant());
            json.WriteStartObject("network");
            json.WriteString("weights", source.Name);
            json.WriteString("last_layer", network.Layers[^1].Name);
            json.WriteStartArray("learned_layers");
            foreach (string layer in source.Learned) json.WriteStringValue(layer);
            json.WriteEndArray();
            json.WriteString("pooling", network.Pooling.ToString().ToLowerInvariant());
            json.WriteEndObject();
            json.WriteString("device", device.Name);
            json.WriteEndObject();
        }
        terminal.Output.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
    }
}
