using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Reading the disassembler's text.</summary>
public sealed class SassTests
{
    private const string Text = """
        .text.k:
                //## File "/src/K.cs", line 7
                /*0000*/                   MOV R1, c[0x0][0x28] ;
                /*0010*/              @!P0 BRA `(.L_x_2) ;
        .L_x_0:
                //## File "/src/K.cs", line 9
                /*0020*/                   LDG.E.128 R4, [R2.64] ;
        .L_x_1:
                /*0030*/                   LDS.128 R8, [R3+0x10] ;
                /*0040*/                   LDS.64 R12, [R3] ;
                /*0050*/                   LDS R14, [R3] ;
                /*0060*/                   FFMA R5, R8, R12, R5 ;
                /*0070*/                   FFMA.FTZ R6, R9, R12, R6 ;
                /*0080*/                   LDS.U8 R14, [R3] ;
                /*0090*/              @P1  BRA `(.L_x_1) ;
                /*00a0*/             @UP1  UIADD3 UR4, UR4, 0x1, URZ ;
                /*00b0*/               @P2 BRA `(.L_x_0) ;
                /*00c0*/                   STL [R1], R5 ;
        .L_x_2:
                /*00d0*/                   EXIT ;
        .L_x_3:
                /*00e0*/                   BRA `(.L_x_3);
        """;

    [Test]
    public void InnerLoop_NestedLoops_IsTheInnerOne()
    {
        SassCount loop = Sass.Parse(Text).InnerLoop()!;
        Assert.That(loop.Total, Is.EqualTo(7), loop.ToString());
        Assert.That(loop.FloatMultiplyAdds, Is.EqualTo(2));
        Assert.That((loop.SharedLoads(), loop.SharedLoads(16), loop.SharedLoads(8), loop.SharedLoads(4), loop.SharedLoads(1)),
            Is.EqualTo((4, 1, 1, 1, 1)));
        Assert.That((loop.GlobalLoads(), loop.LocalAccesses), Is.EqualTo((0, 0)));
    }

    [Test]
    public void Count_Kernel_CountsEveryInstructionByKind()
    {
        SassCount all = Sass.Parse(Text).Count();
        Assert.That((all.Total, all.GlobalLoads(16), all.LocalAccesses, all.Of("BRA"), all.Of("UIADD3")),
            Is.EqualTo((15, 1, 1, 4, 1)));
        Assert.That(all.ByOperation[0], Is.EqualTo(("BRA", 4)));
    }

    [Test]
    public void Parse_Lines_BelongToWhatFollows()
    {
        Sass sass = Sass.Parse(Text);
        Assert.That((sass.Instructions[0].File, sass.Instructions[0].Line), Is.EqualTo(("/src/K.cs", 7)));
        Assert.That(sass.Instructions[4].Line, Is.EqualTo(9));
        Assert.That((sass.Instructions[2].Address, sass.Instructions[2].Width), Is.EqualTo((0x20, 16)));
    }

    [Test]
    public void InnerLoop_NoMultiplyAdd_IsNone() =>
        Assert.That(Sass.Parse(Text.Replace("FFMA", "FADD", StringComparison.Ordinal)).InnerLoop(), Is.Null);
}
