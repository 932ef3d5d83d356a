using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <content>Refs to variables that hold views.</content>
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

    private static void RefsToViews(ArrayView<int> x, ArrayView<int> y, int n)
    {
        ArrayView<int> view = x;
        view[0] += 10;
        view = x.SubView(1);
        view[0] += 20;
        view = y;
        ref ArrayView<int> same = ref view;
        same[0] += 300;
        for (int i = 0; i < n; i++)
        {
            ArrayView<int> part = y.SubView(1 + i);
            ref ArrayView<int> rest = ref part;
            rest[0] += 40;
        }
    }
}
