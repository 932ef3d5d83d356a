using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <content>Refs to variables that hold views.</content>
internal unsafe partial class RefusedKernels
{
    internal struct TwoViews
    {
        public ArrayView<int> First;
        public ArrayView<int> Second;
    }

    [Refused("a store to 'view', which holds a view, after a ref was made to it", "another variable", after: 5)]
    public static void RefToAViewThatIsStored(ArrayView<int> x, ArrayView<int> y)
    {
        ArrayView<int> view = x;
        ref ArrayView<int> same = ref view;
        view = y;
        same[0] = view.IntLength;
        same[1] = 2;
    }

    [Refused("a store to 'view'", "the variable itself", after: 7)]
    public static void RefToAViewThatIsStoredInALoop(ArrayView<int> x, ArrayView<int> y, int n)
    {
        ArrayView<int> view = x;
        ref ArrayView<int> same = ref view;
        for (int i = 0; i < n; i++)
        {
            view = y.SubView(i);
            same[0] = i + view.IntLength;
        }
    }

    [Refused("a store to 'view'", "another variable", after: 4)]
    public static void ViewStoredWhileItIsIndexed(ArrayView<int> x, ArrayView<int> y)
    {
        ArrayView<int> view = x;
        view[(view = y).IntLength - 1] = 3;
    }

    [Refused("a store to 'views'", "another variable", after: 5)]
    public static void RefToAFieldOfAStructThatIsStored(ArrayView<int> x, ArrayView<int> y)
    {
        TwoViews views = new() { First = x, Second = y };
        ref ArrayView<int> first = ref views.First;
        views = new() { First = y, Second = x };
        first[0] = views.First.IntLength;
    }
}
