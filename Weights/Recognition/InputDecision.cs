using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Recognition;

/// <summary>Decides what a published file's network was trained for, and says why.</summary>
internal static class InputDecision
{
    /// <summary>The convention and the reason for it.</summary>
    /// <param name="content">What the file's reader found.</param>
    /// <param name="first">conv1_1.</param>
    /// <param name="given">What the user says, or null.</param>
    /// <param name="warnings">Receives assumptions and contradictions.</param>
    /// <remarks>In this order: what the user says; what the file states; what conv1_1's filters show; what the names suggest,
    /// with a warning.</remarks>
    public static (InputConvention Input, string Reason) Decide(SourceContent content, WeightLayer first, InputConvention? given,
        List<string> warnings)
    {
        Conv11Examination seen = Conv11Examination.Examine(first);
        if (!seen.LooksLikeFilters)
            warnings.Add($"conv1_1 does not look like filters of a trained network (likeness of its channels "
                + $"{seen.ChannelLikeness:0.00}, usual 0.7): "
                + "its numbers may be in another layout, or not trained");
        if (seen.IsPublished && seen.Arrangement != FilterArrangement.AsPublished)
            warnings.Add($"conv1_1's filters are the published ones "
                + $"{(seen.Arrangement == FilterArrangement.Flipped ? "turned by 180°" : "with rows and columns exchanged")}: "
                + "whoever made this file converted it wrongly, and results will be poor");
        InputConvention? published = seen.IsPublished ? (seen.Order == ChannelOrder.Bgr ? InputConvention.Caffe
            : InputConvention.MatConvNet) : null;
        InputConvention? chosen = given ?? content.Stated;
        if (chosen is not null)
        {
            if (published is not null && !chosen.Equals(published))
                warnings.Add($"conv1_1's filters are those of the published VGG-19 for {published}, but "
                    + $"{(given is null ? "the file states" : "you say")} {chosen}");
            return (chosen, given is null ? "stated by the file" : "as given");
        }
        return published is not null ? (published, "recognised by conv1_1's filters") : Assume(content, warnings);
    }

    private static (InputConvention, string) Assume(SourceContent content, List<string> warnings)
    {
        SourceTensor? torchvision = content.Tensors.Find(t => LayerNaming.IsTorchvision(t.Name));
        (InputConvention input, string reason) = torchvision is not null
            ? (InputConvention.Torchvision, $"names such as '{torchvision.Name}' are torchvision's")
            : (InputConvention.Caffe, $"that is usual for {content.Format.Split(',')[0]} files of VGG-19");
        warnings.Add($"conv1_1's filters are not those of the published VGG-19; assumed {input.Name} input ({input}), because "
            + $"{reason}. "
            + "If that is wrong, say --input");
        return (input, $"assumed, because {reason}");
    }
}
