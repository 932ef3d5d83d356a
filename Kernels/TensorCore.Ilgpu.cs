using ILGPU.Runtime.Cuda;

namespace GatysGpu.Kernels;

/// <summary>What the project's language has and ILGPU lacks: matrix multiplication by a whole warp, as inline PTX on a GPU and by
/// shuffles elsewhere (there a warp must have 32 threads).</summary>
internal static class TensorCore
{
    /// <summary>The nearest number with TF32's 10 bits of mantissa, ties away from zero.</summary>
    public static float RoundToTf32(float value)
    {
        if (!CudaAsm.IsSupported) return Interop.IntAsFloat((Interop.FloatAsInt(value) + 0x1000u) & ~0x1FFFu);
        CudaAsm.Emit("cvt.rna.tf32.f32 %0, %1;", out uint bits, value);
        return Interop.IntAsFloat(bits);
    }

    /// <summary>D = A·B + D for A [16, 8] and B [8, 8] in TF32 and D [16, 8] in float32. With group = lane / 4 and member = lane
    /// mod 4, a lane holds A in [group (+ 8), member (+ 4)], B in [member (+ 4), group], D in [group (+ 8), 2·member
    /// (+ 1)].</summary>
    public static void MultiplyAddM16N8K8(ref float d0, ref float d1, ref float d2, ref float d3,
        float a0, float a1, float a2, float a3, float b0, float b1)
    {
        if (!CudaAsm.IsSupported)
        {
            MultiplyAddByShuffles(ref d0, ref d1, ref d2, ref d3, a0, a1, a2, a3, b0, b1);
            return;
        }
        Ref<float> r0 = d0;
        Ref<float> r1 = d1;
        Ref<float> r2 = d2;
        Ref<float> r3 = d3;
        Input<uint> i0 = Interop.FloatAsInt(a0);
        Input<uint> i1 = Interop.FloatAsInt(a1);
        Input<uint> i2 = Interop.FloatAsInt(a2);
        Input<uint> i3 = Interop.FloatAsInt(a3);
        Input<uint> i4 = Interop.FloatAsInt(b0);
        Input<uint> i5 = Interop.FloatAsInt(b1);
        CudaAsm.EmitRef(
            "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
            ref r0, ref r1, ref r2, ref r3, ref i0, ref i1, ref i2, ref i3, ref i4, ref i5);
        d0 = r0.Value;
        d1 = r1.Value;
        d2 = r2.Value;
        d3 = r3.Value;
    }

    private static void MultiplyAddByShuffles(ref float d0, ref float d1, ref float d2, ref float d3,
        float a0, float a1, float a2, float a3, float b0, float b1)
    {
        int row = Warp.LaneIdx / 4 * 4, column = Warp.LaneIdx % 4 * 8;
        for (int k = 0; k < 8; k++)
        {
            int member = k % 4;
            float above = Warp.Shuffle(k < 4 ? a0 : a2, row + member), below = Warp.Shuffle(k < 4 ? a1 : a3, row + member);
            float left = Warp.Shuffle(k < 4 ? b0 : b1, column + member),
                right = Warp.Shuffle(k < 4 ? b0 : b1, column + 4 + member);
            d0 += above * left;
            d1 += above * right;
            d2 += below * left;
            d3 += below * right;
        }
    }
}
