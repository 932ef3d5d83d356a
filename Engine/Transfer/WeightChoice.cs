using GatysGpu.Engine.Features;
using GatysGpu.Engine.Network;

namespace GatysGpu.Engine.Transfer;

/// <summary>Where the network's filters come from.</summary>
/// <param name="Published">A network read from a weight file; null learns all layers.</param>
/// <param name="Learning">How layers are learned that are not published; null forbids it.</param>
public sealed record WeightChoice(NetworkParameters? Published, LearningSettings? Learning);
