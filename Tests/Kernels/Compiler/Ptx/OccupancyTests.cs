using GatysGpu.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Occupancy against NVIDIA's own calculator (the spreadsheet of CUDA 11) and by hand.</summary>
public sealed class OccupancyTests
{
    // 128 registers · 256 threads = 32,768: two groups fill the 65,536. 33 registers are given out as 40: 1,280 a warp, 12 warps
    // a partition. 48 KiB + 1 KiB of 164 KiB: 3 groups. 32 groups of one warp are all that 8.0 takes, 16 on 8.6.
    [TestCase("sm_80", 128, 0, 256, 2, 16, "registers")]
    [TestCase("sm_80", 32, 0, 256, 8, 64, "warps")]
    [TestCase("sm_80", 33, 0, 256, 6, 48, "registers")]
    [TestCase("sm_80", 32, 49152, 128, 3, 12, "shared memory")]
    [TestCase("sm_70", 32, 49152, 128, 2, 8, "shared memory")]
    [TestCase("sm_80", 16, 0, 32, 32, 32, "groups")]
    [TestCase("sm_86", 16, 0, 32, 16, 16, "groups")]
    [TestCase("sm_86", 40, 0, 256, 6, 48, "warps")]
    [TestCase("sm_89", 255, 0, 256, 1, 8, "registers")]
    [TestCase("sm_90", 64, 232448, 1024, 1, 32, "registers")]
    [TestCase("sm_90", 255, 0, 512, 0, 0, "registers")]
    [TestCase("sm_86", 32, 102400, 128, 0, 0, "shared memory")]
    public void Of_Kernel_IsTheCalculators(string target, int registers, int shared, int threads, int groups, int warps,
        string limit)
    {
        Occupancy occupancy = Occupancy.Of(PtxTarget.Parse(target)!.Value, registers, shared, threads);
        Assert.That((occupancy.Groups, occupancy.Warps, occupancy.Limit), Is.EqualTo((groups, warps, limit)));
        Assert.That(occupancy.Share, Is.EqualTo((double)warps / (target == "sm_86" || target == "sm_89" ? 48 : 64))
            .Within(1e-12));
    }

    [Test]
    public void Of_TooManyThreads_IsRefused() =>
        Assert.That(() => Occupancy.Of(PtxTarget.Sm80, 32, 0, 1025), Throws.TypeOf<ArgumentOutOfRangeException>());

    [Test]
    public void Of_EveryTarget_HasLimits([Range(0, 5)] int index) =>
        Assert.That(Occupancy.Of(PtxTarget.All[index], 32, 1024, 128).Groups, Is.GreaterThan(0));
}
