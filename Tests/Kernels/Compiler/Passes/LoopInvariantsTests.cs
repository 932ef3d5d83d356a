using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Passes;
using GatysGpu.Kernels.Compiler.Ptx;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Tests.Kernels.Compiler.Ptx;
using GatysGpu.Tests.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Passes;

/// <summary>What does not change in a loop is computed in front of it, but nothing that may stop the program there.</summary>
internal sealed class LoopInvariantsTests
{
    [Test]
    public void ArithmeticOfWhatDoesNotChange_MovesInFrontOfTheLoop_AndTheRestStays()
    {
        Counted loop = new();
        KernelBuilder k = loop.Builder;
        Register square = k.Multiply(loop.N, loop.N);
        Register sum = k.Add(square, loop.N);
        Register varying = k.Add(sum, loop.Counter);
        Register eighth = k.Do(Opcode.Divide, null, IrType.Int32, loop.N, Constant.Of(8));
        Register quotient = k.Do(Opcode.Divide, null, IrType.Int32, Constant.Of(100), loop.N);
        Register element = k.Element(loop.X, loop.N, 4, loop.Length);
        Register read = k.Load(element, MemoryType.Int32);
        k.Keep(element, k.Add(k.Add(varying, eighth), k.Add(quotient, read)));
        Kernel kernel = loop.End();
        LoopInvariants.Run(kernel);
        Assert.That(IrVerifier.Check(kernel), Is.Null);
        Assert.That(IrPrinter.Print(kernel), Is.EqualTo("""
            kernel Test_Kernel(GlobalPointer x, Int64 x.length, Int32 n)
            B0:
              %t.0: Int32 = Multiply n, n
              %t.1: Int32 = Add %t.0, n
              %t.2: Int32 = Divide n, 8
              Branch → B1
            B1:  // from B0, B2
              %i.3: Int32 = phi 0, %t.12
              %t.4: Bool = Compare.Less %i.3, n
              ConditionalBranch %t.4 → B2, B3
            B2:  // from B1
              %t.5: Int32 = Add %t.1, %i.3
              %t.6: Int32 = Divide 100, n
              %t.7: GlobalPointer = ElementAddress.4 x, n, x.length
              %t.8: Int32 = Load.Int32 %t.7
              %t.9: Int32 = Add %t.5, %t.2
              %t.10: Int32 = Add %t.6, %t.8
              %t.11: Int32 = Add %t.9, %t.10
              Store.Int32 %t.7, %t.11
              %t.12: Int32 = Add %i.3, 1
              Branch → B1
            B3:  // from B1
              Return

            """.ReplaceLineEndings("\n")));
    }

    [Test]
    public void ValueThatMayBeMissing_IsNotUsedInFrontOfTheLoop()
    {
        Counted loop = new();
        KernelBuilder k = loop.Builder;
        // The loop is entered with a value of 'maybe' on one way only, and uses it behind a condition.
        Block entry = loop.Entry, other = k.NewBlock(), joined = k.NewBlock();
        Block body = k.Current;
        entry.Instructions.Clear();
        loop.Header.Predecessors.Clear();
        entry.Successors.Clear();
        k.Current = entry;
        k.Branch(k.Do(Opcode.Compare, Comparison.Less, IrType.Bool, loop.N, Constant.Of(9)), other, joined);
        k.Current = other;
        k.Branch(joined);
        k.Current = joined;
        Phi maybe = k.Phi(IrType.Int32, "maybe");
        maybe.Inputs.AddRange([new Undefined(IrType.Int32, "maybe", null), loop.N]);
        k.Branch(loop.Header);
        k.Current = body;
        k.Keep(k.Element(loop.X, loop.Counter, 4, loop.Length), k.Multiply(maybe.Result, maybe.Result));
        Kernel kernel = loop.End();
        LoopInvariants.Run(kernel);
        Assert.That(IrVerifier.Check(kernel), Is.Null);
        Assert.That(body.Instructions.Count(i => i.Opcode == Opcode.Multiply), Is.EqualTo(1), IrPrinter.Print(kernel));
    }

    [Test]
    public void LoopEnteredFromTwoBlocks_GetsOneInFront_AndComputesTheSame()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<int>, int>)TwoWaysIn);
        foreach (int n in new[] { -3, 0, 1, 7 })
        {
            byte[] memory = new byte[64];
            IrEvaluator evaluator = new(kernel);
            evaluator.Run(evaluator.Add(memory), 16, n);
            int expected = n > 3 ? 1 : 5;
            for (int i = n > 3 ? 2 : 0; i < n; i++) expected += i ^ (n * n + 11);
            Assert.That(BitConverter.ToInt32(memory), Is.EqualTo(expected), $"n = {n}");
        }
    }

    private static void TwoWaysIn(ArrayView<int> x, int n)
    {
        int i = 0, sum = 5;
        if (n > 3)
        {
            x[1] = n;
            i = 2;
            sum = 1;
        }
        for (; i < n; i++) sum += i ^ (n * n + 11);
        x[0] = sum;
    }

    [Test]
    public void WhatNoLoopAroundChanges_LeavesThemAll()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<int>, int>)Nested);
        Instruction product = kernel.Blocks.SelectMany(b => b.Instructions).Single(i => i.Opcode == Opcode.Multiply
            && i.Operands.All(o => o is Parameter));
        Assert.That(kernel.Blocks[0].Instructions, Does.Contain(product), IrPrinter.Print(kernel));
    }

    private static void Nested(ArrayView<int> x, int n)
    {
        for (int i = 0; i < n; i++)
            for (int j = 0; j < i; j++) x[j] = n * n ^ j;
    }

    [Test]
    public void Registers_ThatALoopSpends_AreLimited()
    {
        Counted loop = new();
        KernelBuilder k = loop.Builder;
        const int values = 3 * LoopInvariants.MostRegisters;
        for (int v = 0; v < values; v++)
            k.Keep(k.Element(loop.X, k.Add(loop.Counter, k.Multiply(loop.N, Constant.Of(2 * v + 3))), 4, loop.Length), loop.N);
        Block body = k.Current;
        Kernel kernel = loop.End();
        LoopInvariants.Run(kernel);
        Assert.That(body.Instructions.Count(i => i.Opcode == Opcode.Multiply), Is.EqualTo(values - LoopInvariants.MostRegisters));
    }

    [Test]
    public void Registers_OfValuesThatOthersAreMadeOf_AreCounted()
    {
        Counted loop = new();
        KernelBuilder k = loop.Builder;
        const int pairs = LoopInvariants.MostRegisters;
        for (int v = 0; v < pairs; v++)
        {
            // The loop uses both, so that both have a register through it.
            Register product = k.Multiply(loop.N, Constant.Of(2 * v + 3));
            Register sum = k.Add(product, loop.N);
            k.Keep(k.Element(loop.X, k.Add(loop.Counter, product), 4, loop.Length), k.Add(loop.Counter, sum));
        }
        Block body = k.Current;
        Kernel kernel = loop.End();
        LoopInvariants.Run(kernel);
        int products = body.Instructions.Count(i => i.Opcode == Opcode.Multiply);
        int sums = body.Instructions.Count(i => i.Opcode == Opcode.Add && !i.Operands.Contains(loop.Counter));
        Assert.That(2 * pairs - products - sums, Is.EqualTo(LoopInvariants.MostRegisters), "moved");
    }

    [Test]
    public void LoopThatDoesNotGoRound_StopsAtNothingThatItHas()
    {
        using SimtRig rig = new();
        (long, long) x = rig.Buffer<int>("x", new int[8]);
        rig.Launch(SimtRig.Compile(Faulty), new Index3D(1, 1, 1), new Index3D(32, 1, 1), x, 0, 0, 99);
        Assert.That(rig.Read<int>(x)[0], Is.EqualTo(7));
    }

    [TestCase(0, 3, FaultKind.DivisionByZero, "division")]
    [TestCase(1, 99, FaultKind.IndexOutsideView, "index")]
    public void LoopThatGoesRound_StopsWhereTheProgramSaysSo(int divisor, int index, FaultKind kind, string marker)
    {
        using SimtRig rig = new();
        (long, long) x = rig.Buffer<int>("x", new int[8]);
        KernelFaultException fault =
            rig.Fault(SimtRig.Compile(Faulty), new Index3D(1, 1, 1), new Index3D(32, 1, 1), x, 1, divisor, index);
        Assert.That(fault.Kind, Is.EqualTo(kind));
        Assert.That(fault.Location?.Line, Is.EqualTo(Line(marker)));
        Assert.That(rig.Read<int>(x)[0], Is.EqualTo(6), "what the loop writes before");
    }

    private static void Faulty(ArrayView<int> x, int rounds, int divisor, int index)
    {
        if (Group.IdxX > 0) return;
        int sum = 0;
        for (int i = 0; i < rounds; i++)
        {
            x[0] = 6;
            sum += 100 / divisor; // ← division
            sum += x[index]; // ← index
        }
        x[0] = 7 + sum;
    }

    /// <summary>The IR's address of an element stays where the checker may stop at it; what PTX makes of it moves.</summary>
    [Test]
    public void Print_ElementThatDoesNotChange_IsAddressedInFrontOfTheLoop()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<float>, int, int>)ScaledRow);
        string text = PtxPrinter.Print(kernel, PtxTarget.Sm80);
        string[] lines = text.Split('\n');
        int last = Array.FindLastIndex(lines, l => l.Contains("bra", StringComparison.Ordinal));
        int first = Array.FindIndex(lines, l => l.EndsWith(':'));
        Assert.That(first, Is.InRange(0, last), text);
        Assert.That(lines[first..last].Count(l => l.Contains("mul.wide", StringComparison.Ordinal)), Is.EqualTo(1), $"i · 4:\n{text}");
    }

    private static void ScaledRow(ArrayView<float> x, int row, int width)
    {
        for (int i = Group.IdxX; i < width; i += 32) x[i] *= x[row * 3 + width];
    }

    private static int Line(string marker, [CallerFilePath] string file = "") =>
        Array.FindIndex(File.ReadAllLines(file), l => l.Contains($"// ← {marker}", StringComparison.Ordinal)) + 1;

    /// <summary>for (i = 0; i &lt; n; i++) what is built until <see cref="End"/>.</summary>
    private sealed class Counted
    {
        private readonly Phi counter;
        private readonly Block after;

        public Counted()
        {
            (X, Length) = Builder.View("x");
            N = Builder.Parameter(IrType.Int32, "n");
            Entry = Builder.Current;
            Header = Builder.NewBlock();
            Block body = Builder.NewBlock();
            after = Builder.NewBlock();
            Builder.Branch(Header);
            Builder.Current = Header;
            counter = Builder.Phi(IrType.Int32, "i");
            Builder.Branch(Builder.Do(Opcode.Compare, Comparison.Less, IrType.Bool, counter.Result, N), body, after);
            Builder.Current = body;
        }

        public KernelBuilder Builder { get; } = new();

        public Parameter X { get; }

        public Parameter Length { get; }

        public Parameter N { get; }

        public Block Entry { get; }

        public Block Header { get; }

        public Register Counter => counter.Result;

        public Kernel End()
        {
            Register next = Builder.Add(Counter, Constant.Of(1));
            Builder.Branch(Header);
            counter.Inputs.AddRange([Constant.Of(0), next]);
            Builder.Current = after;
            return Builder.Return();
        }
    }
}
