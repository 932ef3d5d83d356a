namespace GatysGpu.Kernels.Gpu;

// A thread that has four neighbours moves them by one instruction of 16 bytes: a quarter of the loads, stores and indices, and
// four times as many bytes under way. Arrays begin at a multiple of 64 bytes. Where the length is no multiple of 4, one thread
// has the one to three elements that are left; it runs the same code with whole = false, which reads and writes them one by one.

/// <summary>Elements 4n to 4n + 3 of a flat array. Only inside a kernel.</summary>
internal static class FourNeighbours
{
    /// <summary>Whether all four elements exist.</summary>
    public static bool Whole(ArrayView<float> array, long n) => n < array.Length >> 2;

    /// <summary>Whether some of the elements exist, but not all.</summary>
    public static bool Part(ArrayView<float> array, long n) => n == array.Length >> 2 && (array.Length & 3) != 0;

    /// <summary>The elements; 0 for those that do not exist.</summary>
    /// <param name="array">Begins at a multiple of 16 bytes.</param>
    /// <param name="n">Which four.</param>
    /// <param name="whole">Whether all exist; a constant. Otherwise the first one must.</param>
    public static Float4 Read(ArrayView<float> array, long n, bool whole)
    {
        if (whole) return array.Cast<Float4>()[n];
        int left = (int)array.Length & 3;
        long i = 4 * n;
        return new Float4(array[i], left > 1 ? array[i + 1] : 0, left > 2 ? array[i + 2] : 0, 0);
    }

    /// <summary>Overwrites the elements that exist.</summary>
    /// <param name="array">Begins at a multiple of 16 bytes.</param>
    /// <param name="n">Which four.</param>
    /// <param name="whole">Whether all exist; a constant. Otherwise the first one must.</param>
    /// <param name="values">New values.</param>
    public static void Write(ArrayView<float> array, long n, bool whole, Float4 values)
    {
        if (whole)
        {
            array.Cast<Float4>()[n] = values;
            return;
        }
        int left = (int)array.Length & 3;
        long i = 4 * n;
        array[i] = values.X;
        if (left > 1) array[i + 1] = values.Y;
        if (left > 2) array[i + 2] = values.Z;
    }
}
