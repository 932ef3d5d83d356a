using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Kernels of the size of the project's largest ones, for the time that compiling takes.</summary>
internal static class LargeKernels
{
    private readonly record struct Float4(float X, float Y, float Z, float W);

    /// <summary>C = A·B with 8×8 accumulators a thread and 8 steps of k written out.</summary>
    public static void RegisterTile(ArrayView<float> c, ArrayView<float> a, ArrayView<float> b, int m, int n, int k)
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(8 * 128);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(8 * 128);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        ArrayView<float> left = LocalMemory.Allocate<float>(8);
        ArrayView<float> right = LocalMemory.Allocate<float>(8);
        int row = Group.IdxX / 16 * 8;
        int column = Group.IdxX % 16 * 8;
        for (int i = 0; i < 64; i++) sums[i] = 0;
        for (int start = 0; start < k; start += 8)
        {
            for (int i = 0; i < 4; i++)
            {
                int at = Group.IdxX + i * 256;
                tileA[at] = a[(Grid.IdxY * 128 + at / 8) * k + start + at % 8];
                tileB[at] = b[(start + at / 128) * n + Grid.IdxX * 128 + at % 128];
            }
            Group.Barrier();
            for (int step = 0; step < 8; step++)
            {
                Copy(tileA, step * 128 + row, left);
                Copy(tileB, step * 128 + column, right);
                for (int y = 0; y < 8; y++)
                    for (int x = 0; x < 8; x++) sums[y * 8 + x] += left[y] * right[x];
            }
            Group.Barrier();
        }
        for (int y = 0; y < 8; y++)
            for (int x = 0; x < 8; x++)
                if (Grid.IdxY * 128 + row + y < m)
                    c[(Grid.IdxY * 128 + row + y) * n + Grid.IdxX * 128 + column + x] = sums[y * 8 + x];
    }

    /// <summary>3×3 convolution with 8 output channels and 8×1 places a thread, 8 input channels written out: 4,608
    /// multiplications.</summary>
    public static void NineTaps(ArrayView<float> output, ArrayView<float> input, ArrayView<float> weights, int channels,
        int height, int width)
    {
        ArrayView<float> patch = SharedMemory.Allocate<float>(8 * 10 * 34);
        ArrayView<float> taps = SharedMemory.Allocate<float>(8 * 9 * 32);
        ArrayView<float> sums = LocalMemory.Allocate<float>(64);
        int x0 = Grid.IdxX * 32;
        int y0 = Grid.IdxY * 8;
        int lane = Group.IdxX % 32;
        int part = Group.IdxX / 32;
        for (int i = 0; i < 64; i++) sums[i] = 0;
        for (int c0 = 0; c0 < channels; c0 += 8)
        {
            for (int at = Group.IdxX; at < 8 * 10 * 34; at += Group.DimX)
            {
                int c = at / 340;
                int y = y0 + at % 340 / 34 - 1;
                int x = x0 + at % 34 - 1;
                bool inside = x >= 0 && x < width && y >= 0 && y < height;
                patch[at] = inside ? input[((c0 + c) * height + y) * width + x] : 0f;
            }
            for (int at = Group.IdxX; at < 8 * 9 * 32; at += Group.DimX) taps[at] = weights[c0 * 9 * 32 + at];
            Group.Barrier();
            for (int c = 0; c < 8; c++)
                for (int r = 0; r < 3; r++)
                    for (int s = 0; s < 3; s++)
                        for (int k = 0; k < 8; k++)
                        {
                            float weight = taps[(c * 9 + r * 3 + s) * 32 + part * 8 + k];
                            for (int y = 0; y < 8; y++) sums[k * 8 + y] += weight * patch[c * 340 + (y + r) * 34 + lane + s];
                        }
            Group.Barrier();
        }
        for (int k = 0; k < 8; k++)
            for (int y = 0; y < 8; y++)
                if (x0 + lane < width && y0 + y < height)
                    output[((part * 8 + k) * height + y0 + y) * width + x0 + lane] = sums[k * 8 + y];
    }

    private static void Copy(ArrayView<float> source, int at, ArrayView<float> target)
    {
        ArrayView<Float4> vectors = source.SubView(at, 8).Cast<Float4>();
        Float4 low = vectors[0];
        Float4 high = vectors[1];
        target[0] = low.X;
        target[1] = low.Y;
        target[2] = low.Z;
        target[3] = low.W;
        target[4] = high.X;
        target[5] = high.Y;
        target[6] = high.Z;
        target[7] = high.W;
    }
}
