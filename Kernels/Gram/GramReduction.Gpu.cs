namespace GatysGpu.Kernels.Gram;

// G[a,b] = G[b,a] = 1/M · Σ over the parts of P[part, a, b],  a ≥ b
//
// Threads   256, one an element on or below the diagonal of [C, C]; neighbours read neighbours of each partial matrix.
// Order     part 0, 1, 2, …, in float64: the result does not depend on the schedule, and adding the parts costs no accuracy.
// Traffic   half of the partial matrices in, G out.

/// <summary>The second step of a split Gram matrix: adds the partial matrices.</summary>
public static class GramReduction
{
    private const int Threads = 256;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(GramSplit split) => new(
        new Index3D((split.Channels + Threads - 1) / Threads, split.Channels, 1), new Index3D(Threads, 1, 1));

    /// <summary>G = Σ P / M.</summary>
    /// <param name="partials">P, [parts, C, C], of which what lies on and below the diagonal is read.</param>
    /// <param name="gram">G, [C, C], symmetric. Overwritten.</param>
    /// <param name="split">C, M and the parts.</param>
    public static void Add(ArrayView<float> partials, ArrayView<float> gram, GramSplit split)
    {
        int a = Grid.IdxY, b = Grid.IdxX * Threads + Group.IdxX, channels = split.Channels;
        if (b > a) return;
        double sum = 0;
        for (int part = 0; part < split.Parts; part++) sum += partials[(part * channels + a) * channels + b];
        float value = (float)(sum / split.Positions);
        gram[a * channels + b] = value;
        gram[b * channels + a] = value;
    }
}
