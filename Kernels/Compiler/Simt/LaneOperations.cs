using GatysGpu.Kernels.Compiler.Ir;

using unsafe LaneStep = delegate*<byte*, GatysGpu.Kernels.Compiler.Simt.Step*, uint, GatysGpu.Kernels.Compiler.Simt.GroupRun, void>;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Which method executes which instruction.</summary>
internal static unsafe class LaneOperations
{
    /// <summary>The method of an instruction, chosen by opcode, type and payload.</summary>
    /// <exception cref="InvalidOperationException">There is none: the kernel is not well formed or not optimised.</exception>
    internal static LaneStep Of(Instruction instruction)
    {
        IrType type = instruction.Operands.Length > 0 ? instruction.Operands[0].Type : IrType.Int32;
        LaneStep step = instruction.Opcode switch
        {
            Opcode.Compare => Compare((Comparison)instruction.Payload!, type),
            Opcode.Select => instruction.Result.Type == IrType.Bool ? &LaneRunners.SelectTruth
                : instruction.Result.Type.Is64Bit() ? &LaneRunners.Select<long> : &LaneRunners.Select<int>,
            Opcode.Convert => LaneConversions.Of((Conversion)instruction.Payload!, type, instruction.Result.Type),
            Opcode.ShiftLeft or Opcode.ShiftRight or Opcode.ShiftRightUnsigned =>
                Shift(instruction.Opcode, type.Is64Bit(), instruction.Operands[1] is Constant),
            _ when type == IrType.Bool && instruction.Opcode <= Opcode.LeadingZeroCount => Truth(instruction.Opcode),
            _ when type.IsFloat() => Float(instruction.Opcode, type == IrType.Float64),
            _ => Integer(instruction.Opcode, type.Is64Bit()),
        };
        if (step == null) step = Memory(instruction.Opcode, instruction.Operands);
        return step != null ? step : throw new InvalidOperationException(
            $"The checker cannot execute '{IrPrinter.Print(instruction)}' "
            + $"({instruction.Location?.ToString() ?? "unknown line"}).");
    }

    private static LaneStep Integer(Opcode opcode, bool wide) => opcode switch
    {
        Opcode.Add => wide ? &LaneRunners.Binary<long, Add<long>> : &LaneRunners.Binary<int, Add<int>>,
        Opcode.Subtract => wide ? &LaneRunners.Binary<long, Subtract<long>> : &LaneRunners.Binary<int, Subtract<int>>,
        Opcode.Multiply => wide ? &LaneRunners.Binary<long, Multiply<long>> : &LaneRunners.Binary<int, Multiply<int>>,
        Opcode.Divide => wide ? &LaneRunners.Divide<long, DivideSigned<long>> : &LaneRunners.Divide<int, DivideSigned<int>>,
        Opcode.DivideUnsigned =>
            wide ? &LaneRunners.Divide<ulong, DivideUnsigned<ulong>> : &LaneRunners.Divide<uint, DivideUnsigned<uint>>,
        Opcode.Remainder =>
            wide ? &LaneRunners.Divide<long, RemainderSigned<long>> : &LaneRunners.Divide<int, RemainderSigned<int>>,
        Opcode.RemainderUnsigned =>
            wide ? &LaneRunners.Divide<ulong, RemainderUnsigned<ulong>> : &LaneRunners.Divide<uint, RemainderUnsigned<uint>>,
        Opcode.Min => wide ? &LaneRunners.Binary<long, MinInteger<long>> : &LaneRunners.Binary<int, MinInteger<int>>,
        Opcode.Max => wide ? &LaneRunners.Binary<long, MaxInteger<long>> : &LaneRunners.Binary<int, MaxInteger<int>>,
        Opcode.MinUnsigned => wide ? &LaneRunners.Binary<ulong, MinInteger<ulong>> : &LaneRunners.Binary<uint, MinInteger<uint>>,
        Opcode.MaxUnsigned => wide ? &LaneRunners.Binary<ulong, MaxInteger<ulong>> : &LaneRunners.Binary<uint, MaxInteger<uint>>,
        Opcode.And => wide ? &LaneRunners.Binary<long, And<long>> : &LaneRunners.Binary<int, And<int>>,
        Opcode.Or => wide ? &LaneRunners.Binary<long, Or<long>> : &LaneRunners.Binary<int, Or<int>>,
        Opcode.Xor => wide ? &LaneRunners.Binary<long, Xor<long>> : &LaneRunners.Binary<int, Xor<int>>,
        Opcode.Not => wide ? &LaneRunners.Unary<long, Complement<long>> : &LaneRunners.Unary<int, Complement<int>>,
        Opcode.Negate => wide ? &LaneRunners.Unary<long, Negate<long>> : &LaneRunners.Unary<int, Negate<int>>,
        Opcode.Abs => wide ? &LaneRunners.Unary<long, AbsInteger<long>> : &LaneRunners.Unary<int, AbsInteger<int>>,
        Opcode.PopulationCount => wide ? &LaneRunners.Scalar<ulong, int, Bits64> : &LaneRunners.Scalar<uint, int, Bits32>,
        Opcode.LeadingZeroCount =>
            wide ? &LaneRunners.Scalar<ulong, int, LeadingZeros64> : &LaneRunners.Scalar<uint, int, LeadingZeros32>,
        _ => null,
    };

    private static LaneStep Float(Opcode opcode, bool wide) => opcode switch
    {
        Opcode.Add => wide ? &LaneRunners.Binary<double, Add<double>> : &LaneRunners.Binary<float, Add<float>>,
        Opcode.Subtract => wide ? &LaneRunners.Binary<double, Subtract<double>> : &LaneRunners.Binary<float, Subtract<float>>,
        Opcode.Multiply => wide ? &LaneRunners.Binary<double, Multiply<double>> : &LaneRunners.Binary<float, Multiply<float>>,
        Opcode.FusedMultiplyAdd => wide ? &LaneRunners.Ternary<double, FusedDouble> : &LaneRunners.Ternary<float, FusedSingle>,
        Opcode.Divide => wide ? &LaneRunners.Binary<double, Quotient<double>> : &LaneRunners.Binary<float, Quotient<float>>,
        Opcode.Min => wide ? &LaneRunners.Binary<double, MinFloat<double>> : &LaneRunners.Binary<float, MinFloat<float>>,
        Opcode.Max => wide ? &LaneRunners.Binary<double, MaxFloat<double>> : &LaneRunners.Binary<float, MaxFloat<float>>,
        Opcode.Negate => wide ? &LaneRunners.Unary<double, Negate<double>> : &LaneRunners.Unary<float, Negate<float>>,
        Opcode.Abs => wide ? &LaneRunners.Unary<double, AbsDouble> : &LaneRunners.Unary<float, AbsSingle>,
        Opcode.Sqrt => wide ? &LaneRunners.Unary<double, SquareRoot<double>> : &LaneRunners.Unary<float, SquareRoot<float>>,
        Opcode.ReciprocalSqrt =>
            wide ? &LaneRunners.Unary<double, ReciprocalRoot<double>> : &LaneRunners.Unary<float, ReciprocalRoot<float>>,
        Opcode.Floor => wide ? &LaneRunners.Unary<double, Floor<double>> : &LaneRunners.Unary<float, Floor<float>>,
        Opcode.Ceiling => wide ? &LaneRunners.Unary<double, Ceiling<double>> : &LaneRunners.Unary<float, Ceiling<float>>,
        Opcode.Round => wide ? &LaneRunners.Unary<double, Round<double>> : &LaneRunners.Unary<float, Round<float>>,
        Opcode.Truncate => wide ? &LaneRunners.Unary<double, Truncate<double>> : &LaneRunners.Unary<float, Truncate<float>>,
        Opcode.Exp2 when !wide => &LaneRunners.Scalar<float, float, Exp2>,
        Opcode.Log2 when !wide => &LaneRunners.Scalar<float, float, Log2>,
        Opcode.Sin when !wide => &LaneRunners.Scalar<float, float, Sin>,
        Opcode.Cos when !wide => &LaneRunners.Scalar<float, float, Cos>,
        Opcode.RoundToTf32 => &LaneRunners.Unary<float, RoundTf32>,
        _ => null,
    };

    private static LaneStep Truth(Opcode opcode) => opcode switch
    {
        Opcode.And => &LaneRunners.Truth<TruthAnd>,
        Opcode.Or => &LaneRunners.Truth<TruthOr>,
        Opcode.Xor => &LaneRunners.Truth<TruthXor>,
        Opcode.Not => &LaneRunners.Truth<TruthNot>,
        _ => null,
    };

    private static LaneStep Shift(Opcode opcode, bool wide, bool constant) => (opcode, constant) switch
    {
        (Opcode.ShiftLeft, true) => wide ? &LaneRunners.Shift<long, ShiftLeft<long>> : &LaneRunners.Shift<int, ShiftLeft<int>>,
        (Opcode.ShiftRight, true) => wide ? &LaneRunners.Shift<long, ShiftRight<long>> : &LaneRunners.Shift<int, ShiftRight<int>>,
        (_, true) => wide ? &LaneRunners.Shift<ulong, ShiftRight<ulong>> : &LaneRunners.Shift<uint, ShiftRight<uint>>,
        (Opcode.ShiftLeft, _) =>
            wide ? &LaneRunners.ScalarBinary<long, int, ShiftLeftBy<long>>
                : &LaneRunners.ScalarBinary<int, int, ShiftLeftBy<int>>,
        (Opcode.ShiftRight, _) =>
            wide ? &LaneRunners.ScalarBinary<long, int, ShiftRightBy<long>>
                : &LaneRunners.ScalarBinary<int, int, ShiftRightBy<int>>,
        _ => wide ? &LaneRunners.ScalarBinary<ulong, int, ShiftRightBy<ulong>>
            : &LaneRunners.ScalarBinary<uint, int, ShiftRightBy<uint>>,
    };

    private static LaneStep Compare(Comparison comparison, IrType type) => type switch
    {
        IrType.Float32 => CompareFloat<float>(comparison),
        IrType.Float64 => CompareFloat<double>(comparison),
        IrType.Bool => comparison == Comparison.Equal ? &LaneRunners.Truth<TruthEqual>
            : comparison == Comparison.NotEqual ? &LaneRunners.Truth<TruthXor> : null,
        _ => type.Is64Bit() ? CompareInteger<long, ulong>(comparison) : CompareInteger<int, uint>(comparison),
    };

    private static LaneStep CompareInteger<T, TUnsigned>(Comparison comparison)
        where T : unmanaged
        where TUnsigned : unmanaged => comparison switch
        {
            Comparison.LessUnsigned => &LaneRunners.Compare<TUnsigned, Less<TUnsigned>>,
            Comparison.LessOrEqualUnsigned => &LaneRunners.Compare<TUnsigned, LessOrEqual<TUnsigned>>,
            Comparison.GreaterUnsigned => &LaneRunners.Compare<TUnsigned, Greater<TUnsigned>>,
            Comparison.GreaterOrEqualUnsigned => &LaneRunners.Compare<TUnsigned, GreaterOrEqual<TUnsigned>>,
            <= Comparison.GreaterOrEqual => CompareFloat<T>(comparison),
            _ => null,
        };

    private static LaneStep CompareFloat<T>(Comparison comparison)
        where T : unmanaged => comparison switch
        {
            Comparison.Equal => &LaneRunners.Compare<T, Equal<T>>,
            Comparison.NotEqual => &LaneRunners.Compare<T, NotEqual<T>>,
            Comparison.Less => &LaneRunners.Compare<T, Less<T>>,
            Comparison.LessOrEqual => &LaneRunners.Compare<T, LessOrEqual<T>>,
            Comparison.Greater => &LaneRunners.Compare<T, Greater<T>>,
            Comparison.GreaterOrEqual => &LaneRunners.Compare<T, GreaterOrEqual<T>>,
            Comparison.LessOrUnordered => &LaneRunners.Compare<T, NotGreaterOrEqual<T>>,
            Comparison.LessOrEqualOrUnordered => &LaneRunners.Compare<T, NotGreater<T>>,
            Comparison.GreaterOrUnordered => &LaneRunners.Compare<T, NotLessOrEqual<T>>,
            Comparison.GreaterOrEqualOrUnordered => &LaneRunners.Compare<T, NotLess<T>>,
            _ => null,
        };

    private static LaneStep Memory(Opcode opcode, Value[] operands)
    {
        IrType space = operands.Length > 0 ? operands[0].Type : IrType.Int32;
        bool wide = space == IrType.GlobalPointer;
        bool wideIndex = operands.Length > 1 && operands[1].Type.Is64Bit();
        return opcode switch
        {
            Opcode.ElementAddress when wide => wideIndex ? &LaneAddresses.Element<long, long> : &LaneAddresses.Element<long, int>,
            Opcode.ElementAddress => wideIndex ? &LaneAddresses.Element<int, long> : &LaneAddresses.Element<int, int>,
            Opcode.PartAddress => wide ? &LaneAddresses.Part<long> : &LaneAddresses.Part<int>,
            Opcode.AddressOffset => wide ? &LaneAddresses.Offset<long> : &LaneAddresses.Offset<int>,
            Opcode.AddressAdd => wide ? &LaneRunners.Binary<long, Add<long>> : &LaneRunners.Binary<int, Add<int>>,
            Opcode.Load => space switch
            {
                IrType.GlobalPointer => &GroupRun.LoadGlobal,
                IrType.SharedPointer => &GroupRun.LoadShared,
                _ => &GroupRun.LoadLocal,
            },
            Opcode.Store => space switch
            {
                IrType.GlobalPointer => &GroupRun.StoreGlobal,
                IrType.SharedPointer => &GroupRun.StoreShared,
                _ => &GroupRun.StoreLocal,
            },
            Opcode.Atomic when space == IrType.GlobalPointer => &GroupRun.AtomicGlobal,
            Opcode.Atomic when space == IrType.SharedPointer => &GroupRun.AtomicShared,
            Opcode.Shuffle when space != IrType.Bool => space.Is64Bit() ? &LaneExchange.Shuffle<long> : &LaneExchange.Shuffle<int>,
            Opcode.WarpBarrier => &LaneExchange.WarpBarrier,
            Opcode.Fence => &LaneExchange.Fence,
            Opcode.MultiplyAddTf32 => &LaneExchange.MultiplyAddTf32,
            Opcode.AsyncCopy => &GroupRun.BeginCopy,
            Opcode.AsyncCommit => &GroupRun.CommitCopies,
            Opcode.AsyncWait => &GroupRun.WaitForCopies,
            Opcode.InlineAssembly => &LaneFaults.Assembly,
            _ => null,
        };
    }
}
