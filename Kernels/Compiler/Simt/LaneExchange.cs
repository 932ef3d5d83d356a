using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Steps in which the lanes of a warp work together; all lanes must take part.</summary>
internal static unsafe class LaneExchange
{
    private const int TensorRows = 16, TensorColumns = 8, TensorDepth = 8;

    /// <summary>R = A of another lane; B names it. A row is read whole before the result's row, which is another, is
    /// written.</summary>
    internal static void Shuffle<T>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
    {
        run.NeedWholeWarp(step, "a shuffle");
        ShuffleKind kind = (ShuffleKind)run.Program.Sources[step->Index].Payload!;
        T* a = (T*)(frame + step->A), r = (T*)(frame + step->R);
        int* b = (int*)(frame + step->B);
        for (uint lanes = run.Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            if ((uint)b[lane] > 31)
            {
                throw run.Fault(step, lane, FaultKind.LaneOutsideWarp,
                    $"{kind} by {b[lane]}, which is not in 0 … 31; the hardware would take its lower 5 bits.");
            }
            int source = kind switch
            {
                ShuffleKind.Index => b[lane],
                ShuffleKind.Down => lane + b[lane],
                ShuffleKind.Up => lane - b[lane],
                _ => lane ^ b[lane],
            };
            if (source is < 0 or > 31) source = lane;
            if ((run.Active >> source & 1) == 0)
                throw run.Fault(step, lane, FaultKind.InactiveLanes,
                    $"lane {source}, from which it takes, does not exist in this last, partial warp.");
            r[lane] = a[source];
        }
    }

    internal static void WarpBarrier(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.NeedWholeWarp(step, "a barrier of the warp");
        run.PassWarpBarrier();
    }

    /// <summary>Lanes run in order and see each other's writes at once: nothing is left to do. A fence does not order
    /// threads.</summary>
    internal static void Fence(byte* frame, Step* step, uint mask, GroupRun run)
    {
    }

    /// <summary>D = A·B + C with fragments as <see cref="Language.TensorCore"/> says.</summary>
    /// <remarks>The lower 13 bits of A and B are ignored, a product of two such numbers is exact in float32, and the products are
    /// added to C in the order of k, each sum rounded to nearest. The hardware's order and rounding inside one instruction are
    /// not published, so its last bits may differ.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void MultiplyAddTf32(byte* frame, Step* step, uint mask, GroupRun run)
    {
        run.NeedWholeWarp(step, "a tensor-core multiplication");
        if (run.Active != LaneMask.All)
            throw run.Fault(step, 0, FaultKind.InactiveLanes,
                "a tensor-core multiplication needs 32 lanes, this last, partial warp has fewer.");
        fixed (int* rows = &run.Program.Extra[step->Extra])
        {
            float* a = stackalloc float[TensorRows * TensorDepth], b = stackalloc float[TensorDepth * TensorColumns];
            float* d = stackalloc float[TensorRows * TensorColumns];
            for (int lane = 0; lane < 32; lane++)
            {
                int group = lane >> 2, member = lane & 3;
                for (int i = 0; i < 4; i++)
                    a[(group + 8 * (i & 1)) * TensorDepth + member + 4 * (i >> 1)] = Truncated(frame + rows[i], lane);
                b[member * TensorColumns + group] = Truncated(frame + rows[4], lane);
                b[(member + 4) * TensorColumns + group] = Truncated(frame + rows[5], lane);
                for (int i = 0; i < 4; i++)
                    d[(group + 8 * (i >> 1)) * TensorColumns + 2 * member + (i & 1)] = ((float*)(frame + rows[6 + i]))[lane];
            }
            for (int row = 0; row < TensorRows; row++)
            {
                Vector256<float> sum = Vector256.Load(d + row * TensorColumns);
                for (int k = 0; k < TensorDepth; k++)
                    sum = Vector256.FusedMultiplyAdd(Vector256.Create(a[row * TensorDepth + k]),
                        Vector256.Load(b + k * TensorColumns), sum);
                sum.Store(d + row * TensorColumns);
            }
            float* r0 = (float*)(frame + step->R), r1 = (float*)(frame + step->R1), r2 = (float*)(frame + step->R2),
                r3 = (float*)(frame + step->R3);
            for (int lane = 0; lane < 32; lane++)
            {
                float* top = d + (lane >> 2) * TensorColumns + 2 * (lane & 3), bottom = top + 8 * TensorColumns;
                (r0[lane], r1[lane], r2[lane], r3[lane]) = (top[0], top[1], bottom[0], bottom[1]);
            }
        }
    }

    private static float Truncated(byte* row, int lane) => BitConverter.Int32BitsToSingle(((int*)row)[lane] & ~0x1fff);
}
