using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>The answer to <see cref="Language.CudaAsm.IsSupported"/>, which only a back end knows: code that it decides against
/// goes.</summary>
internal static class AssemblyQuestion
{
    /// <summary>Whether the kernel asks.</summary>
    public static bool IsAsked(Kernel kernel)
    {
        foreach (Block block in kernel.Blocks)
            foreach (Instruction instruction in block.Instructions)
                if (instruction.Opcode == Opcode.AssemblySupported) return true;
        return false;
    }

    /// <summary>Puts the answer in the place of the question.</summary>
    /// <param name="kernel">Optimised; changed in place.</param>
    /// <param name="supported">Whether the back end executes PTX text.</param>
    public static void Answer(Kernel kernel, bool supported)
    {
        if (!IsAsked(kernel)) return;
        foreach (Block block in kernel.Blocks)
            foreach (Instruction instruction in block.Instructions)
                if (instruction.Opcode == Opcode.AssemblySupported) instruction.Result.Replacement = Constant.Of(supported);
        Replacement.Apply(kernel);
        Simplification.Run(kernel);
        CommonSubexpressions.Run(kernel);
        DeadCode.Run(kernel);
        kernel.Renumber();
    }
}
