using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Grid, Group, Warp and MemoryFence.</summary>
internal sealed partial class Intrinsics
{
    private bool Threads(Type type, MethodBase target, Operand[] operands, out Operand? result)
    {
        string name = target.Name.StartsWith("get_", StringComparison.Ordinal) ? target.Name[4..] : target.Name;
        result = null;
        if (type == typeof(MemoryFence))
        {
            code.Emit(Opcode.Fence, name switch
            {
                nameof(MemoryFence.GroupLevel) => FenceLevel.Group,
                nameof(MemoryFence.DeviceLevel) => FenceLevel.Device,
                _ => FenceLevel.System,
            });
            return true;
        }
        if (name == nameof(Group.Barrier))
        {
            code.Emit(type == typeof(Group) ? Opcode.Barrier : Opcode.WarpBarrier, null);
            return true;
        }
        Value? value = type == typeof(Warp) ? WarpMember(name, operands) : type == typeof(Grid) ? GridMember(name)
            : GroupMember(name, operands);
        result = value is null ? null : new ScalarOperand(value);
        return value is not null;
    }

    private Value Special(SpecialRegister register) => code.Emit(IrType.Int32, Opcode.Special, register);

    private Value? GridMember(string name) => name switch
    {
        nameof(Grid.IdxX) => Special(SpecialRegister.GroupX),
        nameof(Grid.IdxY) => Special(SpecialRegister.GroupY),
        nameof(Grid.IdxZ) => Special(SpecialRegister.GroupZ),
        nameof(Grid.DimX) => Special(SpecialRegister.GridSizeX),
        nameof(Grid.DimY) => Special(SpecialRegister.GridSizeY),
        nameof(Grid.DimZ) => Special(SpecialRegister.GridSizeZ),
        _ => null,
    };

    private Value? GroupMember(string name, Operand[] operands) => name switch
    {
        nameof(Group.IdxX) => Special(SpecialRegister.ThreadX),
        nameof(Group.IdxY) => Special(SpecialRegister.ThreadY),
        nameof(Group.IdxZ) => Special(SpecialRegister.ThreadZ),
        nameof(Group.DimX) => Special(SpecialRegister.GroupSizeX),
        nameof(Group.DimY) => Special(SpecialRegister.GroupSizeY),
        nameof(Group.DimZ) => Special(SpecialRegister.GroupSizeZ),
        nameof(Group.BarrierPopCount) => code.Emit(IrType.Int32, Opcode.BarrierPopCount, null, Truth(operands[0])),
        nameof(Group.BarrierAnd) => FromTruth(code.Emit(IrType.Bool, Opcode.BarrierAnd, null, Truth(operands[0]))),
        nameof(Group.BarrierOr) => FromTruth(code.Emit(IrType.Bool, Opcode.BarrierOr, null, Truth(operands[0]))),
        _ => null,
    };

    private Value Truth(Operand operand) => code.Compare(Comparison.NotEqual, Scalar(operand), Constant.Of(0));

    private Value FromTruth(Value truth) => code.Convert(Conversion.Unsigned, truth, IrType.Int32);

    private Value? WarpMember(string name, Operand[] operands) => name switch
    {
        nameof(Warp.WarpSize) => Constant.Of(32),
        nameof(Warp.LaneIdx) => Special(SpecialRegister.Lane),
        nameof(Warp.WarpIdx) => code.Emit(IrType.Int32, Opcode.ShiftRight, null, LinearThread(), Constant.Of(5)),
        nameof(Warp.Shuffle) or nameof(Warp.Broadcast) => Shuffle(ShuffleKind.Index, operands),
        nameof(Warp.ShuffleDown) => Shuffle(ShuffleKind.Down, operands),
        nameof(Warp.ShuffleUp) => Shuffle(ShuffleKind.Up, operands),
        nameof(Warp.ShuffleXor) => Shuffle(ShuffleKind.Xor, operands),
        _ => null,
    };

    private Value Shuffle(ShuffleKind kind, Operand[] operands)
    {
        if (operands[0] is not ScalarOperand { Value: var value } || value.Type.IsPointer())
            throw Unsupported("a shuffle of a struct or reference", "Shuffle its fields one by one.");
        return code.Emit(value.Type, Opcode.Shuffle, kind, value, Scalar(operands[1]));
    }

    // Threads are numbered with x fastest; 32 after each other are a warp.
    private Value LinearThread()
    {
        Value zy = Sum(Product(Special(SpecialRegister.ThreadZ), Special(SpecialRegister.GroupSizeY)),
            Special(SpecialRegister.ThreadY));
        return Sum(Product(zy, Special(SpecialRegister.GroupSizeX)), Special(SpecialRegister.ThreadX));
    }

    private Value Sum(Value a, Value b) => code.Emit(a.Type, Opcode.Add, null, a, b);

    private Value Product(Value a, Value b) => code.Emit(a.Type, Opcode.Multiply, null, a, b);
}
