using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Tests.Kernels.Devices;

// 2×2 pooling.
public abstract partial class DeviceOperationTests
{
    private static readonly (int C, int H, int W)[] PoolShapes =
        [(1, 2, 2), (3, 2, 2), (5, 3, 5), (8, 5, 4), (16, 4, 4), (17, 2, 9), (32, 9, 2), (33, 8, 8), (64, 17, 16), (24, 31, 33),
            (3, 6, 70), (5, 7, 12), (2, 4, 132), (17, 64, 128)];

    private static IEnumerable<TestCaseData> PoolCases() =>
        from s in PoolShapes
        from pooling in new[] { Pooling.Max, Pooling.Average }
        select new TestCaseData(s.C, s.H, s.W, pooling).SetArgDisplayNames($"C{s.C} {s.H}x{s.W} {pooling}");

    [TestCaseSource(nameof(PoolCases))]
    public void PoolForward_MatchesReference(int c, int h, int w, Pooling pooling)
    {
        using GuardedArena arena = Arena();
        FeatureMap x = arena.Map(c, h, w, RandomValues.Floats(new Random(c + h * w), c * h * w)), y = arena.Map(c, h / 2, w / 2);

        arena.Run(() => Device.PoolForward(x, y, pooling, DeviceBytes.None), arena.Of(y));

        double[] expected = Pool2x2Reference.Forward(arena.Read(x).ToDouble(), c, h, w, pooling, null);
        Tolerance tolerance = pooling == Pooling.Max ? new(0, "the largest of four is one of them") : new(ElementError,
            "values up to 1");
        ArrayComparison.AssertClose("y", expected, arena.Read(y), tolerance, [c, h / 2, w / 2]);
    }

    [TestCaseSource(nameof(PoolCases))]
    public void PoolBackward_MatchesReference(int c, int h, int w, Pooling pooling)
    {
        foreach (bool accumulate in new[] { false, true })
            foreach (bool masked in new[] { false, true })
            {
                using GuardedArena arena = Arena();
                var random = new Random(c + h * w + 1);
                (FeatureMap x, DeviceBytes bits, bool[] passed) = Rectified(arena, c, h, w, random);
                CheckPoolBackward(arena, x, pooling, masked ? bits : DeviceBytes.None, masked ? passed : null, accumulate,
                    random);
            }
    }

    [TestCase(1, 2, 2)]
    [TestCase(16, 9, 13)]
    [TestCase(33, 8, 70)]
    public void PoolBackward_ExactTies_GoToTheFirstInRowOrder(int c, int h, int w)
    {
        // Three levels, negative ones too: most windows have two or more equal largest values.
        var random = new Random(c);
        float[] levels = Array.ConvertAll(RandomValues.Uniform(random, c * h * w, 0, 3), v => (float)Math.Floor(v) - 1);
        using GuardedArena arena = Arena();
        CheckPoolBackward(arena, arena.Map(c, h, w, levels), Pooling.Max, DeviceBytes.None, null, accumulate: false, random);
    }

    [Test]
    public void Pool_WrongShapes_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        FeatureMap x = arena.Map(3, 5, 6), y = arena.Map(3, 2, 3), ceiling = arena.Map(3, 3, 3), thin = arena.Map(3, 1, 6),
            deep = arena.Map(4, 2, 3);
        DeviceBytes none = DeviceBytes.None;
        Refuses(() => Device.PoolForward(x, ceiling, Pooling.Max, none), "an output rounded up");
        Refuses(() => Device.PoolForward(x, deep, Pooling.Max, none), "another number of channels");
        Refuses(() => Device.PoolForward(thin, y, Pooling.Average, none), "an input of one row");
        Refuses(() => Device.PoolBackward(ceiling, x, Pooling.Average, none, none, false), "an output rounded up, backward");
        Refuses(() => Device.PoolBackward(y, x, Pooling.Max, none, none, false), "max pooling backward without switches");
    }

    private void CheckPoolBackward(GuardedArena arena, FeatureMap x, Pooling pooling, DeviceBytes bits, bool[]? passed,
        bool accumulate,
        Random random)
    {
        (int c, int h, int w) = (x.Channels, x.Height, x.Width);
        int outputs = c * (h / 2) * (w / 2);
        FeatureMap y = arena.Map(c, h / 2, w / 2), dY = arena.Map(c, h / 2, w / 2, RandomValues.Floats(random, outputs));
        FeatureMap dX = arena.Map(c, h, w, accumulate ? RandomValues.Floats(random, c * h * w) : null);
        long switchBytes = Device.SwitchesBytes(c, h, w);
        DeviceBytes switches = pooling == Pooling.Max ? arena.Bytes(switchBytes) : DeviceBytes.None;
        double[] expected = accumulate ? arena.Read(dX).ToDouble() : new double[c * h * w];
        var chosen = new int[outputs];
        Pool2x2Reference.Forward(arena.Read(x).ToDouble(), c, h, w, pooling, chosen);
        Pool2x2Reference.Backward(arena.Read(dY).ToDouble(), c, h, w, pooling, chosen, expected, passed, accumulate);

        if (pooling == Pooling.Max)
            arena.Run(() => Device.PoolForward(x, y, pooling, switches), arena.Of(y), GuardedArena.Of(switches, switchBytes));
        arena.Run(() => Device.PoolBackward(dY, dX, pooling, switches, bits, accumulate), arena.Of(dX));

        string what = $"dX, accumulate {accumulate}, masked {passed is not null}";
        ArrayComparison.AssertClose(what, expected, arena.Read(dX),
            new Tolerance(2 * ElementError, "a sum of two values up to 1"), [c, h, w]);
        if (passed is not null) AssertZeroWhere(passed, arena.Read(dX));
    }
}
