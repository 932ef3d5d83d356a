using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Addresses are those of the elements, and the constant part of an index is part of the access wherever that is
/// sound.</summary>
public sealed class AddressLoweringTests
{
    private const ulong Base = 1UL << 33;

    /// <summary>x[t·w + 3 + (t − 1)], at places where the 32-bit sum is in range.</summary>
    [TestCase(0, 5), TestCase(7, 100), TestCase(1000, 2_000_000)]
    public void Print_GlobalElement_IsAtItsAddress(int thread, int width)
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Parameter w = k.Parameter(IrType.Int32, "w");
        Register t = k.ThreadX();
        Register sum = k.Add(k.Add(k.Multiply(t, w), Constant.Of(3)),
            k.Do(Opcode.Subtract, null, IrType.Int32, t, Constant.Of(1)));
        k.Keep(k.Element(x, sum, 4, length), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Contain(" + 8], 1;"), "3 − 1 elements of 4 bytes are in the access");
        Assert.That(text, Does.Not.Contain("ld.param.b64 %x_length"), "the length is not needed");
        PtxMachine machine = new PtxMachine(text) { ThreadX = (ulong)thread }.Run(Base, 1UL << 40, (uint)width);
        ulong expected = Base + 4 * (ulong)(thread * (long)width + 3 + thread - 1);
        Assert.That(machine.Accesses[^1], Is.EqualTo(("global", expected)), text);
    }

    /// <summary>Where j wraps on its way but j + c does not, the constant may still go: only the sum counts.</summary>
    [Test]
    public void Print_GlobalIndexWhoseVaryingPartIsNegative_IsAtItsAddress()
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Parameter i = k.Parameter(IrType.Int32, "i");
        k.Keep(k.Element(x, k.Add(i, Constant.Of(100)), 4, length), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Contain(" + 400]"));
        PtxMachine machine = new PtxMachine(text).Run(Base, 1UL << 40, unchecked((uint)-90));
        Assert.That(machine.Accesses[^1].Address, Is.EqualTo(Base + 40), text);
    }

    /// <summary>i + (−1) with i = −2³¹ is 2³¹ − 1, a good index; i without the constant is far below the view.</summary>
    [Test]
    public void Print_GlobalIndexWithNegativeConstant_StaysWhole()
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Parameter i = k.Parameter(IrType.Int32, "i");
        k.Keep(k.Element(x, k.Add(i, Constant.Of(-1)), 4, length), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Not.Contain(" + -4]").And.Not.Contain("- 4]"), text);
        PtxMachine machine = new PtxMachine(text).Run(Base, 1UL << 40, 0x80000000);
        Assert.That(machine.Accesses[^1].Address, Is.EqualTo(Base + 4UL * int.MaxValue), text);
    }

    [Test]
    public void Print_GlobalIndexOf64Bits_FoldsNegativeConstantToo()
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Parameter i = k.Parameter(IrType.Int64, "i");
        k.Keep(k.Element(x, k.Add(i, Constant.Of(-1L)), 4, length), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Contain(" + -4]"), text);
        Assert.That(new PtxMachine(text).Run(Base, 1UL << 40, 10).Accesses[^1].Address, Is.EqualTo(Base + 36), text);
    }

    [Test]
    public void Print_SharedIndex_FoldsThroughProducts()
    {
        KernelBuilder k = new();
        Value tile = k.Array("tile", 65536);
        Register t = k.ThreadX();
        for (int row = 0; row < 4; row++)
        {
            Register index = k.Add(k.Multiply(k.Add(t, Constant.Of(row - 1)), Constant.Of(64)), Constant.Of(64));
            k.Keep(k.Element(tile, index), Constant.Of(row));
        }
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        PtxMachine machine = new PtxMachine(text) { ThreadX = 2 }.Run();
        ulong first = machine.Accesses[0].Address;
        Assert.That(machine.Accesses.Select(a => a.Address - first), Is.EqualTo(new ulong[] { 0, 256, 512, 768 }), text);
        Assert.That(text.Split('\n').Count(l => l.Contains("add.s32", StringComparison.Ordinal)), Is.EqualTo(1),
            $"one address for all:\n{text}");
    }

    [Test]
    public void Print_ConstantIndexOfSharedArray_IsNameAndNumber()
    {
        KernelBuilder k = new();
        Value tile = k.Array("tile", 4096);
        k.Keep(k.Element(tile, Constant.Of(5)), Constant.Of(1));
        k.Keep(k.Element(tile, Constant.Of(0L)), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Contain("[shared_tile + 20]").And.Contain("[shared_tile]").And.Not.Contain("mov.u32"));
    }

    [Test]
    public void Print_PartOfPart_AddsUp()
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        Parameter offset = k.Parameter(IrType.Int32, "offset");
        Register wide = k.Do(Opcode.Convert, Conversion.Signed, IrType.Int64, k.Add(offset, Constant.Of(6)));
        Register part = k.Do(Opcode.PartAddress, 4, IrType.GlobalPointer, x, wide, Constant.Of(50L), length);
        Register second = k.Do(Opcode.PartAddress, 4, IrType.GlobalPointer, part, Constant.Of(2L), Constant.Of(40L),
            Constant.Of(50L));
        Register field = k.Do(Opcode.AddressOffset, 4, IrType.GlobalPointer, k.Element(second, Constant.Of(1), 8));
        k.Keep(field, Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(text, Does.Contain("mul.wide.s32").And.Contain(" + 44]"), text);
        Assert.That(new PtxMachine(text).Run(Base, 1000, 3).Accesses[^1].Address, Is.EqualTo(Base + 4 * (3 + 6 + 2) + 8 + 4),
            text);
    }

    [Test]
    public void Print_ConstantBeyond32Bits_IsAdded()
    {
        KernelBuilder k = new();
        (Parameter x, Parameter length) = k.View("x");
        k.Keep(k.Element(x, Constant.Of(1L << 31), 16, length), Constant.Of(1));
        string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
        Assert.That(new PtxMachine(text).Run(Base, 1L << 32).Accesses[^1].Address, Is.EqualTo(Base + (16UL << 31)), text);
        Assert.That(text, Does.Contain("34359738368;"), text);
    }

    /// <summary>Random index expressions in every space and width, against the same arithmetic done here.</summary>
    [Test]
    public void Print_RandomIndices_AreAtTheirAddresses([Values] bool shared, [Values] bool wide)
    {
        const int Seed = 77;
        Random random = new(Seed);
        int compared = 0;
        for (int round = 0; round < 400; round++)
        {
            KernelBuilder k = new();
            (Parameter x, Parameter length) = k.View("x");
            IrType type = wide ? IrType.Int64 : IrType.Int32;
            (Parameter a, Parameter b) = (k.Parameter(type, "a"), k.Parameter(type, "b"));
            (long va, long vb) = (random.Next(-50, 1000), random.Next(-50, 1000));
            (Value index, long value) = Expression(k, random, type, [(a, va), (b, vb)], 4);
            if (value < 0 || value != (int)value) continue;
            int size = 4 << random.Next(3);
            Value origin = shared ? k.Array("tile", 1 << 16) : x;
            if (shared) k.Keep(origin, Constant.Of(0));
            k.Keep(k.Element(origin, index, size, length), Constant.Of(1));
            string text = PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
            PtxMachine machine =
                new PtxMachine(text).Run(Base, 1UL << 40, wide ? (ulong)va : (uint)va, wide ? (ulong)vb : (uint)vb);
            ulong start = shared ? machine.Accesses[0].Address : Base;
            ulong expected = start + (ulong)value * (ulong)size;
            Assert.That(machine.Accesses[^1].Address, Is.EqualTo(shared ? (uint)expected : expected),
                $"round {round}, seed {Seed}\n{text}");
            compared++;
        }
        Assert.That(compared, Is.GreaterThan(100));
    }

    private static (Value Value, long Number) Expression(KernelBuilder k, Random random, IrType type, (Value, long)[] leaves,
        int depth)
    {
        if (depth == 0 || random.Next(5) == 0)
        {
            if (random.Next(2) == 0) return leaves[random.Next(leaves.Length)];
            int constant = random.Next(-9, 20);
            return (new Constant(type, constant), constant);
        }
        (Value a, long va) = Expression(k, random, type, leaves, depth - 1);
        (Value b, long vb) = Expression(k, random, type, leaves, depth - 1);
        int shift = random.Next(5);
        return random.Next(4) switch
        {
            0 => (k.Do(Opcode.Subtract, null, type, a, b), va - vb),
            1 => (k.Do(Opcode.ShiftLeft, null, type, a, Constant.Of(shift)), va << shift),
            2 => (k.Multiply(a, new Constant(type, 3 + shift)), va * (3 + shift)),
            _ => (k.Add(a, b), va + vb),
        };
    }
}
