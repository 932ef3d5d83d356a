using System.Runtime.CompilerServices;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>A kernel that the compiler must refuse, and what the message says.</summary>
/// <param name="construct">Part of the construct that the message names.</param>
/// <param name="remedy">Part of the way out that it names.</param>
/// <param name="after">How many lines below this attribute the construct is; where it is in a called method, the place of the
/// call.</param>
/// <param name="line">Filled in by the C# compiler.</param>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class RefusedAttribute(string construct, string remedy, int after = 3, [CallerLineNumber] int line = 0)
    : Attribute
{
    public string Construct { get; } = construct;

    public string Remedy { get; } = remedy;

    public int Line { get; } = line + after;
}
