using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Addresses, contents and the account of the checker's memory.</summary>
public class SimtMemoryTests
{
    [Test]
    public void Allocate_SeveralPieces_CountsFromOneAndIsZero()
    {
        using SimtMemory memory = new();
        long a = memory.Allocate(1000, "a"), b = memory.Allocate(0, "b"), c = memory.Allocate(24, "c");
        Assert.That((a, b, c), Is.EqualTo((1L << 40, 2L << 40, 3L << 40)));
        Assert.That(memory.Bytes(a, 1000).IndexOfAnyExcept((byte)0), Is.EqualTo(-1));
        Assert.That((memory.BytesInUse, memory.PeakBytes, memory.Count), Is.EqualTo((1024, 1024, 3)));
    }

    [Test]
    public void Free_ThenAllocate_KeepsTheAccountAndNeverTheNumber()
    {
        using SimtMemory memory = new();
        long a = memory.Allocate(1000, "a");
        memory.Free(a);
        Assert.That((memory.BytesInUse, memory.PeakBytes, memory.Count), Is.EqualTo((0, 1000, 0)));
        Assert.That(memory.Allocate(10, "b"), Is.EqualTo(2L << 40));
        Assert.That((memory.BytesInUse, memory.PeakBytes), Is.EqualTo((10, 1000)));
        Assert.That(() => memory.Free(a), Throws.ArgumentException.With.Message.Contains("'a' was freed before"));
        Assert.That(() => memory.Bytes(a, 1), Throws.ArgumentException.With.Message.Contains("'a' was freed"));
    }

    [Test]
    public void Bytes_Outside_Throws()
    {
        using SimtMemory memory = new();
        long a = memory.Allocate(16, "a");
        memory.Bytes(a + 4, 12)[11] = 7;
        Assert.That(memory.Bytes(a, 16)[15], Is.EqualTo(7));
        Assert.That(() => memory.Bytes(a + 4, 13),
            Throws.ArgumentException.With.Message.Contains("13 bytes from 4 on do not lie in the 16 bytes of 'a'"));
        Assert.That(() => memory.Bytes(0, 1), Throws.ArgumentException);
        Assert.That(() => memory.Bytes(5L << 40, 1), Throws.ArgumentException);
        Assert.That(() => memory.Free(a + 4), Throws.ArgumentException);
        Assert.That(() => memory.Allocate(-1, "less"), Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Stamps_WhenUsedUp_BeginAnewWithoutFalseRaces()
    {
        using SimtRig rig = new();
        (long, long) a = rig.Buffer<int>("a", new int[64]);
        var kernel = SimtRig.Compile(Reverse);
        rig.Launch(kernel, new Index3D(2, 1, 1), new Index3D(32, 1, 1), a);
        (uint epoch, uint group) = rig.Memory.BeginLaunch(0xE000_0000);
        rig.Memory.EndLaunch(0xF800_0000);
        Assert.That((epoch, group), Is.Not.EqualTo((1u, 1u)));
        rig.Launch(kernel, new Index3D(2, 1, 1), new Index3D(32, 1, 1), a);
        Assert.That(rig.Memory.BeginLaunch(1).Group, Is.EqualTo(3));
        Assert.That(rig.Read<int>(a)[..2], Is.EqualTo((int[])[2, 2]));
    }

    private static void Reverse(ArrayView<int> a)
    {
        int i = Grid.IdxX * 32 + Group.IdxX;
        a[i] += 1;
    }
}
