namespace GatysGpu.Kernels.Gram;

// Second rung. 16×16 elements of G need 16 rows of F on either side: the group fetches them once.
//
// Threads   256 as 16×16, one an element; the grid covers [C, C], groups above the diagonal leave at once.
// Stage     16 positions of 2·16 rows. A thread fetches one value of each side; 16 neighbours read 64 bytes of a row. The row
//           that a thread multiplies by is read across: a pitch of 17 puts the 16 rows on 16 banks.
// Traffic   2·16·M values for 256 elements: M/2 bytes an element, a sixteenth of the first rung.
// Barriers  one after staging, one after multiplying, so that nobody overwrites what another still reads.

/// <summary>Gram matrix, tiles of F staged in shared memory, one thread an element. Defined by <see
/// cref="GramReference"/>.</summary>
public static class GramSharedTile
{
    private const int Side = 16;
    private const int Pitch = Side + 1;

    /// <inheritdoc cref="GramNaive.Config"/>
    public static KernelConfig Config(int channels) => GramNaive.Config(channels);

    /// <inheritdoc cref="GramNaive.Forward"/>
    public static void Forward(ArrayView<float> f, ArrayView<float> gram, int channels, int positions)
    {
        ArrayView<float> rows = SharedMemory.Allocate<float>(Side * Pitch);
        ArrayView<float> columns = SharedMemory.Allocate<float>(Side * Pitch);
        if (Grid.IdxX > Grid.IdxY) return;
        int y = Group.IdxX >> 4, x = Group.IdxX & 15;
        int a = Grid.IdxY * Side + y, b = Grid.IdxX * Side + x, bStaged = Grid.IdxX * Side + y;
        float sum = 0f;
        for (int first = 0; first < positions; first += Side)
        {
            int m = first + x;
            rows[y * Pitch + x] = Read(f, a, m, channels, positions);
            columns[y * Pitch + x] = Read(f, bStaged, m, channels, positions);
            Group.Barrier();
            for (int i = 0; i < Side; i++) sum += rows[y * Pitch + i] * columns[x * Pitch + i];
            Group.Barrier();
        }
        if (a >= channels | b > a) return;
        sum /= positions;
        gram[a * channels + b] = sum;
        gram[b * channels + a] = sum;
    }

    private static float Read(ArrayView<float> f, int channel, int m, int channels, int positions)
    {
        bool inside = channel < channels & m < positions;
        float value = f[inside ? channel * positions + m : 0];
        return inside ? value : 0f;
    }
}
