namespace GatysGpu.Kernels.Gram;

// First rung. G[a,b] = 1/M · Σ_m F[a,m] · F[b,m], one thread an element.
//
// Threads   256 as 16×16; the grid covers [C, C]. Elements above the diagonal are left to their mirror image.
// Traffic   an element reads 2·M values: 8·M bytes asked for. Neighbouring threads read rows that lie M apart, so hardly a
//           byte of a line that is fetched is used at once.
// Barriers  none.

/// <summary>Gram matrix, one thread an element. Defined by <see cref="GramReference"/>.</summary>
public static class GramNaive
{
    private const int Side = 16;

    /// <summary>Groups and threads.</summary>
    public static KernelConfig Config(int channels)
    {
        int groups = (channels + Side - 1) / Side;
        return new(new Index3D(groups, groups, 1), new Index3D(Side * Side, 1, 1));
    }

    /// <summary>G = F·Fᵀ / M.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="gram">G, [C, C], symmetric. Overwritten.</param>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    public static void Forward(ArrayView<float> f, ArrayView<float> gram, int channels, int positions)
    {
        int a = Grid.IdxY * Side + (Group.IdxX >> 4), b = Grid.IdxX * Side + (Group.IdxX & 15);
        if (a >= channels | b > a) return;
        float sum = 0f;
        for (int m = 0; m < positions; m++) sum += f[a * positions + m] * f[b * positions + m];
        sum /= positions;
        gram[a * channels + b] = sum;
        gram[b * channels + a] = sum;
    }
}
