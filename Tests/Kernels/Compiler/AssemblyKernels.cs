using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Kernels with PTX as text, and in C# what it means.</summary>
internal static class AssemblyKernels
{
    private const string Multiply = "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 ";

    /// <summary>y[i] = x[i], rounded to TF32.</summary>
    public static void Round(ArrayView<float> y, ArrayView<float> x)
    {
        int i = Group.IdxX;
        uint bits;
        if (CudaAsm.IsSupported) CudaAsm.Emit("cvt.rna.tf32.f32 %0, %1;", out bits, x[i]);
        else bits = (Interop.FloatAsInt(x[i]) + 0x1000u) & 0xffffe000u;
        y[i] = Interop.IntAsFloat(bits);
    }

    /// <summary>D = A·B + D of a warp, 16×8×8; a lane has 4 numbers of D, 4 of A and 2 of B.</summary>
    public static void MultiplyAdd(ArrayView<float> d, ArrayView<float> a, ArrayView<float> b)
    {
        int lane = Warp.LaneIdx;
        float d0 = d[4 * lane];
        float d1 = d[4 * lane + 1];
        float d2 = d[4 * lane + 2];
        float d3 = d[4 * lane + 3];
        if (CudaAsm.IsSupported)
        {
            Ref<float> s0 = d0, s1 = d1, s2 = d2, s3 = d3;
            Input<uint> a0 = Interop.FloatAsInt(a[4 * lane]);
            Input<uint> a1 = Interop.FloatAsInt(a[4 * lane + 1]);
            Input<uint> a2 = Interop.FloatAsInt(a[4 * lane + 2]);
            Input<uint> a3 = Interop.FloatAsInt(a[4 * lane + 3]);
            Input<uint> b0 = Interop.FloatAsInt(b[2 * lane]);
            Input<uint> b1 = Interop.FloatAsInt(b[2 * lane + 1]);
            CudaAsm.EmitRef(Multiply + "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, %1, %2, %3};",
                ref s0, ref s1, ref s2, ref s3, ref a0, ref a1, ref a2, ref a3, ref b0, ref b1);
            (d0, d1, d2, d3) = (s0.Value, s1.Value, s2.Value, s3.Value);
        }
        else
        {
            TensorCore.MultiplyAddM16N8K8(ref d0, ref d1, ref d2, ref d3, a[4 * lane], a[4 * lane + 1], a[4 * lane + 2],
                a[4 * lane + 3], b[2 * lane], b[2 * lane + 1]);
        }
        d[4 * lane] = d0;
        d[4 * lane + 1] = d1;
        d[4 * lane + 2] = d2;
        d[4 * lane + 3] = d3;
    }

    /// <summary>The same with sums of their own: 14 variables.</summary>
    public static void MultiplyAddInto(ArrayView<float> x)
    {
        Output<float> d0 = default, d1 = default, d2 = default, d3 = default;
        Input<uint> a = Interop.FloatAsInt(x[Warp.LaneIdx]);
        Input<float> c = 1f;
        CudaAsm.EmitRef(Multiply + "{%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%10, %11, %12, %13};",
            ref d0, ref d1, ref d2, ref d3, ref a, ref a, ref a, ref a, ref a, ref a, ref c, ref c, ref c, ref c);
        x[Warp.LaneIdx] = d0.Value + d1.Value + d2.Value + d3.Value;
    }

    /// <summary>A tensor core only where text is not executed.</summary>
    public static void TextOrTensorCore(ArrayView<float> x)
    {
        float y = x[Group.IdxX];
        if (CudaAsm.IsSupported) CudaAsm.Emit("and.b32 %0, %1, 0xffffe000;", out y, y);
        else y = TensorCore.RoundToTf32(y);
        x[Group.IdxX] = y;
    }

    /// <summary>Every type of number, in and out, and through memory.</summary>
    public static void EveryType(ArrayView<long> x, int i, uint u, long l, ulong v, float f, double d)
    {
        CudaAsm.Emit("add.s32 %0, %1, %2;", out int i1, i, u);
        CudaAsm.Emit("add.u32 %0, %1, %2;", out uint u1, u, 3u);
        CudaAsm.Emit("add.s64 %0, %1, %2;", out long l1, l, v);
        CudaAsm.Emit("add.rn.f32 %0, %1, %2;", out float f1, f, 2.5f);
        CudaAsm.Emit("add.rn.f64 %0, %1, %2;", out double d1, d, 0.5);
        CudaAsm.Emit("{ .reg .b64 t; xor.b64 t, %1, %2; mov.b64 %0, t; }", out x[1], v, l);
        CudaAsm.Emit("mov.u32 %0, %%laneid;", out uint lane);
        CudaAsm.Emit("fma.rn.f32 %0, %1, %2, %3;", out float f2, f, f1, i > 0 ? f : f1);
        x[0] = i1 + u1 + l1 + (int)f1 + (int)d1 + (int)f2 + lane;
    }

    /// <summary>Text that nothing seems to need, between accesses, in a loop that is written out, and on one way.</summary>
    public static void Effects(ArrayView<int> x)
    {
        x[0] = 1;
        CudaAsm.Emit("membar.sys;");
        int y = x[0];
        for (int i = 0; i < 3; i++) CudaAsm.Emit("nanosleep.u32 %0;", i + 100);
        if (y > 5) CudaAsm.Emit("mov.u32 %0, %%clock;", out int unused);
        x[1] = y;
    }

    /// <summary>Text that does not ask before.</summary>
    public static void WithoutQuestion(ArrayView<int> x)
    {
        if (Group.IdxX >= 7) CudaAsm.Emit("add.s32 %0, %1,\n 1;", out x[0], x[1]);
    }
}
