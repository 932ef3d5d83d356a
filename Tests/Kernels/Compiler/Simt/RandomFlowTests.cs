using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Tests.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Random graphs of blocks, irreducible ones among them, against a model that runs each thread by itself.</summary>
/// <remarks>Every block changes three numbers that phis carry from block to block, crosswise, so that a wrong order of copies, a
/// row shared by two living values, or a lane that runs a block of others shows in the result.</remarks>
public class RandomFlowTests
{
    private const int Threads = 80, MaxBlocks = 60;

    [Test]
    public void RandomGraph_EveryThread_EqualsThreadByThreadModel([Range(1, 60)] int seed)
    {
        Flow flow = Flow.Random(new Random(seed), 3 + seed % 12);
        using SimtRig rig = new();
        (long, long) result = rig.Buffer<int>("out", new int[Threads * 4]);
        SimtCounters counters = rig.Launch(flow.Build(), new Index3D(1, 1, 1), new Index3D(Threads, 1, 1), result);
        int[] actual = rig.Read<int>(result);
        for (int thread = 0; thread < Threads; thread++)
            Assert.That(actual[(4 * thread)..(4 * thread + 4)], Is.EqualTo(flow.Run(thread)), $"seed {seed}, thread {thread}");
        Assert.That(counters.TotalThreadInstructions, Is.EqualTo(flow.Instructions),
            "every thread executes the model's instructions, and no more");
    }

    /// <summary>Block b: (x, y, z) := (y + k, z ^ x, x · m + steps); then it goes on to one of two blocks by a bit of x, or to
    /// the end after too many steps.</summary>
    private sealed class Flow
    {
        private int[] first = [], second = [], bit = [];

        public long Instructions { get; private set; }

        public static Flow Random(Random random, int blocks) => new()
        {
            first = [.. Enumerable.Range(0, blocks).Select(_ => random.Next(blocks + 1))],
            second = [.. Enumerable.Range(0, blocks).Select(_ => random.Next(blocks + 1))],
            bit = [.. Enumerable.Range(0, blocks).Select(_ => random.Next(6))],
        };

        public int[] Run(int thread)
        {
            (int x, int y, int z, int steps) = (thread * 7 + 1, thread, 5, 0);
            Instructions += 7;
            for (int b = 0; b < first.Length;)
            {
                Instructions += 10;
                (x, y, z) = (y + b, z ^ x, x * 1103515245 + steps);
                steps++;
                b = steps > MaxBlocks ? first.Length : (x >> bit[b] & 1) != 0 ? first[b] : second[b];
                if (steps > MaxBlocks) break;
                Instructions += 4;
            }
            Instructions += 10;
            return [x, y, z, steps];
        }

        public Kernel Build()
        {
            KernelBuilder code = new();
            (Parameter Pointer, Parameter Length) output = code.View("out");
            Value thread = code.ThreadX();
            Value x0 = code.Add(code.Multiply(thread, Constant.Of(7)), Constant.Of(1));
            Value y0 = code.Add(thread, Constant.Of(0)), z0 = code.Add(Constant.Of(2), Constant.Of(3)),
                s0 = code.Do(Opcode.Xor, null, IrType.Int32, thread, thread);
            Block entry = code.Current;
            Block[] heads = [.. Enumerable.Range(0, first.Length + 1).Select(_ => code.NewBlock())];
            Block end = heads[^1];
            Dictionary<Block, Phi[]> phis = heads.ToDictionary(h => h, h =>
            {
                code.Current = h;
                return (Phi[])[code.Phi(IrType.Int32, "x"), code.Phi(IrType.Int32, "y"), code.Phi(IrType.Int32, "z"),
                    code.Phi(IrType.Int32, "s")];
            });
            code.Current = entry;
            Go(code, phis, heads[0], [x0, y0, z0, s0]);
            for (int b = 0; b < first.Length; b++)
            {
                code.Current = heads[b];
                Value[] v = [.. phis[heads[b]].Select(p => p.Result)];
                Value x = code.Add(v[1], Constant.Of(b)), y = code.Do(Opcode.Xor, null, IrType.Int32, v[2], v[0]);
                Value z = code.Add(code.Multiply(v[0], Constant.Of(1103515245)), v[3]), s = code.Add(v[3], Constant.Of(1));
                Block on = code.NewBlock();
                // Pairs that swap, as loops that rotate values do: y and x cross over with what is still needed.
                Value more = code.Do(Opcode.Compare, Comparison.LessOrEqual, IrType.Bool, s, Constant.Of(MaxBlocks));
                Value same = code.Do(Opcode.Select, null, IrType.Int32, more, x, x);
                Value again = code.Do(Opcode.Or, null, IrType.Int32, same, x);
                code.Do(Opcode.Fence, FenceLevel.Group);
                Branch(code, phis, more, on, end, [again, y, z, s]);
                code.Current = on;
                Value way = code.Do(Opcode.And, null, IrType.Int32,
                    code.Do(Opcode.ShiftRight, null, IrType.Int32, x, Constant.Of(bit[b])), Constant.Of(1));
                Branch(code, phis, code.Do(Opcode.Compare, Comparison.NotEqual, IrType.Bool, way, Constant.Of(0)),
                    heads[first[b]], heads[second[b]], [x, y, z, s]);
            }
            code.Current = end;
            Value place = code.Multiply(thread, Constant.Of(4));
            Value to = code.Element(output.Pointer, place, 4, output.Length);
            code.Keep(to, phis[end][0].Result);
            for (int i = 1; i < 4; i++) Keep(code, to, 4 * i, phis[end][i].Result);
            return code.Return();
        }

        private static void Keep(KernelBuilder code, Value to, int offset, Value value)
        {
            Value address = offset == 12 ? code.Do(Opcode.AddressAdd, null, IrType.GlobalPointer, to, Constant.Of((long)offset))
                : code.Do(Opcode.AddressOffset, offset, IrType.GlobalPointer, to);
            code.Do(Opcode.Store, new MemoryAccess(MemoryType.Int32, 1), address, value);
        }

        private static void Go(KernelBuilder code, Dictionary<Block, Phi[]> phis, Block to, Value[] values)
        {
            code.Branch(to);
            for (int i = 0; i < values.Length; i++) phis[to][i].Inputs.Add(values[i]);
        }

        private static void Branch(KernelBuilder code, Dictionary<Block, Phi[]> phis, Value condition, Block yes, Block no,
            Value[] values)
        {
            code.Branch(condition, yes, no);
            foreach (Block to in (Block[])[yes, no])
            {
                if (!phis.TryGetValue(to, out Phi[]? there)) continue;
                for (int i = 0; i < values.Length; i++) there[i].Inputs.Add(values[i]);
            }
        }
    }
}
