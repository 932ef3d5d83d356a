using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Bits as numbers. Works on the host too.</summary>
public static class Interop
{
    /// <summary>The bits of a float.</summary>
    public static uint FloatAsInt(float value) => BitConverter.SingleToUInt32Bits(value);

    /// <summary>The float of these bits.</summary>
    public static float IntAsFloat(uint value) => BitConverter.UInt32BitsToSingle(value);

    /// <summary>Bytes of a <typeparamref name="T"/>.</summary>
    public static int SizeOf<T>()
        where T : unmanaged => Unsafe.SizeOf<T>();
}
