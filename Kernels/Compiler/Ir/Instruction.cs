namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>One step of a kernel.</summary>
public sealed class Instruction
{
    /// <summary>Makes an instruction without results.</summary>
    public Instruction(Opcode opcode, object? payload, SourceLocation? location, params ReadOnlySpan<Value> operands)
    {
        Opcode = opcode;
        Payload = payload;
        Location = location;
        Operands = operands.ToArray();
    }

    /// <summary>What it does.</summary>
    public Opcode Opcode { get; }

    /// <summary>What the opcode's documentation says, or none.</summary>
    public object? Payload { get; }

    /// <summary>Where it comes from.</summary>
    public SourceLocation? Location { get; }

    /// <summary>Inputs. Passes replace elements in place.</summary>
    public Value[] Operands { get; set; }

    /// <summary>Outputs: none to four, of PTX text any number.</summary>
    public Register[] Results { get; private set; } = [];

    /// <summary>The only output.</summary>
    public Register Result => Results[0];

    /// <summary>Whether the instruction ends a block.</summary>
    public bool IsTerminator => Opcode is Opcode.Branch or Opcode.ConditionalBranch or Opcode.Return;

    /// <summary>Whether the results depend on the operands alone and nothing else happens, so that an unused one can go and two
    /// equal ones can be one. (An address computation is pure; that the checker stops at a bad one is no effect that a program
    /// may rely on.)</summary>
    public bool IsPure => Opcode is (>= Opcode.Add and <= Opcode.PartAddress) or Opcode.ArrayAddress or Opcode.DynamicSharedLength
        or Opcode.Special or Opcode.RoundToTf32 or Opcode.AssemblySupported;

    /// <summary>Adds an output.</summary>
    public Register AddResult(IrType type, string? name = null)
    {
        Register register = new(type) { Definition = this, Name = name };
        Results = Results.Length == 0 ? [register] : [.. Results, register];
        return register;
    }

    /// <summary>The same instruction again, with results of its own, which become the replacements of these.</summary>
    internal Instruction Copy()
    {
        Instruction copy =
            new(Opcode, Payload, Location, Operands) { Results = Results.Length == 0 ? [] : new Register[Results.Length] };
        for (int i = 0; i < Results.Length; i++)
        {
            Register made = new(Results[i].Type) { Definition = copy, Name = Results[i].Name };
            Results[i].Replacement = copy.Results[i] = made;
        }
        return copy;
    }

    /// <summary>Adds an output that another instruction defined so far.</summary>
    internal void AdoptResult(Register register)
    {
        register.Definition = this;
        Results = [.. Results, register];
    }
}

/// <summary>A value that depends on where control came from.</summary>
public sealed class Phi
{
    /// <summary>Makes a phi without inputs.</summary>
    public Phi(IrType type, string? name) => Result = new Register(type) { Phi = this, Name = name };

    /// <summary>What it defines.</summary>
    public Register Result { get; }

    /// <summary>One value for each predecessor, in the order of <see cref="Block.Predecessors"/>.</summary>
    public List<Value> Inputs { get; } = [];
}

/// <summary>A local variable, scalar, before SSA construction.</summary>
public sealed class Variable(IrType type, string name)
{
    /// <summary>Type of what it holds.</summary>
    public IrType Type { get; } = type;

    /// <summary>For people.</summary>
    public string Name { get; } = name;

    /// <summary>What it holds at the place that SSA construction has reached.</summary>
    internal Value? Current { get; set; }

    /// <summary>The blocks that store it, once SSA construction has looked.</summary>
    internal List<Block> Stores { get; } = [];

    /// <summary>Whether some block loads it before storing it.</summary>
    internal bool Crosses { get; set; }
}
