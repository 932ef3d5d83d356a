using GatysGpu.Engine.Features;
using GatysGpu.Engine.Network;

namespace GatysGpu.Engine.Transfer;

/// <summary>Where the network's filters come from.</summary>
/// <param name="Published">A network read from a weight file; null learns all layers.</param>
/// <param name="Learning">How layers are learned that are not published; null forbids it.</param>
public sealed record WeightChoice(NetworkParameters? Published, LearningSettings? Learning)
{
    /// <summary>The longer side that a pyramid should begin at. Learned filters hold a picture's layout less firmly than the published
    /// ones: at small scales they would paint it over.</summary>
    public int UsualFirstSize => Published is null ? 256 : 128;
}
