namespace GatysGpu.Kernels.Gpu;

/// <summary>Launches of kernels in which a thread has one position of one channel: a group has 32 columns of 4 rows, so that a
/// warp reads and writes neighbours of one row and nothing has to be divided.</summary>
public static class MapLaunch
{
    /// <summary>Columns of a group: a warp.</summary>
    public const int Columns = 32;

    /// <summary>Rows of a group.</summary>
    public const int Rows = 4;

    /// <summary>Enough groups for every position of every channel.</summary>
    /// <param name="channels">C, at most 65,535.</param>
    /// <param name="rows">At least 1, at most 262,140.</param>
    /// <param name="columns">At least 1.</param>
    public static KernelConfig For(int channels, int rows, int columns) =>
        new(new Index3D((columns + Columns - 1) / Columns, (rows + Rows - 1) / Rows, channels), new Index3D(Columns, Rows, 1));

    /// <summary>This thread's column; may lie behind the last. Only inside a kernel.</summary>
    public static int Column => Grid.IdxX * Columns + Group.IdxX;

    /// <summary>This thread's row; may lie behind the last. Only inside a kernel.</summary>
    public static int Row => Grid.IdxY * Rows + Group.IdxY;

    /// <summary>This thread's channel. Only inside a kernel.</summary>
    public static int Channel => Grid.IdxZ;
}
