using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Tests.Kernels.Compiler.Passes;

/// <summary>What is computed while compiling is what the evaluator computes, for every opcode, type and payload, on extreme
/// numbers too.</summary>
internal sealed class ConstantFoldingTests
{
    private const int Seed = 77;
    private const int Samples = 400;

    private static readonly IrType[] Numbers = [IrType.Int32, IrType.Int64, IrType.Float32, IrType.Float64];
    private static readonly IrType[] Integers = [IrType.Int32, IrType.Int64];
    private static readonly IrType[] Floats = [IrType.Float32, IrType.Float64];

    private static IEnumerable<TestCaseData> Operations()
    {
        foreach (IrType type in Numbers)
        {
            foreach (Opcode opcode in new[] { Opcode.Add, Opcode.Subtract, Opcode.Multiply, Opcode.Divide, Opcode.Min,
                Opcode.Max }) yield return Case(opcode, type, null, type, type);
            foreach (Opcode opcode in new[] { Opcode.Negate, Opcode.Abs }) yield return Case(opcode, type, null, type);
            foreach (Comparison comparison in Enum.GetValues<Comparison>())
                if (type.IsFloat() ? comparison is <= Comparison.GreaterOrEqual or >= Comparison.LessOrUnordered
                    : comparison <= Comparison.GreaterOrEqualUnsigned)
                    yield return Case(Opcode.Compare, IrType.Bool, comparison, type, type);
            yield return Case(Opcode.Select, type, null, IrType.Bool, type, type);
        }
        foreach (IrType type in Integers)
        {
            foreach (Opcode opcode in new[] { Opcode.DivideUnsigned, Opcode.Remainder, Opcode.RemainderUnsigned,
                Opcode.MinUnsigned, Opcode.MaxUnsigned, Opcode.And, Opcode.Or, Opcode.Xor })
                yield return Case(opcode, type, null, type, type);
            foreach (Opcode opcode in new[] { Opcode.ShiftLeft, Opcode.ShiftRight, Opcode.ShiftRightUnsigned })
                yield return Case(opcode, type, null, type, IrType.Int32);
            foreach (Opcode opcode in new[] { Opcode.PopulationCount, Opcode.LeadingZeroCount })
                yield return Case(opcode, IrType.Int32, null, type);
            yield return Case(Opcode.Not, type, null, type);
        }
        foreach (IrType type in Floats)
        {
            foreach (Opcode opcode in new[] { Opcode.Sqrt, Opcode.Floor, Opcode.Ceiling, Opcode.Round, Opcode.Truncate })
                yield return Case(opcode, type, null, type);
            yield return Case(Opcode.FusedMultiplyAdd, type, null, type, type, type);
            foreach (IrType integer in Integers)
            {
                yield return Case(Opcode.Convert, type, Conversion.Signed, integer);
                yield return Case(Opcode.Convert, type, Conversion.Unsigned, integer);
                yield return Case(Opcode.Convert, integer, Conversion.FloatToSigned, type);
                yield return Case(Opcode.Convert, integer, Conversion.FloatToUnsigned, type);
            }
        }
        foreach (Opcode opcode in new[] { Opcode.And, Opcode.Or, Opcode.Xor })
            yield return Case(opcode, IrType.Bool, null, IrType.Bool, IrType.Bool);
        yield return Case(Opcode.Not, IrType.Bool, null, IrType.Bool);
        yield return Case(Opcode.Convert, IrType.Int32, Conversion.Unsigned, IrType.Bool);
        yield return Case(Opcode.Convert, IrType.Int64, Conversion.Signed, IrType.Int32);
        yield return Case(Opcode.Convert, IrType.Int64, Conversion.Unsigned, IrType.Int32);
        yield return Case(Opcode.Convert, IrType.Int32, Conversion.Truncate, IrType.Int64);
        yield return Case(Opcode.Convert, IrType.Float64, Conversion.Float, IrType.Float32);
        yield return Case(Opcode.Convert, IrType.Float32, Conversion.Float, IrType.Float64);
        yield return Case(Opcode.Convert, IrType.Int32, Conversion.Bits, IrType.Float32);
        yield return Case(Opcode.Convert, IrType.Float32, Conversion.Bits, IrType.Int32);
        yield return Case(Opcode.Convert, IrType.Float64, Conversion.Bits, IrType.Int64);
        yield return Case(Opcode.Convert, IrType.Float32, Conversion.HalfToFloat, IrType.Int32);
        yield return Case(Opcode.Convert, IrType.Int32, Conversion.FloatToHalf, IrType.Float32);
        foreach (Conversion narrowing in new[] { Conversion.Int8, Conversion.UInt8, Conversion.Int16, Conversion.UInt16 })
            yield return Case(Opcode.Convert, IrType.Int32, narrowing, IrType.Int32);
    }

    private static TestCaseData Case(Opcode opcode, IrType type, object? payload, params IrType[] operands) =>
        new(opcode, type, payload,
            operands) { TestName = $"Fold_{opcode}_{payload}_{string.Join('_', operands)}_To{type}_IsWhatTheEvaluatorComputes" };

    [TestCaseSource(nameof(Operations))]
    public void Fold(Opcode opcode, IrType type, object? payload, IrType[] operandTypes)
    {
        Random random = new(Seed);
        int folded = 0;
        for (int sample = 0; sample < Samples; sample++)
        {
            Constant[] operands = [.. operandTypes.Select(t => Next(t, random))];
            if (ConstantFolding.Fold(opcode, type, payload, operands) is not { } result) continue;
            folded++;
            long expected = Evaluated(opcode, type, payload, operands);
            bool bothNaN = type == IrType.Float32 && float.IsNaN(result.Single)
                && float.IsNaN(BitConverter.Int32BitsToSingle((int)expected))
                || type == IrType.Float64 && double.IsNaN(result.Double)
                    && double.IsNaN(BitConverter.Int64BitsToDouble(expected));
            Assert.That(result.Type, Is.EqualTo(type));
            Assert.That(bothNaN || result.Bits == expected, Is.True,
                () => $"{opcode} {payload} of {string.Join(", ", operands.Select(IrPrinter.Name))} is {IrPrinter.Name(result)} "
                    + $"({result.Bits}), evaluated {expected}; seed {Seed}");
        }
        bool left = opcode is Opcode.Floor or Opcode.Ceiling && type == IrType.Float64
            || opcode is Opcode.Round or Opcode.Truncate || opcode == Opcode.Abs && type == IrType.Int64
            || opcode is Opcode.PopulationCount or Opcode.LeadingZeroCount && operandTypes[0] == IrType.Int64;
        Assert.That(folded, left ? Is.Zero : Is.GreaterThan(Samples / 2), "what is folded");
    }

    private static Constant Next(IrType type, Random random) => type switch
    {
        IrType.Bool => Constant.Of((bool)RandomArguments.Next(typeof(bool), random)),
        IrType.Int32 => Constant.Of((int)RandomArguments.Next(typeof(int), random)),
        IrType.Int64 => Constant.Of((long)RandomArguments.Next(typeof(long), random)),
        IrType.Float32 => Constant.Of((float)RandomArguments.Next(typeof(float), random)),
        _ => Constant.Of((double)RandomArguments.Next(typeof(double), random)),
    };

    // One instruction on parameters, and a store of its result.
    private static long Evaluated(Opcode opcode, IrType type, object? payload, Constant[] constants)
    {
        Kernel kernel = new("fold");
        Block block = new();
        kernel.Blocks.Add(block);
        kernel.Parameters.Add(new Parameter(IrType.GlobalPointer, 0, "result"));
        foreach (Constant constant in constants)
            kernel.Parameters.Add(new Parameter(constant.Type, kernel.Parameters.Count, $"p{kernel.Parameters.Count}"));
        Instruction operation = new(opcode, payload, null, [.. kernel.Parameters.Skip(1)]);
        operation.AddResult(type);
        block.Instructions.Add(operation);
        MemoryType memory = type switch
        {
            IrType.Int64 => MemoryType.Int64,
            IrType.Float32 => MemoryType.Float32,
            IrType.Float64 => MemoryType.Float64,
            _ => MemoryType.Int32,
        };
        block.Instructions.Add(new Instruction(Opcode.Store, new MemoryAccess(memory, 1), null, kernel.Parameters[0],
            operation.Result));
        block.Instructions.Add(new Instruction(Opcode.Return, null, null));
        byte[] bytes = new byte[8];
        IrEvaluator evaluator = new(kernel);
        evaluator.Run([evaluator.Add(bytes), .. constants.Select(c => c.Bits)]);
        return memory.Size() == 4 ? BitConverter.ToInt32(bytes) : BitConverter.ToInt64(bytes);
    }
}
