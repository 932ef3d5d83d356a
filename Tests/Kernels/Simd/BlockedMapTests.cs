using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>Where the blocks of a map stand.</summary>
public unsafe class BlockedMapTests
{
    // 2,048 positions of 16 lanes are as large as a way of the second-level cache.
    private const int WayPositions = 2048;

    [TestCase(32, 64)]
    [TestCase(128, 128)]
    [TestCase(2, 3072)]
    [TestCase(1, 2048)]
    public void BlocksAsLargeAsACacheWay_StandApart_AndNoneOfAThousandMeets(int height, int width)
    {
        BlockedMap map = new(null, 1000, height, width);
        Assert.That(map.Step, Is.GreaterThan(map.Positions));
        HashSet<nint> places = [.. Enumerable.Range(0, map.Blocks).Select(block => block * map.Step % WayPositions)];
        Assert.That(places, Has.Count.EqualTo(map.Blocks));
    }

    [TestCase(1, 1)]
    [TestCase(31, 33)]
    [TestCase(32, 63)]
    [TestCase(1, 1024)]
    public void OtherBlocks_StandSideBySide(int height, int width)
    {
        BlockedMap map = new(null, 3, height, width);
        Assert.That(map.Step, Is.EqualTo(map.Positions));
        Assert.That(BlockedMap.Vectors(3, map.Positions), Is.EqualTo(3L * height * width));
    }

    [TestCase(3, 5)]
    [TestCase(32, 64)]
    public void LastVector_LiesWithinTheMapsSize_AndItsBitsWithinItsPositions(int height, int width)
    {
        const int Blocks = 5;
        BlockedMap map = new(null, Blocks, height, width);
        nint last = (nint)map.At<Simd512, Vector512<float>>(Blocks - 1, height - 1, width - 1);
        Assert.That((long)last / (Simd512.Lanes * sizeof(float)), Is.LessThan(BlockedMap.Vectors(Blocks, map.Positions)));
        Assert.That(map.Index(Blocks - 1, height - 1, width - 1), Is.EqualTo(Blocks * map.Positions - 1));
    }
}
