using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Ir;

/// <summary>The verifier sees each kind of broken kernel: otherwise the tests of passes would prove nothing.</summary>
internal sealed class IrVerifierTests
{
    // entry → (left | right) → end with a phi; returns the pieces to be broken.
    private static (Kernel Kernel, Block Entry, Block Left, Block Right, Block End, Register A, Register B) Diamond()
    {
        Kernel kernel = new("diamond");
        (Block entry, Block left, Block right, Block end) = (new Block(), new Block(), new Block(), new Block());
        kernel.Blocks.AddRange([entry, left, right, end]);
        Parameter n = new(IrType.Int32, 0, "n");
        kernel.Parameters.Add(n);
        Register condition = Emit(entry, IrType.Bool, Opcode.Compare, Comparison.Less, n, Constant.Of(3));
        entry.Instructions.Add(new Instruction(Opcode.ConditionalBranch, null, null, condition));
        Register a = Emit(left, IrType.Int32, Opcode.Add, null, n, Constant.Of(1));
        left.Instructions.Add(new Instruction(Opcode.Branch, null, null));
        Register b = Emit(right, IrType.Int32, Opcode.Multiply, null, n, n);
        right.Instructions.Add(new Instruction(Opcode.Branch, null, null));
        Phi phi = new(IrType.Int32, "x");
        phi.Inputs.AddRange([a, b]);
        end.Phis.Add(phi);
        end.Instructions.Add(new Instruction(Opcode.Return, null, null));
        Kernel.Connect(entry, left);
        Kernel.Connect(entry, right);
        Kernel.Connect(left, end);
        Kernel.Connect(right, end);
        return (kernel, entry, left, right, end, a, b);
    }

    private static Register Emit(Block block, IrType type, Opcode opcode, object? payload, params Value[] operands)
    {
        Instruction instruction = new(opcode, payload, null, operands);
        block.Instructions.Insert(Math.Max(0, block.Instructions.Count(i => !i.IsTerminator)), instruction);
        return instruction.AddResult(type);
    }

    [Test]
    public void ValidKernel_IsAccepted() => Assert.That(IrVerifier.Check(Diamond().Kernel), Is.Null);

    [Test]
    public void UseThatTheDefinitionDoesNotReach_IsSeen()
    {
        var d = Diamond();
        Emit(d.End, IrType.Int32, Opcode.Add, null, d.A, Constant.Of(1));
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("does not reach"));
    }

    [Test]
    public void UseBeforeTheDefinition_IsSeen()
    {
        var d = Diamond();
        d.Left.Instructions.Insert(0, new Instruction(Opcode.Negate, null, null, d.A));
        d.Left.Instructions[0].AddResult(IrType.Int32);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("does not reach"));
    }

    [Test]
    public void PhiInputs_OfTheWrongEdge_AreSeen()
    {
        var d = Diamond();
        d.End.Phis[0].Inputs.Reverse();
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("does not reach the phi"));
    }

    [Test]
    public void PhiInputs_TooFew_AreSeen()
    {
        var d = Diamond();
        d.End.Phis[0].Inputs.RemoveAt(0);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("1 inputs"));
    }

    [Test]
    public void PhiInput_OfAnotherType_IsSeen()
    {
        var d = Diamond();
        d.End.Phis[0].Inputs[0] = Constant.Of(1f);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("another type"));
    }

    [Test]
    public void EdgeInOneListOnly_IsSeen()
    {
        var d = Diamond();
        d.End.Predecessors.RemoveAt(0);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("both lists"));
    }

    [Test]
    public void TerminatorInTheMiddle_IsSeen()
    {
        var d = Diamond();
        d.End.Instructions.Add(new Instruction(Opcode.Return, null, null));
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("before its end"));
    }

    [Test]
    public void TerminatorWithOtherSuccessors_IsSeen()
    {
        var d = Diamond();
        d.Left.Instructions[^1] = new Instruction(Opcode.Return, null, null);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("successors"));
    }

    [Test]
    public void UnreachableBlock_IsSeen()
    {
        var d = Diamond();
        Block lost = new();
        lost.Instructions.Add(new Instruction(Opcode.Return, null, null));
        d.Kernel.Blocks.Add(lost);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("unreachable"));
    }

    [Test]
    public void DoubleDefinition_IsSeen()
    {
        var d = Diamond();
        d.Left.Instructions.Insert(1, d.Left.Instructions[0]);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("defined twice"));
    }

    [Test]
    public void OperandsOfTheWrongType_AreSeen()
    {
        var d = Diamond();
        d.Left.Instructions[0].Operands[1] = Constant.Of(1f);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("wrong types"));
    }

    [Test]
    public void ArrayThatTheKernelDoesNotList_IsSeen()
    {
        var d = Diamond();
        Emit(d.Left, IrType.SharedPointer, Opcode.ArrayAddress, new MemoryArray("s", 4, 16, shared: true, dynamic: false));
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("does not list"));
    }

    [Test]
    public void EntryWithPredecessor_IsSeen()
    {
        var d = Diamond();
        d.Left.Successors[0] = d.Entry;
        d.End.Predecessors.RemoveAt(0);
        d.End.Phis[0].Inputs.RemoveAt(0);
        d.Entry.Predecessors.Add(d.Left);
        Assert.That(IrVerifier.Check(d.Kernel), Does.Contain("entry has a predecessor"));
    }
}
