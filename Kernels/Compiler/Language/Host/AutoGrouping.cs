using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Makes a kernel whose first parameter is an index into one that takes the extent there: index = group · group size + thread,
/// and threads from the extent on leave at once.</summary>
/// <remarks>Works on the finished SSA form, so that the method is compiled as it stands. A group barrier in such a kernel is a fault,
/// as not every thread reaches it.</remarks>
internal static class AutoGrouping
{
    /// <summary>Changes the kernel.</summary>
    internal static void Apply(Kernel kernel)
    {
        Parameter extent = kernel.Parameters[0];
        Block start = kernel.Blocks[0], entry = new(), exit = new();
        Instruction group = Special(SpecialRegister.GroupX), size = Special(SpecialRegister.GroupSizeX),
            thread = Special(SpecialRegister.ThreadX),
            first = new(Opcode.Multiply, null, null, group.AddResult(IrType.Int32), size.AddResult(IrType.Int32)),
            sum = new(Opcode.Add, null, null, first.AddResult(IrType.Int32), thread.AddResult(IrType.Int32));
        Register index = sum.AddResult(IrType.Int32, extent.Name);

        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis) Replace(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(phi.Inputs), extent, index);
            foreach (Instruction instruction in block.Instructions) Replace(instruction.Operands, extent, index);
        }

        // The last group's indices may pass 2³¹ − 1 and wrap to below 0: as unsigned numbers they are still not below the extent.
        Instruction inside = new(Opcode.Compare, Comparison.LessUnsigned, null, index, extent);
        entry.Instructions.AddRange([group, size, thread, first, sum, inside,
            new Instruction(Opcode.ConditionalBranch, null, null, inside.AddResult(IrType.Bool))]);
        exit.Instructions.Add(new Instruction(Opcode.Return, null, null));
        kernel.Blocks.Insert(0, entry);
        kernel.Blocks.Add(exit);
        Kernel.Connect(entry, start);
        Kernel.Connect(entry, exit);
        kernel.Renumber();
    }

    private static Instruction Special(SpecialRegister register) => new(Opcode.Special, register, null);

    private static void Replace(Span<Value> values, Value old, Value replacement)
    {
        foreach (ref Value value in values)
            if (value == old) value = replacement;
    }
}
