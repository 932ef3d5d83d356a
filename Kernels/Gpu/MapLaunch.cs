namespace GatysGpu.Kernels.Gpu;

/// <summary>Launches of kernels in which a thread has one position, or some neighbours, of one channel. A group has 32 columns of
/// 4 rows, so that a warp reads and writes neighbours of one row and nothing has to be divided; on a narrow map it has fewer
/// columns of more rows, so that few threads have nothing to do.</summary>
public static class MapLaunch
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 128;

    private const int MostColumns = 32;
    private const int LeastColumns = 8;

    /// <summary>Enough groups for every position of every channel.</summary>
    /// <param name="channels">C, at most 65,535.</param>
    /// <param name="rows">At least 1, at most 262,140.</param>
    /// <param name="columns">At least 1.</param>
    public static KernelConfig For(int channels, int rows, int columns)
    {
        int across = MostColumns;
        while (across > LeastColumns && across / 2 >= columns) across /= 2;
        int down = Threads / across;
        return new KernelConfig(new Index3D((columns + across - 1) / across, (rows + down - 1) / down, channels),
            new Index3D(across, down, 1));
    }

    /// <summary>This thread's column; may lie behind the last. Only inside a kernel.</summary>
    public static int Column => Grid.IdxX * Group.DimX + Group.IdxX;

    /// <summary>This thread's row; may lie behind the last. Only inside a kernel.</summary>
    public static int Row => Grid.IdxY * Group.DimY + Group.IdxY;

    /// <summary>This thread's channel. Only inside a kernel.</summary>
    public static int Channel => Grid.IdxZ;
}
