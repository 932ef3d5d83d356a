using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>C = A·B for square matrices, row-major, as two rungs of a ladder.</summary>
internal static class GemmKernels
{
    /// <summary>One thread an element; 16×16 threads.</summary>
    public static void Naive(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        int x = Grid.IdxX * 16 + Group.IdxX, y = Grid.IdxY * 16 + Group.IdxY;
        float sum = 0;
        for (int k = 0; k < n; k++) sum += a[y * n + k] * b[k * n + x];
        c[y * n + x] = sum;
    }

    /// <summary>A group makes 64×64, a thread 4×4; 16×16 threads; n a multiple of 64.</summary>
    public static void Tiled(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int n)
    {
        ArrayView<float> aTile = SharedMemory.Allocate<float>(64 * 16);
        ArrayView<float> bTile = SharedMemory.Allocate<float>(16 * 64);
        int thread = Group.IdxY * 16 + Group.IdxX, row0 = Grid.IdxY * 64, column0 = Grid.IdxX * 64;
        ArrayView<float> sums = LocalMemory.Allocate<float>(16);
        ArrayView<float> aPart = LocalMemory.Allocate<float>(4), bPart = LocalMemory.Allocate<float>(4);
        for (int i = 0; i < 16; i++) sums[i] = 0;
        for (int k0 = 0; k0 < n; k0 += 16)
        {
            for (int i = 0; i < 4; i++)
            {
                int e = i * 256 + thread;
                aTile[e] = a[(row0 + e / 16) * n + k0 + e % 16];
                bTile[e] = b[(k0 + e / 64) * n + column0 + e % 64];
            }
            Group.Barrier();
            for (int k = 0; k < 16; k++)
            {
                for (int r = 0; r < 4; r++) aPart[r] = aTile[(Group.IdxY * 4 + r) * 16 + k];
                for (int s = 0; s < 4; s++) bPart[s] = bTile[k * 64 + Group.IdxX + 16 * s];
                for (int r = 0; r < 4; r++)
                    for (int s = 0; s < 4; s++) sums[r * 4 + s] += aPart[r] * bPart[s];
            }
            Group.Barrier();
        }
        for (int r = 0; r < 4; r++)
            for (int s = 0; s < 4; s++) c[(row0 + Group.IdxY * 4 + r) * n + column0 + Group.IdxX + 16 * s] = sums[r * 4 + s];
    }
}
