using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Between which bounds a 32-bit integer lies, as far as its definition says; all 32-bit numbers where it says
/// nothing.</summary>
/// <remarks>Bounds of thread and group indices: "CUDA C++ Programming Guide", table "Technical Specifications per Compute
/// Capability".</remarks>
internal sealed class ValueRanges
{
    private const int Deepest = 32;

    private static readonly (long Low, long High) Everything = (int.MinValue, int.MaxValue);

    private readonly Dictionary<Value, (long Low, long High)> known = [];

    /// <summary>The bounds, both inclusive, of the number read as signed.</summary>
    public (long Low, long High) Of(Value value) => Of(value, 0);

    private (long Low, long High) Of(Value value, int depth)
    {
        if (value is Constant constant) return (constant.Bits, constant.Bits);
        if (value is not Register { Type: IrType.Int32, Definition: { } definition } || depth > Deepest) return Everything;
        if (known.TryGetValue(value, out (long, long) range)) return range;
        (long low, long high) = Compute(definition, depth + 1);
        // A sum that may wrap may be anything.
        return known[value] = low < int.MinValue || high > int.MaxValue ? Everything : (low, high);
    }

    private (long Low, long High) Compute(Instruction definition, int depth)
    {
        if (definition.Opcode == Opcode.Special) return OfSpecial((SpecialRegister)definition.Payload!);
        if (definition is { Opcode: Opcode.Convert, Payload: Conversion conversion })
            return conversion switch
            {
                Conversion.UInt8 => (0, byte.MaxValue),
                Conversion.UInt16 => (0, ushort.MaxValue),
                Conversion.Unsigned when definition.Operands[0].Type == IrType.Bool => (0, 1),
                _ => Everything,
            };
        if (definition.Opcode == Opcode.Select)
            return Union(Of(definition.Operands[1], depth), Of(definition.Operands[2], depth));
        if (definition.Operands.Length != 2) return Everything;
        (long Low, long High) a = Of(definition.Operands[0], depth), b = Of(definition.Operands[1], depth);
        bool positive = b.Low == b.High && b.Low > 0;
        switch (definition.Opcode)
        {
            case Opcode.Add:
                return (a.Low + b.Low, a.High + b.High);
            case Opcode.Subtract:
                return (a.Low - b.High, a.High - b.Low);
            case Opcode.Multiply:
                long[] products = [a.Low * b.Low, a.Low * b.High, a.High * b.Low, a.High * b.High];
                return (products.Min(), products.Max());
            case Opcode.ShiftLeft when b.Low == b.High && b.Low is >= 0 and < 32:
                return (a.Low << (int)b.Low, a.High << (int)b.Low);
            case Opcode.ShiftRight when b.Low == b.High && b.Low is >= 0 and < 32:
                return (a.Low >> (int)b.Low, a.High >> (int)b.Low);
            case Opcode.Divide when positive:
                return (a.Low / b.Low, a.High / b.Low);
            case Opcode.Remainder when positive:
                return (Math.Min(0, Math.Max(a.Low, 1 - b.Low)), Math.Max(0, Math.Min(a.High, b.Low - 1)));
            case Opcode.And when b.Low >= 0:
                return (0, b.High);
            case Opcode.And when a.Low >= 0:
                return (0, a.High);
            case Opcode.Min:
                return (Math.Min(a.Low, b.Low), Math.Min(a.High, b.High));
            case Opcode.Max:
                return (Math.Max(a.Low, b.Low), Math.Max(a.High, b.High));
            default:
                return Everything;
        }
    }

    private static (long Low, long High) Union((long Low, long High) a, (long Low, long High) b) =>
        (Math.Min(a.Low, b.Low), Math.Max(a.High, b.High));

    private static (long Low, long High) OfSpecial(SpecialRegister register) => register switch
    {
        SpecialRegister.ThreadX or SpecialRegister.ThreadY => (0, 1023),
        SpecialRegister.ThreadZ => (0, 63),
        SpecialRegister.GroupSizeX or SpecialRegister.GroupSizeY => (1, 1024),
        SpecialRegister.GroupSizeZ => (1, 64),
        SpecialRegister.GroupX => (0, int.MaxValue - 1),
        SpecialRegister.GroupY or SpecialRegister.GroupZ => (0, 65534),
        SpecialRegister.GridSizeX => (1, int.MaxValue),
        SpecialRegister.GridSizeY or SpecialRegister.GridSizeZ => (1, 65535),
        _ => (0, 31),
    };
}
