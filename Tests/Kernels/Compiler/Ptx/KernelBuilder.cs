using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Writes a kernel by hand, an instruction a call, at the end of the current block.</summary>
internal sealed class KernelBuilder
{
    public KernelBuilder(string name = "Test_Kernel")
    {
        Kernel = new Kernel(name);
        Current = NewBlock();
    }

    public Kernel Kernel { get; }

    public Block Current { get; set; }

    public SourceLocation? Location { get; set; }

    public Block NewBlock()
    {
        Block block = new();
        Kernel.Blocks.Add(block);
        return block;
    }

    public Parameter Parameter(IrType type, string name)
    {
        Parameter parameter = new(type, Kernel.Parameters.Count, name);
        Kernel.Parameters.Add(parameter);
        return parameter;
    }

    /// <summary>A view: pointer and length.</summary>
    public (Parameter Pointer, Parameter Length) View(string name) =>
        (Parameter(IrType.GlobalPointer, name), Parameter(IrType.Int64, name + ".length"));

    public Value Array(string name, int bytes, bool shared = true, bool dynamic = false)
    {
        MemoryArray array = new(name, bytes, 16, shared, dynamic);
        Kernel.Arrays.Add(array);
        return Do(Opcode.ArrayAddress, array, shared ? IrType.SharedPointer : IrType.LocalPointer);
    }

    public Register Do(Opcode opcode, object? payload, IrType type, params Value[] operands) =>
        Name(null, opcode, payload, type, operands);

    public Register Name(string? name, Opcode opcode, object? payload, IrType type, params Value[] operands)
    {
        Instruction instruction = new(opcode, payload, Location, operands);
        Current.Instructions.Add(instruction);
        return instruction.AddResult(type, name);
    }

    public Instruction Do(Opcode opcode, object? payload, params Value[] operands)
    {
        Instruction instruction = new(opcode, payload, Location, operands);
        Current.Instructions.Add(instruction);
        return instruction;
    }

    public Register Add(Value a, Value b) => Do(Opcode.Add, null, a.Type, a, b);

    public Register Multiply(Value a, Value b) => Do(Opcode.Multiply, null, a.Type, a, b);

    public Register ThreadX() => Name("thread", Opcode.Special, SpecialRegister.ThreadX, IrType.Int32);

    public Register Element(Value pointer, Value index, int size = 4, Value? length = null) =>
        Do(Opcode.ElementAddress, size, pointer.Type, pointer, index, length ?? Constant.Of(1L << 40));

    public Register Load(Value pointer, MemoryType type = MemoryType.Float32) =>
        Do(Opcode.Load, new MemoryAccess(type, 1), type.RegisterType(), pointer);

    /// <summary>Stores a value as what it is, so that nothing that leads to it can go.</summary>
    public void Keep(Value pointer, Value value)
    {
        if (value.Type == IrType.Bool) value = Do(Opcode.Convert, Conversion.Unsigned, IrType.Int32, value);
        MemoryType type = value.Type switch
        {
            IrType.Float32 => MemoryType.Float32,
            IrType.Float64 => MemoryType.Float64,
            IrType.Int64 or IrType.GlobalPointer => MemoryType.Int64,
            _ => MemoryType.Int32,
        };
        Do(Opcode.Store, new MemoryAccess(type, 1), pointer, value);
    }

    public void Branch(Block target)
    {
        Do(Opcode.Branch, null);
        GatysGpu.Kernels.Compiler.Ir.Kernel.Connect(Current, target);
    }

    public void Branch(Value condition, Block yes, Block no)
    {
        Do(Opcode.ConditionalBranch, null, condition);
        GatysGpu.Kernels.Compiler.Ir.Kernel.Connect(Current, yes);
        GatysGpu.Kernels.Compiler.Ir.Kernel.Connect(Current, no);
    }

    public Phi Phi(IrType type, string name)
    {
        Phi phi = new(type, name);
        Current.Phis.Add(phi);
        return phi;
    }

    public Kernel Return()
    {
        Do(Opcode.Return, null);
        return Kernel;
    }
}
