namespace GatysGpu.Engine.Features;

/// <summary>How filters are made where there are no published ones.</summary>
/// <param name="PatchShare">Share of every layer's filters that are whitened patches of the pictures; the rest are smoothed random
/// filters. 1: all patches, 0: all random.</param>
/// <param name="Threshold">τ, added to every standardised response before the ReLU. Above 0, or large parts stay unpainted.</param>
/// <param name="WidthShare">Channels of a layer over those of VGG-19's, above 0 to 1.</param>
/// <param name="Seed">Of the choice of patches and of the random filters.</param>
public sealed record LearningSettings(double PatchShare, double Threshold, double WidthShare = 0.5, int Seed = 0)
{
    /// <summary>Half patches, half smoothed random filters: the strokes of the ones and the clarity of the others.</summary>
    public static LearningSettings Mixed { get; } = new(0.5, 0.4);

    /// <summary>Smoothed random filters alone: heavy, visible strokes.</summary>
    public static LearningSettings Random { get; } = new(0, 0.3);
}
