using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Local arrays all of whose accesses are at constant places become variables, one a place, and so registers.</summary>
internal static class LocalArrayPromotion
{
    /// <summary>Promotes them and builds SSA form again.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KernelCompileException">A constant index lies outside an array.</exception>
    public static bool Run(Kernel kernel)
    {
        Dictionary<Register, (MemoryArray Array, int Offset)?> places = [];
        HashSet<MemoryArray> refused = [];
        Dictionary<(MemoryArray, int), MemoryType> cells = [];
        if (kernel.Arrays.All(a => a.Shared)) return false;
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                foreach (Value input in phi.Inputs) Refuse(input);
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode is Opcode.ArrayAddress or Opcode.ElementAddress or Opcode.AddressOffset
                    or Opcode.PartAddress)
                {
                    if (instruction.Result.Type == IrType.LocalPointer && Place(instruction) is null)
                        RefuseAll(instruction.Operands);
                }
                else if (instruction.Opcode is Opcode.Load or Opcode.Store && PlaceOf(instruction.Operands[0]) is { } place)
                {
                    MemoryAccess access = (MemoryAccess)instruction.Payload!;
                    for (int i = 0; i < access.Count; i++)
                    {
                        (MemoryArray, int) cell = (place.Array, place.Offset + i * access.Type.Size());
                        MemoryType type = Unsigned(access.Type);
                        if (!cells.TryAdd(cell, type) && cells[cell] != type) refused.Add(place.Array);
                    }
                }
                else RefuseAll(instruction.Operands);
            }
        }
        foreach (IGrouping<MemoryArray, (int Offset, MemoryType Type)> group in cells.Where(c => !refused.Contains(c.Key.Item1))
            .GroupBy(c => c.Key.Item1, c => (c.Key.Item2, c.Value)))
            if (Overlapping(group.Key, group)) refused.Add(group.Key);
        MemoryArray[] promoted = [.. kernel.Arrays.Where(a => !a.Shared && !refused.Contains(a))];
        if (promoted.Length == 0) return false;
        Rewrite(kernel, PlaceOf, [.. promoted], cells);
        SsaConstruction.Run(kernel);
        return true;

        (MemoryArray Array, int Offset)? PlaceOf(Value pointer) =>
            pointer is Register { Type: IrType.LocalPointer } register && places.TryGetValue(register, out var place) ? place
                : null;

        (MemoryArray Array, int Offset)? Place(Instruction instruction) => places[instruction.Result] = Compute(instruction);

        (MemoryArray, int)? Compute(Instruction instruction)
        {
            if (instruction.Opcode == Opcode.ArrayAddress) return ((MemoryArray)instruction.Payload!, 0);
            if (PlaceOf(instruction.Operands[0]) is not { } start) return null;
            int size = (int)instruction.Payload!;
            if (instruction.Opcode == Opcode.AddressOffset) return (start.Array, start.Offset + size);
            if (instruction.Operands[1] is not Constant index) return null;
            if (instruction.Opcode == Opcode.ElementAddress) RequireInside(index.Bits, 1, instruction.Operands[2], instruction);
            else if (instruction.Operands[2] is Constant count) RequireInside(index.Bits, count.Bits, instruction.Operands[3],
                instruction);
            // A part of unknown length may begin anywhere; what is taken of it need not be there.
            long offset = start.Offset + index.Bits * size;
            return offset >= 0 && offset <= start.Array.Bytes ? (start.Array, (int)offset) : null;
        }

        void RefuseAll(Value[] values)
        {
            foreach (Value value in values) Refuse(value);
        }

        void Refuse(Value value)
        {
            for (Value? at = value; at
                is Register { Type: IrType.LocalPointer, Definition: { } definition }; at = definition.Operands.FirstOrDefault())
                if (definition.Opcode == Opcode.ArrayAddress) refused.Add((MemoryArray)definition.Payload!);
        }
    }

    private static void RequireInside(long index, long count, Value length, Instruction instruction)
    {
        if (length is not Constant { Bits: var elements } || index >= 0 && count >= 0 && index <= elements - count) return;
        throw new KernelCompileException(instruction.Location, count == 1 && instruction.Opcode == Opcode.ElementAddress
            ? $"index {index} of a local array of {elements} elements"
                : $"a part of {count} elements from {index} on of a local array of {elements}",
            "Keep the index inside the array.");
    }

    // Places of different sizes that share bytes.
    private static bool Overlapping(MemoryArray array, IEnumerable<(int Offset, MemoryType Type)> cells)
    {
        int end = 0;
        foreach ((int offset, MemoryType type) in cells.OrderBy(c => c.Offset))
        {
            if (offset < end || offset + type.Size() > array.Bytes) return true;
            end = offset + type.Size();
        }
        return false;
    }

    private static void Rewrite(Kernel kernel, Func<Value, (MemoryArray Array, int Offset)?> placeOf,
        HashSet<MemoryArray> promoted,
        Dictionary<(MemoryArray, int), MemoryType> cells)
    {
        Dictionary<(MemoryArray, int), Variable> variables = [];
        foreach (Block block in kernel.Blocks)
        {
            List<Instruction> kept = new(block.Instructions.Count);
            foreach (Instruction instruction in block.Instructions)
            {
                if (instruction.Opcode is not (Opcode.Load or Opcode.Store) || placeOf(instruction.Operands[0]) is not { } place
                    || !promoted.Contains(place.Array))
                {
                    kept.Add(instruction);
                    continue;
                }
                MemoryAccess access = (MemoryAccess)instruction.Payload!;
                for (int i = 0; i < access.Count; i++)
                {
                    Variable variable = Cell(place.Array, place.Offset + i * access.Type.Size());
                    if (instruction.Opcode == Opcode.Store)
                        kept.Add(new Instruction(Opcode.StoreVariable, variable, instruction.Location,
                            instruction.Operands[i + 1]));
                    else kept.AddRange(Loaded(variable, access.Type, instruction.Results[i], instruction.Location));
                }
            }
            block.Instructions.Clear();
            block.Instructions.AddRange(kept);
        }

        Variable Cell(MemoryArray array, int offset)
        {
            MemoryType type = cells[(array, offset)];
            if (!variables.TryGetValue((array, offset), out Variable? variable))
                variables[(array, offset)] = variable = new Variable(type.RegisterType(), $"{array.Name}_{offset / type.Size()}");
            return variable;
        }
    }

    // IL's stores of 8 and 16 bits are signed ones whatever the type.
    private static MemoryType Unsigned(MemoryType type) => type switch
    {
        MemoryType.Int8 => MemoryType.UInt8,
        MemoryType.Int16 => MemoryType.UInt16,
        _ => type,
    };

    // Memory of 8 or 16 bits keeps the lower bits only; whether they have a sign the load says.
    private static IEnumerable<Instruction> Loaded(Variable variable, MemoryType type, Register result, SourceLocation? location)
    {
        Instruction load = new(Opcode.LoadVariable, variable, location);
        yield return load;
        Conversion? narrowing = type switch
        {
            MemoryType.Int8 => Conversion.Int8,
            MemoryType.UInt8 => Conversion.UInt8,
            MemoryType.Int16 => Conversion.Int16,
            MemoryType.UInt16 => Conversion.UInt16,
            _ => null,
        };
        if (narrowing is not { } conversion)
        {
            load.AdoptResult(result);
            yield break;
        }
        Instruction convert = new(Opcode.Convert, conversion, location, load.AddResult(IrType.Int32, result.Name));
        convert.AdoptResult(result);
        yield return convert;
    }
}
