namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Matrix multiplication by a whole warp (sm_80 and later). Only inside a kernel; every lane of the warp takes part.</summary>
public static class TensorCore
{
    /// <summary>The nearest number with TF32's 10 bits of mantissa, ties away from zero (PTX <c>cvt.rna.tf32.f32</c>).</summary>
    public static float RoundToTf32(float value) => KernelOnly.Throw<float>("TensorCore.RoundToTf32");

    /// <summary>D = A·B + D for A [16, 8] and B [8, 8] in TF32 and D [16, 8] in float32 (PTX <c>mma.sync.aligned.m16n8k8</c>).</summary>
    /// <remarks>
    /// Each lane holds a part, with group = lane / 4 and member = lane mod 4 (PTX ISA, "Matrix fragments for mma.m16n8k8"):
    /// A: a0 [group, member], a1 [group + 8, member], a2 [group, member + 4], a3 [group + 8, member + 4];
    /// B: b0 [member, group], b1 [member + 4, group];
    /// D: d0 [group, 2·member], d1 [group, 2·member + 1], d2 and d3 the same in row group + 8.
    /// A and B are expected to be rounded by <see cref="RoundToTf32"/>; the hardware ignores the lower 13 bits.
    /// </remarks>
    public static void MultiplyAddM16N8K8(ref float d0, ref float d1, ref float d2, ref float d3,
        float a0, float a1, float a2, float a3, float b0, float b1) => KernelOnly.Throw("TensorCore.MultiplyAddM16N8K8");
}
