namespace GatysGpu.Kernels.Compiler.Language;

/// <content>Text with variables.</content>
public static partial class CudaAsm
{
    /// <summary>PTX text, with <c>%0</c>, <c>%1</c>, … for the registers of the arguments and <c>%%</c> for a percent
    /// sign.</summary>
    /// <remarks>Each argument is a variable of type <see cref="Input{T}"/>, <see cref="Output{T}"/> or <see cref="Ref{T}"/>, where
    /// T is a number of 32 or 64 bits. There are forms for up to 16 of ILGPU's 44: the widest <c>mma.sync</c> on 32-bit registers
    /// has 4 + 4 + 2 + 4 of them (10 where a <see cref="Ref{T}"/> is both addend and sum). What takes more is worth an operation
    /// of its own, such as <see cref="TensorCore"/>'s.</remarks>
    /// <param name="asm">A constant. Whole statements, each with its semicolon.</param>
    /// <param name="arg0">The variable for <c>%0</c>.</param>
    public static void EmitRef<T0>(string asm, ref T0 arg0)
        where T0 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1>(string asm, ref T0 arg0, ref T1 arg1)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2, ref T3 arg3)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2, ref T3 arg3, ref T4 arg4)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2, ref T3 arg3,
        ref T4 arg4, ref T5 arg5)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2, ref T3 arg3,
        ref T4 arg4, ref T5 arg5, ref T6 arg6)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2, ref T3 arg3,
        ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2,
        ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2,
        ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(string asm, ref T0 arg0, ref T1 arg1, ref T2 arg2,
        ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9, ref T10 arg10)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(string asm, ref T0 arg0, ref T1 arg1,
        ref T2 arg2, ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9, ref T10 arg10,
        ref T11 arg11)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter where T11 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(string asm, ref T0 arg0, ref T1 arg1,
        ref T2 arg2, ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9, ref T10 arg10,
        ref T11 arg11, ref T12 arg12)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter where T11 : struct, ICudaAsmEmitParameter
        where T12 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(string asm, ref T0 arg0, ref T1 arg1,
        ref T2 arg2, ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9, ref T10 arg10,
        ref T11 arg11, ref T12 arg12, ref T13 arg13)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter where T11 : struct, ICudaAsmEmitParameter
        where T12 : struct, ICudaAsmEmitParameter where T13 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(string asm, ref T0 arg0,
        ref T1 arg1, ref T2 arg2, ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9,
        ref T10 arg10, ref T11 arg11, ref T12 arg12, ref T13 arg13, ref T14 arg14)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter where T11 : struct, ICudaAsmEmitParameter
        where T12 : struct, ICudaAsmEmitParameter where T13 : struct, ICudaAsmEmitParameter
        where T14 : struct, ICudaAsmEmitParameter => KernelOnly.Throw("CudaAsm.EmitRef");

    /// <inheritdoc cref="EmitRef{T0}(string, ref T0)"/>
    public static void EmitRef<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14, T15>(string asm, ref T0 arg0,
        ref T1 arg1, ref T2 arg2, ref T3 arg3, ref T4 arg4, ref T5 arg5, ref T6 arg6, ref T7 arg7, ref T8 arg8, ref T9 arg9,
        ref T10 arg10, ref T11 arg11, ref T12 arg12, ref T13 arg13, ref T14 arg14, ref T15 arg15)
        where T0 : struct, ICudaAsmEmitParameter where T1 : struct, ICudaAsmEmitParameter
        where T2 : struct, ICudaAsmEmitParameter where T3 : struct, ICudaAsmEmitParameter
        where T4 : struct, ICudaAsmEmitParameter where T5 : struct, ICudaAsmEmitParameter
        where T6 : struct, ICudaAsmEmitParameter where T7 : struct, ICudaAsmEmitParameter
        where T8 : struct, ICudaAsmEmitParameter where T9 : struct, ICudaAsmEmitParameter
        where T10 : struct, ICudaAsmEmitParameter where T11 : struct, ICudaAsmEmitParameter
        where T12 : struct, ICudaAsmEmitParameter where T13 : struct, ICudaAsmEmitParameter
        where T14 : struct, ICudaAsmEmitParameter where T15 : struct, ICudaAsmEmitParameter
            => KernelOnly.Throw("CudaAsm.EmitRef");
}
