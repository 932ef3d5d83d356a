namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>Copies a kernel, so that one back end can change the copy while another runs the original.</summary>
public static class KernelCloner
{
    /// <summary>A kernel with blocks, phis, instructions and registers of its own. Parameters, arrays, constants and payloads
    /// never change and are shared; registers keep name and number.</summary>
    public static Kernel Clone(Kernel kernel)
    {
        Kernel copy = new(kernel.Name);
        copy.Parameters.AddRange(kernel.Parameters);
        copy.Arrays.AddRange(kernel.Arrays);
        Dictionary<Block, Block> blocks = kernel.Blocks.ToDictionary(b => b, b => new Block { Id = b.Id });
        Dictionary<Value, Value> values = [];
        Value Map(Value value) => values.GetValueOrDefault(value, value);

        // Results first, operands after: a phi, and what it feeds, can use what stands further down.
        foreach (Block block in kernel.Blocks)
        {
            Block target = blocks[block];
            copy.Blocks.Add(target);
            target.Successors.AddRange(block.Successors.Select(s => blocks[s]));
            target.Predecessors.AddRange(block.Predecessors.Select(p => blocks[p]));
            foreach (Phi phi in block.Phis)
            {
                Phi twin = new(phi.Result.Type, phi.Result.Name);
                twin.Result.Id = phi.Result.Id;
                values[phi.Result] = twin.Result;
                target.Phis.Add(twin);
            }
            foreach (Instruction instruction in block.Instructions)
            {
                Instruction twin = new(instruction.Opcode, instruction.Payload, instruction.Location, instruction.Operands);
                foreach (Register result in instruction.Results)
                {
                    Register register = twin.AddResult(result.Type, result.Name);
                    register.Id = result.Id;
                    values[result] = register;
                }
                target.Instructions.Add(twin);
            }
        }
        foreach (Block block in kernel.Blocks)
        {
            Block target = blocks[block];
            for (int i = 0; i < block.Phis.Count; i++) target.Phis[i].Inputs.AddRange(block.Phis[i].Inputs.Select(Map));
            foreach (Instruction twin in target.Instructions)
                for (int i = 0; i < twin.Operands.Length; i++) twin.Operands[i] = Map(twin.Operands[i]);
        }
        return copy;
    }
}
