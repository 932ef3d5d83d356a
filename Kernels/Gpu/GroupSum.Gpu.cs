namespace GatysGpu.Kernels.Gpu;

// A sum of many values in float64, the same bits on every run:
//
//   1. thread t of n adds the elements t, t + n, t + 2n, … in order, or as many fours of neighbours;
//   2. a warp adds its 32 sums by a butterfly (lanes 16 apart, then 8, 4, 2, 1), a group its 8 warps in order: one partial sum
//      a group;
//   3. one group adds the partial sums in the same way (kernel Finish).
//
// The number of groups is a function of the length alone, so no step depends on which group runs first, and nothing is added
// atomically.

/// <summary>Sums over all elements of an array by a fixed tree.</summary>
public static class GroupSum
{
    /// <summary>Threads of a group.</summary>
    public const int Threads = 256;

    /// <summary>Most partial sums that a launch of <see cref="For"/> makes.</summary>
    public const int MostGroups = 1024;

    private const int Lanes = 32;
    private const int Warps = Threads / Lanes;

    // Below this many elements a thread, a group costs more than it helps.
    private const int ElementsOfAThread = 4;

    /// <summary>Groups, and with them partial sums, for an array.</summary>
    /// <param name="length">Elements, at least 1.</param>
    public static int Groups(long length) =>
        (int)Math.Min(MostGroups, (length + Threads * ElementsOfAThread - 1) / (Threads * ElementsOfAThread));

    /// <summary>The launch that makes the partial sums of an array.</summary>
    /// <param name="length">Elements, at least 1.</param>
    public static KernelConfig For(long length) => new(new Index1D(Groups(length)), new Index1D(Threads));

    /// <summary>The launch of <see cref="Finish"/>.</summary>
    /// <param name="sums">How many sums.</param>
    public static KernelConfig ForFinish(int sums) => new(new Index1D(sums), new Index1D(Threads));

    /// <summary>The first element, or four neighbours, of this thread; the next ones are <see cref="Stride"/> apart. Only inside
    /// a kernel.</summary>
    public static long First => (long)Grid.IdxX * Threads + Group.IdxX;

    /// <summary>Threads of the launch. Only inside a kernel.</summary>
    public static long Stride => (long)Grid.DimX * Threads;

    /// <summary>The sum of a value over the group: complete in thread 0 alone. Called once a kernel, by every thread.</summary>
    public static double OfGroup(double value)
    {
        ArrayView<double> warps = SharedMemory.Allocate<double>(Warps);
        value = OfWarp(value);
        if (Warp.LaneIdx == 0) warps[Group.IdxX / Lanes] = value;
        // Thread 0 reads what the first lanes of the other warps wrote.
        Group.Barrier();
        double sum = 0;
        if (Group.IdxX == 0)
            for (int w = 0; w < Warps; w++) sum += warps[w];
        return sum;
    }

    /// <summary>The sum of a value over the warp, in every lane.</summary>
    public static double OfWarp(double value)
    {
        for (int step = 0; step < 5; step++) value += Warp.ShuffleXor(value, 16 >> step);
        return value;
    }

    /// <summary>results[first + s] = scale · Σ of the partial sums of s; a group has one s.</summary>
    /// <param name="partials">[sums, count].</param>
    /// <param name="count">Partial sums of each.</param>
    /// <param name="scale">Factor.</param>
    /// <param name="results">Overwritten from <paramref name="first"/> on.</param>
    /// <param name="first">Place of the first result.</param>
    public static void Finish(ArrayView<double> partials, int count, double scale, ArrayView<double> results, int first)
    {
        double sum = 0;
        for (int i = Group.IdxX; i < count; i += Threads) sum += partials[Grid.IdxX * count + i];
        sum = OfGroup(sum);
        if (Group.IdxX == 0) results[first + Grid.IdxX] = scale * sum;
    }
}
