using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Tests.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Every computing opcode with every type against a scalar model, on edge values against each other and on random
/// bits.</summary>
public class OpcodeTests
{
    private const int Seed = 41;

    private static readonly int[] Ints = [0, 1, -1, 2, 3, 7, 31, 32, 33, 255, 256, -128, 65535, 32768, int.MaxValue, int.MinValue,
        int.MinValue + 1, 0x5a5a5a5a];

    private static readonly long[] Longs =
        [0, 1, -1, 2, 63, 64, 1L << 31, uint.MaxValue, -(1L << 31), 1L << 53, (1L << 53) + 1, long.MaxValue, long.MinValue,
            (1L << 62) + (1L << 38) + 1];

    private static readonly float[] Singles =
    [
        0, -0f, 1, -1, 0.5f, 1.5f, 2.5f, -2.5f, 1e-40f, 3.4e38f, 2147483648f, 4294967296f, -2147483648f, 9.3e18f, 1.9e19f,
            float.NaN,
        float.PositiveInfinity, float.NegativeInfinity, 1 + 1f / 2048, 1 + 3f / 2048, 65504, 65520, 5.9e-8f, 3e-8f,
    ];

    private static readonly double[] Doubles =
        [0, -0.0, 1, -1, 0.5, 2.5, -3.5, 1e-310, 1e300, 2147483647.5, 4294967295.5, 9.3e18, 1.9e19, double.NaN,
            double.PositiveInfinity, double.NegativeInfinity];

    [TestCaseSource(typeof(OpcodeModels), nameof(OpcodeModels.All))]
    public void Opcode_EdgeValuesAndRandomOnes_EqualTheModel(OpcodeModel model)
    {
        long[][] inputs = Inputs(model);
        int count = inputs[0].Length, compared = 0;
        using SimtRig rig = new();
        object[] views = [.. inputs.Select((values, i) => (object)rig.Buffer<long>($"in{i}", values))];
        (long, long) result = rig.Buffer<long>("out", Enumerable.Repeat(Untouched, count).ToArray());
        foreach (bool all in (bool[])[true, false])
        {
            rig.Launch(Build(model, count, all), new Index3D((count + 95) / 96, 1, 1), new Index3D(96, 1, 1), [.. views, result]);
            long[] actual = rig.Read<long>(result);
            for (int i = 0; i < count; i++)
            {
                long[] operands = [.. inputs.Select(v => v[i])];
                if (!all && i % 3 == 1) continue;
                compared++;
                Assert.That(model.Agrees(model.Expected(operands), actual[i]), Is.True,
                    $"seed {Seed}, {model}, element {i}: "
                    + $"[{string.Join(", ", operands.Select((o, k) => model.Show(k, o)))}] gives "
                    + $"{model.ShowResult(actual[i])}, expected {model.ShowResult(model.Expected(operands))}");
            }
        }
        Assert.That(compared, Is.EqualTo(count + count - (count + 1) / 3));
    }

    private const long Untouched = 0x0123456789abcdef;

    /// <summary>The operands of every test element: all pairs of edge values, then random bits.</summary>
    private static long[][] Inputs(OpcodeModel model)
    {
        Random random = new(Seed);
        long[][] edges = [.. model.Operands.Select(Edges)];
        int first = edges[0].Length, second = edges.Length > 1 ? edges[1].Length : 1, count = first * second + 200;
        long[][] inputs = [.. edges.Select(_ => new long[count])];
        for (int i = 0; i < count; i++)
            for (int k = 0; k < edges.Length; k++)
            {
                int edge = k == 0 ? i % first : k == 1 ? i / first % second : random.Next(edges[k].Length);
                long value = i < first * second ? edges[k][edge] : RandomBits(random, model.Operands[k]);
                if (k == 1 && model.NeedsDivisor && (model.Operands[k].Is64Bit() ? value : (int)value) == 0) value = 3;
                inputs[k][i] = value;
            }
        return inputs;
    }

    private static long[] Edges(IrType type) => type switch
    {
        IrType.Bool => [0, 1],
        IrType.Int32 => [.. Ints.Select(i => (long)i)],
        IrType.Float32 => [.. Singles.Select(f => (long)BitConverter.SingleToInt32Bits(f))],
        IrType.Float64 => [.. Doubles.Select(BitConverter.DoubleToInt64Bits)],
        _ => Longs,
    };

    private static long RandomBits(Random random, IrType type) => type switch
    {
        IrType.Bool => random.Next(2),
        IrType.Float32 => BitConverter.SingleToInt32Bits((float)(random.NextDouble() * 200 - 100)),
        IrType.Float64 => BitConverter.DoubleToInt64Bits(random.NextDouble() * 200 - 100),
        IrType.Int32 => (int)random.NextInt64(),
        _ => random.NextInt64(long.MinValue, long.MaxValue),
    };

    /// <summary>out[i] = op(in0[i], …); with <paramref name="all"/> false only where i mod 3 is not 1, in a branch.</summary>
    private static Kernel Build(OpcodeModel model, int count, bool all)
    {
        KernelBuilder code = new();
        (Parameter Pointer, Parameter Length)[] views = [.. model.Operands.Select((_, i) => code.View($"in{i}"))];
        (Parameter Pointer, Parameter Length) result = code.View("out");
        Value index = code.Add(code.Multiply(code.Do(Opcode.Special, SpecialRegister.GroupX, IrType.Int32), Constant.Of(96)),
            code.ThreadX());
        Block work = code.NewBlock(), end = code.NewBlock();
        Value inside = code.Do(Opcode.Compare, Comparison.Less, IrType.Bool, index, Constant.Of(count));
        if (!all)
        {
            Value rest = code.Do(Opcode.Remainder, null, IrType.Int32, index, Constant.Of(3));
            inside = code.Do(Opcode.And, null, IrType.Bool, inside,
                code.Do(Opcode.Compare, Comparison.NotEqual, IrType.Bool, rest, Constant.Of(1)));
        }
        code.Branch(inside, work, end);
        code.Current = work;
        Value[] operands = [.. views.Select((v, i) => Operand(code, v.Pointer, v.Length, index, model.Operands[i],
            model.Constants[i]))];
        Value value = code.Do(model.Opcode, model.Payload, model.Result, operands);
        code.Keep(code.Do(Opcode.ElementAddress, 8, IrType.GlobalPointer, result.Pointer, index, result.Length), value);
        code.Branch(end);
        code.Current = end;
        return code.Return();
    }

    private static Value Operand(KernelBuilder code, Value pointer, Value length, Value index, IrType type, Constant? constant)
    {
        if (constant is not null) return constant;
        Value address = code.Do(Opcode.ElementAddress, 8, IrType.GlobalPointer, pointer, index, length);
        MemoryType memory = type switch
        {
            IrType.Float32 => MemoryType.Float32,
            IrType.Float64 => MemoryType.Float64,
            IrType.Int64 => MemoryType.Int64,
            _ => MemoryType.Int32,
        };
        Value value = code.Load(address, memory);
        return type == IrType.Bool ? code.Do(Opcode.Compare, Comparison.NotEqual, IrType.Bool, value, Constant.Of(0)) : value;
    }
}
