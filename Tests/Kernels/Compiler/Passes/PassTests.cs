using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Passes;

/// <summary>What each pass is there for, seen in the kernel that comes out.</summary>
internal sealed class PassTests
{
    private static Instruction[] All(Kernel kernel) => [.. kernel.Blocks.SelectMany(b => b.Instructions)];

    private static int Count(Kernel kernel, params Opcode[] opcodes) => All(kernel).Count(i => opcodes.Contains(i.Opcode));

    private static bool HasLoop(Kernel kernel) => kernel.Blocks.Any(b => b.Successors.Any(s => s.Id <= b.Id));

    private static Kernel Compile(Action<ArrayView<float>, int> kernel) => VerifiedCompilation.Compile(kernel);

    [Test]
    public void Index_OfUnrolledAccesses_IsACommonPartAndAConstant()
    {
        Kernel kernel = Compile(CommonIndex);
        Assert.That(Count(kernel, Opcode.Multiply), Is.EqualTo(1), "n·96, once");
        Assert.That(kernel.Blocks, Has.Count.EqualTo(1));
    }

    private static void CommonIndex(ArrayView<float> x, int n)
    {
        for (int i = 0; i < 3; i++)
            for (int j = 0; j < 4; j++) x[((n + i) * 12 + j) * 8] = 1;
    }

    [Test]
    public void Loops_OfConstantTrip_Triangular_AndNested_AreWrittenOut()
    {
        Kernel kernel = Compile(Triangle);
        Assert.That(kernel.Blocks, Has.Count.EqualTo(1));
        Assert.That(Count(kernel, Opcode.Store), Is.EqualTo(10));
    }

    private static void Triangle(ArrayView<float> x, int n)
    {
        for (int i = 0; i < 4; i++)
            for (int j = i; j >= 0; j--) x[i * n + j] = i;
    }

    [Test]
    public void Loops_WithContinue_AreWrittenOut()
    {
        foreach (Action<ArrayView<float>, int> loop in new[] { ForWithContinue, WhileWithContinue })
        {
            Kernel kernel = Compile(loop);
            Assert.That(HasLoop(kernel), Is.False, IrPrinter.Print(kernel));
            Assert.That(Count(kernel, Opcode.Store), Is.EqualTo(4));
        }
        Assert.That(HasLoop(Compile(WhileWithTwoSteps)), Is.True, "how often it goes round depends on data");
    }

    private static void ForWithContinue(ArrayView<float> x, int n)
    {
        for (int i = 0; i < 4; i++)
        {
            if (x[i] > 0) continue;
            x[i] = n;
        }
    }

    private static void WhileWithContinue(ArrayView<float> x, int n)
    {
        int i = 0;
        while (i < 4)
        {
            i++;
            if (x[i] > 0) continue;
            x[i] = n;
        }
    }

    private static void WhileWithTwoSteps(ArrayView<float> x, int n)
    {
        int i = 0;
        while (i < 4)
        {
            i++;
            if (x[i] > 0) continue;
            x[i] = n;
            i++;
        }
    }

    [Test]
    public void Loop_OfTooManyRounds_StaysALoop()
    {
        Kernel kernel = Compile(TooManyRounds);
        Assert.That(Count(kernel, Opcode.Store), Is.EqualTo(1));
        Assert.That(HasLoop(kernel), Is.True);
    }

    private static void TooManyRounds(ArrayView<float> x, int n)
    {
        for (int i = 0; i < 1025; i++) x[i] = n;
    }

    [Test]
    public void Loop_OfTooManyInstructions_StaysALoop_ButInnerOnesAreWrittenOut()
    {
        Kernel kernel = Compile(TooManyInstructions);
        Assert.That(Count(kernel, Opcode.Store), Is.EqualTo(100));
        Assert.That(HasLoop(kernel), Is.True);
    }

    private static void TooManyInstructions(ArrayView<float> x, int n)
    {
        for (int i = 0; i < 1000; i++)
            for (int j = 0; j < 100; j++) x[i * 100 + j] = n;
    }

    [Test]
    public void Loop_WhoseBoundIsData_StaysALoop()
    {
        Kernel kernel = Compile(DataBound);
        Assert.That(HasLoop(kernel), Is.True);
    }

    private static void DataBound(ArrayView<float> x, int n)
    {
        for (int i = 0; i < n; i++) x[i] = 1;
    }

    [Test]
    public void ProductsAndSums_AreFused_WhereTheProductIsUsedOnce()
    {
        Kernel kernel = Compile(Fusing);
        Assert.That(Count(kernel, Opcode.FusedMultiplyAdd), Is.EqualTo(3));
        Assert.That(Count(kernel, Opcode.Multiply), Is.EqualTo(1), "the product that is used twice");
        Assert.That(Count(kernel, Opcode.Negate), Is.EqualTo(1), "c − a·b = c + (−a)·b");
    }

    private static void Fusing(ArrayView<float> x, int n)
    {
        float a = x[0];
        float b = x[1];
        float c = x[2];
        x[3] = a * b + c;
        x[4] = c - a * c;
        x[5] = b * b - 3f;
        float twice = c * c;
        x[6] = twice + a;
        x[7] = twice + b;
    }

    [Test]
    public void EqualComputations_AreDoneOnce_AlsoInDominatedBlocks_ButNotAcrossBranches()
    {
        Kernel kernel = Compile(Common);
        Assert.That(Count(kernel, Opcode.Sqrt), Is.EqualTo(3),
            "one above both branches, one in each of two that do not see each other");
    }

    private static void Common(ArrayView<float> x, int n)
    {
        float a = x[0];
        float b = x[1];
        x[2] = MathF.Sqrt(a);
        if (n > 0)
        {
            x[3] = MathF.Sqrt(a);
            x[4] = MathF.Sqrt(b);
            x[5] = 1 + MathF.Sqrt(b);
        }
        else
        {
            x[6] = MathF.Sqrt(a);
            x[7] = MathF.Sqrt(b);
        }
    }

    [Test]
    public void WhatNothingUses_IsGone()
    {
        Kernel kernel = Compile(Unused);
        Assert.That(All(kernel).Select(i => i.Opcode), Is.EqualTo(new[] { Opcode.Return }));
        Assert.That(kernel.Arrays, Is.Empty);
    }

    private static void Unused(ArrayView<float> x, int n)
    {
        ArrayView<float> local = LocalMemory.Allocate<float>(4);
        float a = x[0] * 2;
        local[1] = a;
        if (n > 3) a = x[1];
        for (int i = 0; i < 4; i++) a += i;
        _ = SharedMemory.Allocate<float>(5);
    }

    [Test]
    public void ConditionsOnConstants_LeaveNoBranch()
    {
        Kernel kernel = Compile(Folded);
        Assert.That(kernel.Blocks, Has.Count.EqualTo(1));
        Assert.That(Count(kernel, Opcode.Store), Is.EqualTo(1));
    }

    private static void Folded(ArrayView<float> x, int n)
    {
        const int Rows = 4;
        int m = n - n + Rows;
        if (m == 4 && n * 0 == 0) x[0] = 1;
        else x[1] = 2;
        if ((m & 3) != 0) x[2] = 3;
    }

    [Test]
    public void TruthValues_StayPredicates()
    {
        Kernel kernel = Compile(Predicates);
        Assert.That(Count(kernel, Opcode.Convert), Is.Zero);
        Assert.That(Count(kernel, Opcode.Compare), Is.EqualTo(2));
    }

    private static void Predicates(ArrayView<float> x, int n)
    {
        bool positive = n > 0;
        bool even = (n & 1) == 0;
        if (positive & even) x[0] = 1;
        if (!(positive | even)) x[1] = 2;
    }

    [Test]
    public void ShortChoices_AreSelections_ButNothingIsLoadedNeedlessly()
    {
        Kernel kernel = Compile(Choices);
        Assert.That(Count(kernel, Opcode.ConditionalBranch), Is.EqualTo(1), "only around the load");
        Assert.That(Count(kernel, Opcode.Select), Is.EqualTo(1), "the larger one");
        Assert.That(Count(kernel, Opcode.Convert), Is.EqualTo(2),
            "its place, as 0 or 1, as a float; the other truth values stay predicates");
        Block loads = kernel.Blocks.Single(b => b.Instructions.Any(i => i.Opcode == Opcode.Load && b.Predecessors.Count == 1));
        Assert.That(loads.Predecessors[0].Terminator.Opcode, Is.EqualTo(Opcode.ConditionalBranch));
        Assert.That(VerifiedCompilation.Compile((Action<ArrayView<float>, int>)Divided).Blocks, Has.Count.EqualTo(3),
            "a division may be by zero");
    }

    private static void Choices(ArrayView<float> x, int n)
    {
        bool inside = n >= 0 && n < 100 && (n & 3) != 2;
        float a = x[0];
        float b = x[1];
        float largest = a;
        int place = 0;
        if (b > a)
        {
            largest = b;
            place = 1;
        }
        x[2] = largest + place;
        x[3] = inside ? x[n] : 0f;
    }

    private static void Divided(ArrayView<float> x, int n)
    {
        int quotient = 0;
        if (n != 0) quotient = 100 / n;
        x[0] = quotient;
    }

    [Test]
    public void UnsignedNumbers_BecomeFloatsWithoutDoubles()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<float>, uint>)UnsignedToFloat);
        Assert.That(All(kernel).Any(i => i.Results.Any(r => r.Type == IrType.Float64)), Is.False);
    }

    private static void UnsignedToFloat(ArrayView<float> x, uint n) => x[0] = n;

    [Test]
    public void Registers_HaveTheNamesOfVariables()
    {
        Kernel kernel = Compile(Names);
        string[] names = [.. All(kernel).SelectMany(i => i.Results).Select(r => r.Name!).Where(n => n is not null)];
        Assert.That(names, Does.Contain("first").And.Contains("scaled").And.Contains("sum"));
    }

    private static void Names(ArrayView<float> x, int n)
    {
        float first = x[0];
        float sum = 0;
        for (int i = 0; i < n; i++) sum += Twice(x[i]);
        x[1] = first * sum;
    }

    private static float Twice(float value)
    {
        float scaled = value * 2;
        return scaled / (3 + scaled);
    }
}
