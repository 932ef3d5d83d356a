using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Addresses, loads, stores, atomics and asynchronous copies.</summary>
/// <remarks>Loads are plain <c>ld.global</c>. The read-only path (<c>ld.global.nc</c>) would need a proof that nothing writes the
/// same memory while the kernel runs; two views may lie on one buffer, and every kernel writes through some view, so there is
/// none.</remarks>
internal sealed partial class PtxWriter
{
    private bool WriteMemory(Instruction instruction)
    {
        switch (instruction.Opcode)
        {
            case Opcode.AddressAdd:
                Line(instruction.Result.Type.Is64Bit() ? "add.s64" : "add.s32", names.Of(instruction.Result),
                    InRegister(instruction.Operands[0]), Operand(instruction.Operands[1]));
                return true;
            case Opcode.AddressOffset or Opcode.ArrayAddress:
                WriteAddress(instruction);
                return true;
            case Opcode.Load:
                MemoryAccess read = (MemoryAccess)instruction.Payload!;
                Line($"ld.{Access(instruction, read)}", Group([.. instruction.Results.Select(names.Of)]),
                    Place(instruction.Operands[0]));
                return true;
            case Opcode.Store:
                MemoryAccess write = (MemoryAccess)instruction.Payload!;
                Value[] values = instruction.Operands[1..];
                string[] sources = [.. values.Select(v => values.Length == 1 ? Operand(v) : InRegister(v))];
                Line($"st.{Access(instruction, write)}", Place(instruction.Operands[0]), Group(sources));
                return true;
            case Opcode.Atomic:
                WriteAtomic(instruction);
                return true;
            case Opcode.DynamicSharedLength:
                string bytes = names.Temporary("b32", "bytes");
                Line("mov.u32", bytes, "%dynamic_smem_size");
                Line("cvt.u64.u32", names.Of(instruction.Result), bytes);
                return true;
            case Opcode.AsyncCopy:
                WriteAsyncCopy(instruction);
                return true;
            case Opcode.AsyncCommit:
                Line("cp.async.commit_group");
                return true;
            case Opcode.AsyncWait:
                Line("cp.async.wait_group", Operand(Constant.Of((int)instruction.Payload!)));
                return true;
            default:
                return false;
        }
    }

    private void WriteAddress(Instruction instruction)
    {
        (Value origin, long offset) = Split(instruction.Result);
        string result = names.Of(instruction.Result);
        if (origin is Register { Definition.Opcode: Opcode.ArrayAddress })
            Line("mov.u32", result, Address(instruction.Result, "+"));
        else
            Line(instruction.Result.Type.Is64Bit() ? "add.s64" : "add.s32", result, InRegister(origin),
                Operand(Constant.Of(offset)));
    }

    private static string Space(Value pointer) => pointer.Type switch
    {
        IrType.GlobalPointer => "global",
        IrType.SharedPointer => "shared",
        IrType.LocalPointer => "local",
        _ => throw new ArgumentException($"a {pointer.Type} is no address"),
    };

    private static string Access(Instruction instruction, MemoryAccess access)
    {
        string element = access.Type switch
        {
            MemoryType.Int8 => "s8",
            MemoryType.UInt8 => "u8",
            MemoryType.Int16 => "s16",
            MemoryType.UInt16 => "u16",
            MemoryType.Int32 => "b32",
            MemoryType.Int64 => "b64",
            MemoryType.Float32 => "f32",
            _ => "f64",
        };
        string vector = access.Count == 1 ? "" : access.Count == 2 ? "v2." : "v4.";
        return $"{Space(instruction.Operands[0])}.{vector}{element}";
    }

    private static string Group(string[] registers) =>
        registers.Length == 1 ? registers[0] : $"{{{string.Join(", ", registers)}}}";

    private void WriteAtomic(Instruction instruction)
    {
        AtomicAccess access = (AtomicAccess)instruction.Payload!;
        string width = access.Type.Size() == 8 ? "64" : "32";
        bool isFloat = access.Type is MemoryType.Float32 or MemoryType.Float64;
        (string operation, string type) = access.Kind switch
        {
            AtomicKind.Add => ("add", isFloat ? "f" : "u"),
            AtomicKind.Max => ("max", "s"),
            AtomicKind.Min => ("min", "s"),
            AtomicKind.MaxUnsigned => ("max", "u"),
            AtomicKind.MinUnsigned => ("min", "u"),
            AtomicKind.And => ("and", "b"),
            AtomicKind.Or => ("or", "b"),
            AtomicKind.Xor => ("xor", "b"),
            AtomicKind.Exchange => ("exch", "b"),
            _ => ("cas", "b"),
        };
        string[] values = [.. instruction.Operands[1..].Select(v => InRegister(v))];
        Line($"atom.{Space(instruction.Operands[0])}.{operation}.{type}{width}",
            [names.Of(instruction.Result), Place(instruction.Operands[0]), .. values]);
    }

    /// <summary>What of the size is not read is written as zeros, so a size of 0 reads nothing. Copies of 16 bytes pass by the
    /// first cache, since a tile is used again from shared memory; PTX offers that for no other size.</summary>
    private void WriteAsyncCopy(Instruction instruction)
    {
        int size = (int)instruction.Payload!;
        (Value shared, Value global, Value inside) = (instruction.Operands[0], instruction.Operands[1], instruction.Operands[2]);
        string mnemonic = $"cp.async.{(size == 16 ? "cg" : "ca")}.shared.global";
        string bytes = Operand(Constant.Of(size));
        if (inside is Constant { Bits: not 0 })
        {
            Line(mnemonic, Place(shared), Place(global), bytes);
            return;
        }
        string count = names.Temporary("b32", "bytes");
        Line("selp.b32", count, bytes, "0", InRegister(inside));
        Line(mnemonic, Place(shared), Place(global), bytes, count);
    }
}
