using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// The ways to write down a launch's shape.
public class KernelConfigTests
{
    [Test]
    public void KernelConfig_FromPairs_FillsMissingDimensionsWithOne()
    {
        AssertShape((3, 64), (3, 1, 1), (64, 1, 1));
        AssertShape((new Index2D(3, 4), new Index2D(16, 8)), (3, 4, 1), (16, 8, 1));
        AssertShape((new Index3D(3, 4, 5), new Index3D(16, 8, 2)), (3, 4, 5), (16, 8, 2));
        AssertShape(new KernelConfig((Index1D)3, 64), (3, 1, 1), (64, 1, 1));
        AssertShape(new KernelConfig(new Index2D(3, 4), new Index2D(16, 8)), (3, 4, 1), (16, 8, 1));
    }

    [Test]
    public void KernelConfig_DynamicSharedMemory_IsBytesOfTheElements()
    {
        Assert.That(new KernelConfig((Index1D)3, 64).SharedMemoryConfig.Bytes, Is.Zero);
        Assert.That(new KernelConfig((Index1D)3, 64, SharedMemoryConfig.RequestDynamic<double>(10)).SharedMemoryConfig.Bytes,
            Is.EqualTo(80));
        Assert.That(() => SharedMemoryConfig.RequestDynamic<double>(int.MaxValue), Throws.InstanceOf<OverflowException>());
    }

    [Test]
    public void Index_ConvertsToAndFromNumbers()
    {
        Index1D index = 7;
        int number = index;
        Assert.That((index.X, number, new Index3D(2, 3, 4).LongSize), Is.EqualTo((7, 7, 24L)));
        Assert.That(new Index3D(65536, 65536, 65536).LongSize, Is.EqualTo(1L << 48));
    }

    private static void AssertShape(KernelConfig config, (int, int, int) grid, (int, int, int) group)
    {
        Assert.That((config.GridDim.X, config.GridDim.Y, config.GridDim.Z), Is.EqualTo(grid));
        Assert.That((config.GroupDim.X, config.GroupDim.Y, config.GroupDim.Z), Is.EqualTo(group));
    }
}
