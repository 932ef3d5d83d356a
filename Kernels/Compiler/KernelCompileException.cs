using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler;

/// <summary>A kernel says something that the compiler does not support.</summary>
/// <remarks>The message names the method, the file and line, the construct and the way out.</remarks>
public sealed class KernelCompileException : Exception
{
    /// <summary>Composes the message.</summary>
    /// <param name="location">Where in the source.</param>
    /// <param name="construct">What is not supported, as part of a sentence: "a virtual call to X".</param>
    /// <param name="remedy">What to write instead, as a sentence.</param>
    public KernelCompileException(SourceLocation? location, string construct, string remedy)
        : base($"{location?.ToString() ?? "kernel"}: {construct}. {remedy}")
    {
        Location = location;
        Construct = construct;
    }

    /// <summary>Where in the source; none where the kernel as a whole is meant.</summary>
    public SourceLocation? Location { get; }

    /// <summary>What is not supported.</summary>
    public string Construct { get; }
}
