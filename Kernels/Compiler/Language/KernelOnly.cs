using System.Diagnostics.CodeAnalysis;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>What a member that only has a meaning inside a kernel does when it is called on the host.</summary>
internal static class KernelOnly
{
    /// <exception cref="InvalidOperationException">Always.</exception>
    [DoesNotReturn]
    internal static T Throw<T>(string member) =>
        throw new InvalidOperationException($"{member} has a meaning only inside a kernel. Load the method with Accelerator.LoadStreamKernel and launch it.");

    /// <exception cref="InvalidOperationException">Always.</exception>
    [DoesNotReturn]
    internal static void Throw(string member) => Throw<int>(member);
}
