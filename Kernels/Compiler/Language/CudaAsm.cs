namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>PTX written as text, for instructions that the language has no member for. Only inside a kernel.</summary>
/// <remarks>
/// The checker gives text no meaning and stops at it. So a kernel asks first, and says in C# what the text means:
/// <code>
/// if (CudaAsm.IsSupported) CudaAsm.Emit("cvt.rna.tf32.f32 %0, %1;", out bits, value);
/// else bits = (Interop.FloatAsInt(value) + 0x1000u) &amp; 0xffffe000u;
/// </code>
/// The text stands in the PTX as it is, once for each time that its call is translated: in a loop that is written out, or in a
/// method that is called twice, labels and registers of its own belong in braces. It is never removed, nor moved across an access
/// to memory, a barrier or other text.
/// </remarks>
public static partial class CudaAsm
{
    /// <summary>Whether text is executed: true in PTX; false in the checker, and on the host. What it decides against is in the
    /// code of neither.</summary>
    public static bool IsSupported => false;
}
