namespace GatysGpu.Kernels.Compiler.Language;

/// <content>Text with values.</content>
public static partial class CudaAsm
{
    /// <summary>PTX text, with <c>%0</c>, <c>%1</c>, … for the registers of the arguments and <c>%%</c> for a percent
    /// sign.</summary>
    /// <remarks>Arguments are numbers of 32 or 64 bits: <c>int</c>, <c>uint</c>, <c>float</c>, <c>long</c>, <c>ulong</c>,
    /// <c>double</c>. In the forms with an <c>out</c> the text sets <c>%0</c>; the other arguments are read only.</remarks>
    /// <param name="asm">A constant. Whole statements, each with its semicolon.</param>
    public static void Emit(string asm) => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0>(string asm, T0 arg0)
        where T0 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0>(string asm, out T0 arg0)
        where T0 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1>(string asm, T0 arg0, T1 arg1)
        where T0 : struct where T1 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1>(string asm, out T0 arg0, T1 arg1)
        where T0 : struct where T1 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2>(string asm, T0 arg0, T1 arg1, T2 arg2)
        where T0 : struct where T1 : struct where T2 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2>(string asm, out T0 arg0, T1 arg1, T2 arg2)
        where T0 : struct where T1 : struct where T2 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct
            => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct
            => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
            => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
            => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        T6 arg6)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        T6 arg6)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4, T5 arg5,
        T6 arg6, T7 arg7)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        T5 arg5, T6 arg6, T7 arg7)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7, T8>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        T5 arg5, T6 arg6, T7 arg7, T8 arg8)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct where T8 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7, T8>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        T5 arg5, T6 arg6, T7 arg7, T8 arg8)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct where T8 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(string asm, T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct where T8 : struct where T9 : struct => KernelOnly.Throw("CudaAsm.Emit");

    /// <inheritdoc cref="Emit(string)"/>
    public static void Emit<T0, T1, T2, T3, T4, T5, T6, T7, T8, T9>(string asm, out T0 arg0, T1 arg1, T2 arg2, T3 arg3, T4 arg4,
        T5 arg5, T6 arg6, T7 arg7, T8 arg8, T9 arg9)
        where T0 : struct where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
        where T6 : struct where T7 : struct where T8 : struct where T9 : struct => arg0 = KernelOnly.Throw<T0>("CudaAsm.Emit");
}
