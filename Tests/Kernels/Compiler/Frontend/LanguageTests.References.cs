using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <content>Variables that hold views: refs to them, and names of arrays.</content>
internal sealed partial class LanguageTests
{
    [Test]
    public void RefsToViews_ThatAreNotStoredWhileTheyStand_AreTheVariable()
    {
        int[] x = [1, 2, 3, 4], y = [5, 6, 7, 8];
        OneThread.Run(RefsToViews, x, y, 3);
        Assert.That(x, Is.EqualTo(new[] { 1 + 10, 2 + 20, 3, 4 }));
        Assert.That(y, Is.EqualTo(new[] { 5 + 300, 6 + 40, 7 + 40, 8 + 40 }));
    }

    [Test]
    public void Arrays_AreNamedAfterTheFirstVariableThatHoldsThem()
    {
        Kernel kernel = VerifiedCompilation.Compile((Action<ArrayView<float>, int>)NamedArrays);
        Assert.That(kernel.Arrays.Select(a => a.Name), Is.EqualTo(new[] { "tile", "sums", "sums2", "shared3" }));
        string ptx = PtxPrinter.Print(kernel, PtxTarget.Sm70);
        Assert.That(ptx, Does.Contain(".shared .align 16 .b8 shared_tile[128];").And.Contain(" local_sums2[16];"));
    }

    private static void NamedArrays(ArrayView<float> x, int n)
    {
        ArrayView1D<float, Stride1D.Dense> tile = SharedMemory.Allocate1D<float>(32);
        ArrayView<float> same = tile;
        same[n] = Sum(x, n) + Sum(x, n + 1);
        SharedMemory.Allocate<float>() = tile[n];
        x[n] = tile[n];
    }

    private static float Sum(ArrayView<float> x, int n)
    {
        ArrayView<float> sums = LocalMemory.Allocate<float>(4);
        for (int i = 0; i < 4; i++) sums[i] = x[i];
        return sums[n];
    }

    private static void RefsToViews(ArrayView<int> x, ArrayView<int> y, int n)
    {
        ArrayView<int> view = x;
        view[0] += 10;
        view = x.SubView(1);
        view[0] += 20;
        view = y;
        ref ArrayView<int> same = ref view;
        for (int i = 0; i < n; i++)
        {
            same[0] += 100;
            ArrayView<int> part = y.SubView(1 + i);
            ref ArrayView<int> rest = ref part;
            rest[0] += 40;
        }
    }
}
