namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>A place in the C# source.</summary>
/// <param name="Method">The method, with its type.</param>
/// <param name="File">Path as the C# compiler recorded it, or none where there is no debug information.</param>
/// <param name="Line">From 1; 0 where unknown.</param>
/// <param name="Caller">Where the method was called, for inlined code.</param>
public sealed record SourceLocation(string Method, string? File, int Line, SourceLocation? Caller)
{
    /// <summary>Such as <c>Conv3x3.Gpu.cs:41</c>, or the method where there is no debug information.</summary>
    public string Short => File is null ? Method : $"{Path.GetFileName(File)}:{Line}";

    /// <inheritdoc/>
    public override string ToString() => Caller is null ? $"{Method} ({Short})" : $"{Method} ({Short}), called from {Caller}";
}
