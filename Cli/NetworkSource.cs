using GatysGpu.Engine.Features;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Transfer;
using GatysGpu.Cli.Files;
using GatysGpu.Weights;
using GatysGpu.Weights.Fetch;

namespace GatysGpu.Cli;

/// <summary>Where the filters come from: what <c>--weights</c> and <c>--complete</c> lead to for one objective.</summary>
/// <param name="Choice">For the engine.</param>
/// <param name="Name">The file, or <c>self</c> or <c>random</c>.</param>
/// <param name="Learned">Layers that are learned from the pictures, up to the deepest one that the objective looks at.</param>
/// <param name="Notes">What the user must be told, a line each.</param>
internal sealed record NetworkSource(WeightChoice Choice, string Name, IReadOnlyList<string> Learned, IReadOnlyList<string> Notes)
{
    public const string Auto = "auto";
    private const string Self = "self", Random = "random";
    private const string HowToGet = "'gatys weights fetch' gets the published ones";

    /// <summary>Reads the file, where there is one.</summary>
    /// <param name="named">auto, self, random or a file.</param>
    /// <param name="complete">Whether layers that the file lacks may be learned.</param>
    /// <param name="objective">Which layers are needed.</param>
    /// <exception cref="InputException">The file cannot be opened, or ends too early and may not be completed.</exception>
    /// <exception cref="WeightException">It is no file of weights, or a damaged one.</exception>
    public static NetworkSource Open(string named, bool complete, ObjectiveSettings objective)
    {
        string[] needed = [.. Vgg19.LayerNames.Take(Vgg19.LayerNames.IndexOf(NetworkBuilder.LastLayer(objective)) + 1)];
        string word = named.ToLowerInvariant();
        string? file = word is Self or Random ? null : WeightCache.Find(named);
        if (file is not null) return OpenFile(file, word == Auto, complete, needed);
        bool random = word == Random;
        string note = random
            ? $"the filters are smoothed random ones (--weights random), not the published VGG-19; {HowToGet}"
            : $"the filters are learned from these pictures (--weights self), not the published VGG-19; {HowToGet}";
        return new NetworkSource(new WeightChoice(null, random ? LearningSettings.Random : LearningSettings.Mixed), random ? Random : Self, needed, [note]);
    }

    private static NetworkSource OpenFile(string file, bool found, bool complete, string[] needed)
    {
        // What the cache or the environment led to was not typed: say where it came from.
        string option = found ? $"weights found by --weights auto: {file}" : $"--weights '{file}'";
        NetworkParameters network;
        List<string> notes = [];
        try
        {
            using WeightTable table = WeightFile.Open(file);
            network = NetworkParameters.From(table, needed.Length);
            notes.AddRange(table.Warnings.Select(w => $"warning: {file}: {w}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{option}: {FileErrors.Reason(e)}; expected auto, self, random or a file of weights", e);
        }
        string[] missing = [.. needed.Skip(network.Layers.Length)];
        if (missing.Length == 0) return new NetworkSource(new WeightChoice(network.UpTo(needed[^1]), null), file, [], notes);
        string extent = $"ends at {network.Layers[^1].Name}";
        if (!complete)
            throw new InputException($"{option} {extent} and --complete is none, but {needed[^1]} is asked for; choose layers up to "
                + $"{network.Layers[^1].Name} with --content-layers and --style-layers, use --complete self, or get the whole network with "
                + "'gatys weights fetch'");
        notes.Add($"{file} {extent}; {Extent(missing)} learned from these pictures (--complete self); 'gatys weights fetch' gets the whole network");
        return new NetworkSource(new WeightChoice(network, LearningSettings.Mixed), file, missing, notes);
    }

    private static string Extent(string[] layers) => layers.Length == 1 ? $"{layers[0]} is" : $"{layers[0]} to {layers[^1]} are";
}
