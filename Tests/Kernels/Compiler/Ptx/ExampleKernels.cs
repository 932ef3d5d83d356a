using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Kernels as one writes them, for tests of what becomes of them.</summary>
public static class ExampleKernels
{
    /// <summary>Four neighbours that move as one.</summary>
    public struct Float4
    {
        public float X, Y, Z, W;
    }

    /// <summary>x[i] = x[i] · s.</summary>
    public static void Scale(ArrayView<float> x, float s)
    {
        int i = Grid.IdxX * Group.DimX + Group.IdxX;
        if (i >= x.Length) return;
        x[i] = x[i] * s;
    }

    /// <summary>One sum a group of 256: shuffles inside a warp, shared memory between warps.</summary>
    public static void Sum(ArrayView<float> x, ArrayView<float> result)
    {
        ArrayView<float> sums = SharedMemory.Allocate<float>(8);
        float sum = 0;
        for (int i = Grid.IdxX * 256 + Group.IdxX; i < x.Length; i += Grid.DimX * 256) sum += x[i];
        for (int delta = 16; delta > 0; delta >>= 1) sum += Warp.ShuffleDown(sum, delta);
        if (Warp.LaneIdx == 0) sums[Group.IdxX / 32] = sum;
        Group.Barrier();
        if (Group.IdxX != 0) return;
        float all = 0;
        for (int w = 0; w < 8; w++) all += sums[w];
        result[Grid.IdxX] = all;
    }

    /// <summary>C = Aᵀ·B for A [k, 64·groups.y], B [k, 64·groups.x], k a multiple of 8. A group of 16×16 threads makes 64×64 of
    /// C, a thread 4×4 of it, in registers.</summary>
    public static void RegisterTile(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int m, int n, int k)
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(8 * 64);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(8 * 64);
        ArrayView<Float4> vectorsOfTileA = tileA.Cast<Float4>(), vectorsOfTileB = tileB.Cast<Float4>();
        ArrayView<Float4> vectorsOfA = a.Cast<Float4>(), vectorsOfB = b.Cast<Float4>();
        ArrayView<float> sums = LocalMemory.Allocate<float>(16);
        int row = Grid.IdxY * 64, column = Grid.IdxX * 64;
        int thread = Group.IdxY * 16 + Group.IdxX;
        int loadRow = thread / 16 % 8, loadColumn = thread % 16 * 4;
        for (int i = 0; i < 16; i++) sums[i] = 0;
        for (int k0 = 0; k0 < k; k0 += 8)
        {
            if (thread < 128)
                vectorsOfTileA[(loadRow * 64 + loadColumn) / 4] = vectorsOfA[((k0 + loadRow) * m + row + loadColumn) / 4];
            else
                vectorsOfTileB[(loadRow * 64 + loadColumn) / 4] = vectorsOfB[((k0 + loadRow) * n + column + loadColumn) / 4];
            Group.Barrier();
            for (int l = 0; l < 8; l++)
            {
                Float4 left = vectorsOfTileA[l * 16 + Group.IdxY];
                Float4 right = vectorsOfTileB[l * 16 + Group.IdxX];
                Row(sums, 0, left.X, right);
                Row(sums, 4, left.Y, right);
                Row(sums, 8, left.Z, right);
                Row(sums, 12, left.W, right);
            }
            Group.Barrier();
        }
        for (int y = 0; y < 4; y++)
            for (int x = 0; x < 4; x++)
                c[(row + Group.IdxY * 4 + y) * n + column + Group.IdxX * 4 + x] = sums[y * 4 + x];
    }

    /// <summary>One warp: 16×8 of A·B through tensor cores, A [16, k] and B [k, 8], copied to shared memory beside the
    /// multiplication.</summary>
    public static void TensorTile(ArrayView<float> a, ArrayView<float> b, ArrayView<float> c, int k)
    {
        ArrayView<float> tileA = SharedMemory.Allocate<float>(16 * 8);
        ArrayView<float> tileB = SharedMemory.Allocate<float>(8 * 8);
        ArrayView<Float4> vectorsOfTileA = tileA.Cast<Float4>(), vectorsOfTileB = tileB.Cast<Float4>();
        ArrayView<Float4> vectorsOfA = a.Cast<Float4>(), vectorsOfB = b.Cast<Float4>();
        int lane = Warp.LaneIdx, group = lane / 4, member = lane % 4;
        float d0 = 0, d1 = 0, d2 = 0, d3 = 0;
        for (int k0 = 0; k0 < k; k0 += 8)
        {
            int row = lane / 2, column = lane % 2 * 4;
            AsyncCopy.Copy(ref vectorsOfTileA[lane], ref vectorsOfA[(row * k + k0 + column) / 4]);
            AsyncCopy.CopyOrZero(ref vectorsOfTileB[lane % 16], ref vectorsOfB[(k0 * 8 + lane % 16 * 4) / 4], lane < 16);
            AsyncCopy.Commit();
            AsyncCopy.Wait(0);
            Group.Barrier();
            TensorCore.MultiplyAddM16N8K8(ref d0, ref d1, ref d2, ref d3,
                TensorCore.RoundToTf32(tileA[group * 8 + member]), TensorCore.RoundToTf32(tileA[(group + 8) * 8 + member]),
                TensorCore.RoundToTf32(tileA[group * 8 + member + 4]),
                TensorCore.RoundToTf32(tileA[(group + 8) * 8 + member + 4]),
                TensorCore.RoundToTf32(tileB[member * 8 + group]), TensorCore.RoundToTf32(tileB[(member + 4) * 8 + group]));
            Group.Barrier();
        }
        c[group * 8 + 2 * member] = d0;
        c[group * 8 + 2 * member + 1] = d1;
        c[(group + 8) * 8 + 2 * member] = d2;
        c[(group + 8) * 8 + 2 * member + 1] = d3;
    }

    private static void Row(ArrayView<float> sums, int first, float left, Float4 right)
    {
        sums[first] += left * right.X;
        sums[first + 1] += left * right.Y;
        sums[first + 2] += left * right.Z;
        sums[first + 3] += left * right.W;
    }
}
