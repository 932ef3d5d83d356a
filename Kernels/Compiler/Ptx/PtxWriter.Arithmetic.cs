using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Arithmetic, comparison, choice and conversion.</summary>
internal sealed partial class PtxWriter
{
    /// <summary>Writes an instruction that does not end its block.</summary>
    public void Write(Instruction instruction)
    {
        if (WriteMemory(instruction) || WriteThreads(instruction)) return;
        if (instruction.Opcode is Opcode.Compare) WriteCompare(instruction);
        else if (instruction.Opcode is Opcode.Select) WriteSelect(instruction);
        else if (instruction.Opcode is Opcode.Convert) WriteConvert(instruction);
        else WriteArithmetic(instruction);
    }

    private void WriteArithmetic(Instruction instruction)
    {
        Opcode opcode = instruction.Opcode;
        Value[] operands = instruction.Operands;
        if (WideFactor(instruction) is { } wide)
        {
            string sign = (Conversion)wide.Widening.Payload! == Conversion.Signed ? "s" : "u";
            Line($"mul.wide.{sign}32", names.Of(instruction.Result), Operand(wide.Widening.Operands[0]), Operand(operands[1]));
            return;
        }
        if (opcode is Opcode.ShiftLeft or Opcode.ShiftRight or Opcode.ShiftRightUnsigned)
        {
            WriteShift(instruction);
            return;
        }
        // PTX takes no truth value as a number here.
        bool predicates = instruction.Result.Type == IrType.Bool;
        Line(Mnemonic(instruction),
            [names.Of(instruction.Result), .. operands.Select(o => predicates ? InRegister(o) : Operand(o))]);
    }

    private static string Mnemonic(Instruction instruction)
    {
        IrType type = instruction.Operands[0].Type;
        bool isFloat = type.IsFloat();
        string width = type.Is64Bit() ? "64" : "32";
        string exact = isFloat ? $"rn.f{width}" : $"s{width}";
        string signed = isFloat ? $"f{width}" : $"s{width}";
        string bits = type == IrType.Bool ? "pred" : $"b{width}";
        return instruction.Opcode switch
        {
            Opcode.Add => $"add.{exact}",
            Opcode.Subtract => $"sub.{exact}",
            Opcode.Multiply => isFloat ? $"mul.{exact}" : $"mul.lo.{signed}",
            Opcode.FusedMultiplyAdd => $"fma.{exact}",
            Opcode.Divide => $"div.{exact}",
            Opcode.DivideUnsigned => $"div.u{width}",
            Opcode.Remainder => $"rem.{signed}",
            Opcode.RemainderUnsigned => $"rem.u{width}",
            Opcode.Min => $"min.{signed}",
            Opcode.Max => $"max.{signed}",
            Opcode.MinUnsigned => $"min.u{width}",
            Opcode.MaxUnsigned => $"max.u{width}",
            Opcode.And => $"and.{bits}",
            Opcode.Or => $"or.{bits}",
            Opcode.Xor => $"xor.{bits}",
            Opcode.Not => $"not.{bits}",
            Opcode.Negate => $"neg.{signed}",
            Opcode.Abs => $"abs.{signed}",
            Opcode.Sqrt => $"sqrt.{exact}",
            Opcode.ReciprocalSqrt => $"rsqrt.approx.f{width}",
            Opcode.Exp2 => "ex2.approx.f32",
            Opcode.Log2 => "lg2.approx.f32",
            Opcode.Sin => "sin.approx.f32",
            Opcode.Cos => "cos.approx.f32",
            Opcode.Floor => $"cvt.rmi.f{width}.f{width}",
            Opcode.Ceiling => $"cvt.rpi.f{width}.f{width}",
            Opcode.Round => $"cvt.rni.f{width}.f{width}",
            Opcode.Truncate => $"cvt.rzi.f{width}.f{width}",
            Opcode.PopulationCount => $"popc.b{width}",
            Opcode.LeadingZeroCount => $"clz.b{width}",
            _ => throw new ArgumentException($"{instruction.Opcode} is nothing that PTX is made from; run the passes first"),
        };
    }

    /// <summary>PTX gives 0 (or the sign) for an amount beyond the width; here only the lower bits of the amount count.</summary>
    private void WriteShift(Instruction instruction)
    {
        Value amount = instruction.Operands[1];
        bool is64 = instruction.Result.Type.Is64Bit();
        int mask = is64 ? 63 : 31;
        string width = is64 ? "64" : "32";
        string by;
        if (amount is Constant constant)
        {
            by = Operand(Constant.Of((int)constant.Bits & mask));
        }
        else if (amount is Register { Definition: { Opcode: Opcode.And, Operands: [_, Constant { Bits: >= 0 } limit] } }
            && limit.Bits <= mask)
        {
            by = Operand(amount);
        }
        else
        {
            by = names.Temporary("b32", "amount");
            Line("and.b32", by, Operand(amount), Operand(Constant.Of(mask)));
        }
        string mnemonic = instruction.Opcode switch
        {
            Opcode.ShiftLeft => $"shl.b{width}",
            Opcode.ShiftRight => $"shr.s{width}",
            _ => $"shr.u{width}",
        };
        Line(mnemonic, names.Of(instruction.Result), Operand(instruction.Operands[0]), by);
    }

    private void WriteCompare(Instruction instruction)
    {
        (Value a, Value b) = (instruction.Operands[0], instruction.Operands[1]);
        Comparison comparison = (Comparison)instruction.Payload!;
        string result = names.Of(instruction.Result);
        if (a.Type == IrType.Bool)
        {
            Line("xor.pred", result, InRegister(a), InRegister(b));
            if (comparison == Comparison.Equal) Line("not.pred", result, result);
            return;
        }
        bool isFloat = a.Type.IsFloat();
        (string relation, char kind) = comparison switch
        {
            Comparison.Equal => ("eq", 's'),
            Comparison.NotEqual => (isFloat ? "neu" : "ne", 's'),
            Comparison.Less => ("lt", 's'),
            Comparison.LessOrEqual => ("le", 's'),
            Comparison.Greater => ("gt", 's'),
            Comparison.GreaterOrEqual => ("ge", 's'),
            Comparison.LessUnsigned => ("lt", 'u'),
            Comparison.LessOrEqualUnsigned => ("le", 'u'),
            Comparison.GreaterUnsigned => ("gt", 'u'),
            Comparison.GreaterOrEqualUnsigned => ("ge", 'u'),
            Comparison.LessOrUnordered => ("ltu", 'f'),
            Comparison.LessOrEqualOrUnordered => ("leu", 'f'),
            Comparison.GreaterOrUnordered => ("gtu", 'f'),
            _ => ("geu", 'f'),
        };
        Line($"setp.{relation}.{(isFloat ? 'f' : kind)}{(a.Type.Is64Bit() ? "64" : "32")}", result, Operand(a), Operand(b));
    }

    private void WriteSelect(Instruction instruction)
    {
        string condition = InRegister(instruction.Operands[0]);
        string result = names.Of(instruction.Result);
        (Value a, Value b) = (instruction.Operands[1], instruction.Operands[2]);
        if (instruction.Result.Type != IrType.Bool)
        {
            Line($"selp.{PtxNames.ClassOf(instruction.Result.Type)}", result, Operand(a), Operand(b), condition);
            return;
        }
        // No selp for predicates: (condition and a) or (not condition and b).
        string yes = names.Temporary("pred", "yes");
        string no = names.Temporary("pred", "no");
        Line("and.pred", yes, condition, InRegister(a));
        Line("not.pred", no, condition);
        Line("and.pred", no, no, InRegister(b));
        Line("or.pred", result, yes, no);
    }

    private void WriteConvert(Instruction instruction)
    {
        Value source = instruction.Operands[0];
        string a = Operand(source);
        string result = names.Of(instruction.Result);
        bool isFloat = instruction.Result.Type.IsFloat();
        string to = instruction.Result.Type.Is64Bit() ? "64" : "32";
        string from = source.Type.Is64Bit() ? "64" : "32";
        switch ((Conversion)instruction.Payload!)
        {
            case Conversion.Signed or Conversion.Unsigned when source.Type == IrType.Bool:
                Line($"selp.b{to}", result, "1", "0", InRegister(source));
                break;
            case Conversion.Signed:
                Line(isFloat ? $"cvt.rn.f{to}.s{from}" : $"cvt.s{to}.s{from}", result, a);
                break;
            case Conversion.Unsigned:
                Line(isFloat ? $"cvt.rn.f{to}.u{from}" : $"cvt.u{to}.u{from}", result, a);
                break;
            case Conversion.Truncate:
                Line("cvt.u32.u64", result, InRegister(source));
                break;
            case Conversion.FloatToSigned:
                WriteFloatToInteger($"s{to}", result, source);
                break;
            case Conversion.FloatToUnsigned:
                WriteFloatToInteger($"u{to}", result, source);
                break;
            case Conversion.Float:
                Line(to == "64" ? "cvt.f64.f32" : "cvt.rn.f32.f64", result, a);
                break;
            case Conversion.Bits:
                Line($"mov.b{to}", result, a);
                break;
            case Conversion.Int8:
                Line("cvt.s32.s8", result, InRegister(source));
                break;
            case Conversion.Int16:
                Line("cvt.s32.s16", result, InRegister(source));
                break;
            case Conversion.UInt8:
                Line("and.b32", result, a, "255");
                break;
            case Conversion.UInt16:
                Line("and.b32", result, a, "65535");
                break;
            case Conversion.HalfToFloat:
                string half = names.Temporary("b16", "half");
                Line("cvt.u16.u32", half, InRegister(source));
                Line("cvt.f32.f16", result, half);
                break;
            case Conversion.FloatToHalf:
                string rounded = names.Temporary("b16", "half");
                Line("cvt.rn.f16.f32", rounded, a);
                Line("cvt.u32.u16", result, rounded);
                break;
        }
    }

    /// <summary>PTX saturates, as wanted, and gives 0 for NaN, as wanted, but only between 32-bit types; else the highest bit
    /// alone.</summary>
    private void WriteFloatToInteger(string to, string result, Value source)
    {
        string a = InRegister(source);
        string from = PtxNames.ClassOf(source.Type);
        if (to[1..] == "32" && from == "f32")
        {
            Line($"cvt.rzi.{to}.f32", result, a);
            return;
        }
        string number = names.Temporary($"b{to[1..]}", "converted");
        string ordered = names.Temporary("pred", "ordered");
        Line($"cvt.rzi.{to}.{from}", number, a);
        Line($"setp.num.{from}", ordered, a, a);
        Line($"selp.b{to[1..]}", result, number, "0", ordered);
    }

    private static bool IsWidening(Instruction convert) =>
        convert is { Opcode: Opcode.Convert, Payload: Conversion.Signed or Conversion.Unsigned, Result.Type: IrType.Int64 }
        && convert.Operands[0].Type == IrType.Int32;

    /// <summary>The widening in a 64-bit product of a widened number and a constant of 32 bits, which is one
    /// instruction.</summary>
    private static (Instruction Widening, long Factor)? WideFactor(Instruction product)
    {
        if (product is not { Opcode: Opcode.Multiply,
            Operands: [Register { Definition: { } widening }, Constant factor] }) return null;
        if (!IsWidening(widening)) return null;
        bool fits = (Conversion)widening.Payload! == Conversion.Signed ? factor.Bits == (int)factor.Bits
            : factor.Bits == (uint)factor.Bits;
        return fits ? (widening, factor.Bits) : null;
    }
}
