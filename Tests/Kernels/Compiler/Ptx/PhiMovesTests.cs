using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Phis become moves without losing a copy or half of a swap.</summary>
public sealed class PhiMovesTests
{
    [Test]
    public void InSequence_TwoSwapped_SavesOne()
    {
        (Register a, Register b) = (new(IrType.Int32), new(IrType.Int32));
        List<Move> moves = PhiMoves.InSequence([new Move(a, b), new Move(b, a)]);
        Assert.That(moves, Has.Count.EqualTo(3));
        Assert.That(moves[0].Source, Is.SameAs(a), "a's old value is saved");
        Assert.That(moves[0].Target, Is.Not.SameAs(a).And.Not.SameAs(b));
    }

    [Test]
    public void InSequence_RandomMoves_MeansAllAtOnce()
    {
        const int Seed = 41, Count = 9;
        Random random = new(Seed);
        int saved = 0;
        for (int round = 0; round < 2000; round++)
        {
            Register[] registers = [.. Enumerable.Range(0, Count).Select(_ => new Register(IrType.Int32))];
            Register[] targets = [.. registers.OrderBy(_ => random.Next()).Take(random.Next(Count + 1))];
            Move[] moves = [.. targets.Select(t =>
                new Move(t, random.Next(8) == 0 ? Constant.Of(1000) : registers[random.Next(Count)]))];
            Dictionary<Value, int> before = Enumerable.Range(0, Count).ToDictionary(i => (Value)registers[i], i => i);
            Dictionary<Value, int> now = new(before);
            foreach (Move move in PhiMoves.InSequence(moves))
                now[move.Target] = move.Source is Constant c ? c.Int32 : now[move.Source];
            saved += now.Count - Count;
            foreach (Register register in registers)
            {
                Value source = moves.FirstOrDefault(m => m.Target == register).Source ?? register;
                int expected = source is Constant c ? c.Int32 : before[source];
                Assert.That(now[register], Is.EqualTo(expected), $"round {round}, seed {Seed}");
            }
        }
        Assert.That(saved, Is.GreaterThan(100), "circles occurred");
    }

    /// <summary>(a, b) = (b, a) while n counts down: after 5 rounds they are swapped.</summary>
    [Test]
    public void Print_SwapInLoop_Swaps()
    {
        KernelBuilder k = new();
        Parameter result = k.Parameter(IrType.GlobalPointer, "result");
        Block entry = k.Current, loop = k.NewBlock(), end = k.NewBlock();
        k.Branch(loop);
        k.Current = loop;
        (Phi a, Phi b, Phi n) = (k.Phi(IrType.Int32, "a"), k.Phi(IrType.Int32, "b"), k.Phi(IrType.Int32, "n"));
        Register less = k.Do(Opcode.Subtract, null, IrType.Int32, n.Result, Constant.Of(1));
        k.Branch(k.Do(Opcode.Compare, Comparison.Greater, IrType.Bool, less, Constant.Of(0)), loop, end);
        a.Inputs.AddRange([Constant.Of(7), b.Result]);
        b.Inputs.AddRange([Constant.Of(9), a.Result]);
        n.Inputs.AddRange([Constant.Of(6), less]);
        k.Current = end;
        k.Keep(result, a.Result);
        k.Keep(k.Do(Opcode.AddressOffset, 4, IrType.GlobalPointer, result), b.Result);
        k.Return();
        string text = PtxPrinter.Print(k.Kernel, PtxTarget.Sm70);
        PtxMachine machine = new PtxMachine(text).Run(64);
        Assert.That(machine.Memory[("global", 64)], Is.EqualTo(9), text);
        Assert.That(machine.Memory[("global", 68)], Is.EqualTo(7), text);
        Assert.That(entry.Successors[0].Phis, Has.Count.EqualTo(3), "the kernel itself is left alone");
    }

    /// <summary>The loop's phi is used after the loop: it must hold the value of the last round, not the next one's.</summary>
    [Test]
    public void Print_PhiUsedBehindLoop_KeepsItsValue()
    {
        KernelBuilder k = new();
        Parameter result = k.Parameter(IrType.GlobalPointer, "result");
        Block loop = k.NewBlock(), end = k.NewBlock();
        k.Branch(loop);
        k.Current = loop;
        Phi i = k.Phi(IrType.Int32, "i");
        Register next = k.Add(i.Result, Constant.Of(1));
        k.Branch(k.Do(Opcode.Compare, Comparison.Less, IrType.Bool, next, Constant.Of(5)), loop, end);
        i.Inputs.AddRange([Constant.Of(0), next]);
        k.Current = end;
        k.Keep(result, i.Result);
        k.Return();
        string text = PtxPrinter.Print(k.Kernel, PtxTarget.Sm70);
        Assert.That(new PtxMachine(text).Run(64).Memory[("global", 64)], Is.EqualTo(4), text);
    }

    /// <summary>Both ways of one branch lead to one block, whose phi tells them apart.</summary>
    [Test]
    public void Print_BothWaysToOneBlock_PhiTellsThemApart([Values(0UL, 1UL)] ulong flag)
    {
        KernelBuilder k = new();
        Parameter result = k.Parameter(IrType.GlobalPointer, "result");
        Parameter condition = k.Parameter(IrType.Bool, "condition");
        Block end = k.NewBlock();
        k.Branch(condition, end, end);
        k.Current = end;
        Phi phi = k.Phi(IrType.Int32, "which");
        phi.Inputs.AddRange([Constant.Of(10), Constant.Of(20)]);
        k.Keep(result, phi.Result);
        k.Return();
        string text = PtxPrinter.Print(k.Kernel, PtxTarget.Sm70);
        Assert.That(new PtxMachine(text).Run(64, flag).Memory[("global", 64)], Is.EqualTo(flag != 0 ? 10 : 20), text);
    }

    [Test]
    public void Place_UndefinedInput_NeedsNoMoveAndNoBlock()
    {
        KernelBuilder k = new();
        Parameter result = k.Parameter(IrType.GlobalPointer, "result");
        Parameter condition = k.Parameter(IrType.Bool, "condition");
        Block other = k.NewBlock(), end = k.NewBlock();
        k.Branch(condition, other, end);
        k.Current = other;
        k.Branch(end);
        k.Current = end;
        Phi phi = k.Phi(IrType.Int32, "which");
        phi.Inputs.AddRange([new Undefined(IrType.Int32, "which", null), Constant.Of(20)]);
        k.Keep(result, phi.Result);
        k.Return();
        Dictionary<Block, List<Move>> moves = PhiMoves.Place(k.Kernel);
        Assert.That(k.Kernel.Blocks, Has.Count.EqualTo(3));
        Assert.That(moves.Keys, Is.EquivalentTo(new[] { other }));
    }
}
