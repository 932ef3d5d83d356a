using System.Collections.Immutable;

namespace GatysGpu.Engine.Network;

/// <summary>The layers at which there are losses, or at which something is read.</summary>
/// <param name="gram">Layers with a loss of the Gram matrix, whose gradient is D·F.</param>
/// <param name="others">Layers with other losses; a layer may be in both.</param>
public sealed class TappedLayers(IEnumerable<int> gram, IEnumerable<int> others)
{
    /// <summary>Layers with losses that are not of the Gram matrix.</summary>
    public ImmutableSortedSet<int> Others { get; } = [.. others];

    /// <summary>All of them.</summary>
    public ImmutableSortedSet<int> All { get; } = [.. gram, .. others];
}
