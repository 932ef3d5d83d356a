using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Quotients and remainders by a constant are those of C#, without a division.</summary>
public sealed class ConstantDivisionTests
{
    private static readonly int[] Divisors =
        [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 32, 100, 224, 641, 1 << 30, 0x40000001, int.MaxValue - 1, int.MaxValue];

    [Test]
    public void Print_SignedDivision_IsThatOfCSharp([ValueSource(nameof(Divisors))] int divisor)
    {
        string text = Text(IrType.Int32, Constant.Of(divisor), natural: false);
        Assert.That(text, Does.Not.Contain("div.").And.Not.Contain("rem."), text);
        foreach (int a in Numbers(divisor))
        {
            PtxMachine machine = new PtxMachine(text).Run(64, (uint)a);
            Assert.That((int)machine.Memory[("global", 64)], Is.EqualTo(a / divisor), $"{a} / {divisor}\n{text}");
            Assert.That((int)machine.Memory[("global", 72)], Is.EqualTo(a % divisor), $"{a} % {divisor}\n{text}");
        }
    }

    /// <summary>A number known not to be negative needs less: no sign is looked at.</summary>
    [Test]
    public void Print_NaturalDivision_IsThatOfCSharpWithoutSigns([ValueSource(nameof(Divisors))] int divisor)
    {
        string text = Text(IrType.Int32, Constant.Of(divisor), natural: true);
        Assert.That(text, Does.Not.Contain("div.").And.Not.Contain("rem.").And.Not.Contain("shr.s"), text);
        foreach (int a in Numbers(divisor).Where(a => a >= 0))
        {
            PtxMachine machine = new PtxMachine(text).Run(64, (uint)a);
            Assert.That((int)machine.Memory[("global", 64)], Is.EqualTo(a / divisor), $"{a} / {divisor}\n{text}");
            Assert.That((int)machine.Memory[("global", 72)], Is.EqualTo(a % divisor), $"{a} % {divisor}\n{text}");
        }
    }

    [Test]
    public void Print_LongDivisionByPowerOfTwo_IsThatOfCSharp([Values(1L, 2L, 16L, 1L << 40)] long divisor)
    {
        string text = Text(IrType.Int64, Constant.Of(divisor), natural: false);
        foreach (long a in new[] { 0, 1, -1, 15, -15, 16, -16, -17, long.MaxValue, long.MinValue, 1L << 41, -(1L << 40) })
        {
            PtxMachine machine = new PtxMachine(text).Run(64, (ulong)a);
            Assert.That((long)machine.Memory[("global", 64)], Is.EqualTo(a / divisor), $"{a} / {divisor}\n{text}");
            Assert.That((long)machine.Memory[("global", 72)], Is.EqualTo(a % divisor), $"{a} % {divisor}\n{text}");
        }
    }

    [TestCase(0), TestCase(-3)]
    public void Print_DivisorThatIsNotPositive_IsLeft(int divisor) =>
        Assert.That(Text(IrType.Int32, Constant.Of(divisor), natural: false), Does.Contain("div.s32").And.Contain("rem.s32"));

    [Test]
    public void Of_ThreadExpression_IsBetweenItsBounds()
    {
        KernelBuilder k = new();
        Register thread = k.ThreadX();
        ValueRanges ranges = new();
        Assert.That(ranges.Of(k.Add(k.Multiply(thread, Constant.Of(-4)), Constant.Of(7))), Is.EqualTo((7L - 4 * 1023, 7L)));
        Assert.That(ranges.Of(k.Do(Opcode.Remainder, null, IrType.Int32, k.Add(thread, Constant.Of(-5)), Constant.Of(4))),
            Is.EqualTo((-3L, 3L)));
        Register row = k.Do(Opcode.Special, SpecialRegister.GroupX, IrType.Int32);
        Assert.That(ranges.Of(k.Multiply(row, Constant.Of(64))), Is.EqualTo(((long)int.MinValue, (long)int.MaxValue)),
            "it may wrap");
    }

    private static string Text(IrType type, Constant divisor, bool natural)
    {
        KernelBuilder k = new();
        Parameter p = k.Parameter(IrType.GlobalPointer, "p");
        Value a = k.Parameter(type, "a");
        if (natural) a = k.Do(Opcode.And, null, type, a, Constant.Of(int.MaxValue));
        k.Keep(p, k.Do(Opcode.Divide, null, type, a, divisor));
        k.Keep(k.Do(Opcode.AddressOffset, 8, IrType.GlobalPointer, p), k.Do(Opcode.Remainder, null, type, a, divisor));
        return PtxPrinter.Print(k.Return(), PtxTarget.Sm70);
    }

    private static IEnumerable<int> Numbers(int divisor)
    {
        Random random = new(divisor);
        foreach (int multiple in new[] { 0, 1, 2, int.MaxValue / divisor })
            for (int near = -1; near <= 1; near++)
            {
                yield return unchecked(multiple * divisor + near);
                yield return unchecked(-multiple * divisor + near);
            }
        foreach (int extreme in new[] { int.MinValue, int.MinValue + 1, int.MaxValue, int.MaxValue - 1 }) yield return extreme;
        for (int i = 0; i < 50; i++) yield return random.Next(int.MinValue, int.MaxValue) >> random.Next(31);
    }
}
