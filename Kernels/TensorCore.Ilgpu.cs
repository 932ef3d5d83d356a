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

    // Each exchange stops all 32 threads, which on a CPU is what costs: six of whole structs, not one for each of 32 values.
    private static void MultiplyAddByShuffles(ref float d0, ref float d1, ref float d2, ref float d3,
        float a0, float a1, float a2, float a3, float b0, float b1)
    {
        int member = Warp.LaneIdx & 3, first = Warp.LaneIdx - member;
        var own = new Fragment { Above = a0, Below = a1, AboveFar = a2, BelowFar = a3, B = b0, BFar = b1 };
        // The four lanes of a group have two rows of A and one column of B between them.
        Fragment f0 = Warp.Shuffle(own, first), f1 = Warp.Shuffle(own, first + 1),
            f2 = Warp.Shuffle(own, first + 2), f3 = Warp.Shuffle(own, first + 3);
        var column = new Eight
        {
            V0 = f0.B, V1 = f1.B, V2 = f2.B, V3 = f3.B,
            V4 = f0.BFar, V5 = f1.BFar, V6 = f2.BFar, V7 = f3.BFar,
        };
        Eight left = Warp.Shuffle(column, 8 * member), right = Warp.Shuffle(column, 8 * member + 4);
        var above = new Eight
        {
            V0 = f0.Above, V1 = f1.Above, V2 = f2.Above, V3 = f3.Above,
            V4 = f0.AboveFar, V5 = f1.AboveFar, V6 = f2.AboveFar, V7 = f3.AboveFar,
        };
        var below = new Eight
        {
            V0 = f0.Below, V1 = f1.Below, V2 = f2.Below, V3 = f3.Below,
            V4 = f0.BelowFar, V5 = f1.BelowFar, V6 = f2.BelowFar, V7 = f3.BelowFar,
        };
        d0 = Add(d0, above, left);
        d1 = Add(d1, above, right);
        d2 = Add(d2, below, left);
        d3 = Add(d3, below, right);
    }

    private static float Add(float sum, Eight a, Eight b) =>
        sum + a.V0 * b.V0 + a.V1 * b.V1 + a.V2 * b.V2 + a.V3 * b.V3 + a.V4 * b.V4 + a.V5 * b.V5 + a.V6 * b.V6 + a.V7 * b.V7;

    /// <summary>What one lane holds of A and B; below is 8 rows further down, far is 4 further along k.</summary>
    private struct Fragment
    {
        public float Above, Below, AboveFar, BelowFar, B, BFar;
    }

    /// <summary>A row of A or a column of B.</summary>
    private struct Eight
    {
        public float V0, V1, V2, V3, V4, V5, V6, V7;
    }
}
