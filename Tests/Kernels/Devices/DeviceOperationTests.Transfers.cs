using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

// Memory and transfers.
public abstract partial class DeviceOperationTests
{
    [TestCase(1, 1, 1)]
    [TestCase(3, 1, 7)]
    [TestCase(5, 7, 1)]
    [TestCase(16, 4, 4)]
    [TestCase(17, 5, 4)]
    [TestCase(33, 9, 13)]
    [TestCase(64, 31, 33)]
    [TestCase(17, 32, 64)]
    public void FeatureMap_UploadedAndDownloaded_IsTheSame(int c, int h, int w)
    {
        float[] values = RandomValues.Floats(new Random(c), c * h * w);
        using GuardedArena arena = Arena();
        FeatureMap map = arena.Map(c, h, w);
        arena.Run(() => Device.Upload(values, map), arena.Of(map));
        ArrayComparison.AssertIdentical("map", values, arena.Read(map));
    }

    [TestCaseSource(nameof(Lengths))]
    public void Vector_UploadedAndDownloaded_IsTheSame(int length)
    {
        float[] values = RandomValues.Floats(new Random(length), length);
        using GuardedArena arena = Arena();
        DeviceVector vector = arena.Vector(length);
        arena.Run(() => Device.Upload(values, vector), GuardedArena.Of(vector));
        ArrayComparison.AssertIdentical("vector", values, arena.Read(vector));
    }

    [Test]
    public void Allocate_IsFilledWithZeros()
    {
        using DeviceMemory memory = Device.Allocate(1000 * sizeof(float));
        var values = RandomValues.Floats(new Random(1), 1000);
        Device.Download(new DeviceVector(memory, 0, 1000), values);
        Assert.That(values, Is.All.Zero);
        Assert.That(memory.Bytes, Is.EqualTo(4000));
    }

    [Test]
    public void Allocate_Nothing_IsAllowed() => Assert.That(() => Device.Allocate(0).Dispose(), Throws.Nothing);

    [TestCase(1, 1, 1)]
    [TestCase(3, 2, 5)]
    [TestCase(17, 31, 33)]
    [TestCase(17, 32, 64)]
    public void Sizes_AreMultiplesOf64AndLargeEnough(int c, int h, int w)
    {
        Assert.That(Device.FeatureMapBytes(c, h, w), Is.AtLeast(4L * c * h * w));
        Assert.That(Device.ReluBitsBytes(c, h, w) * 8, Is.AtLeast(c * h * w));
        Assert.That(Device.SwitchesBytes(c, h, w) * 4, Is.AtLeast(c * (h / 2) * (w / 2)));
        foreach (long bytes in new[] { Device.FeatureMapBytes(c, h, w), Device.ReluBitsBytes(c, h, w),
            Device.SwitchesBytes(c, h, w) })
            Assert.That(bytes % 64, Is.Zero);
    }

    [Test]
    public void Sizes_OfALargePicture_DoNotOverflow() =>
        Assert.That(Device.FeatureMapBytes(64, 16384, 16384), Is.AtLeast(64L * 16384 * 16384 * 4));

    [Test]
    public void Transfers_WrongLengths_ThrowArgumentException()
    {
        using GuardedArena arena = Arena();
        FeatureMap map = arena.Map(3, 4, 5);
        DeviceVector vector = arena.Vector(60);
        Refuses(() => Device.Upload(new float[59], map), "a value missing for a map");
        Refuses(() => Device.Download(map, new float[61]), "too much room for a map");
        Refuses(() => Device.Upload(new float[61], vector), "a value too many for a vector");
        Refuses(() => Device.Download(vector, new float[59]), "too little room for a vector");
        Refuses(() => Device.Download(vector with { Offset = (4 * MegaByte) - 64 }, new float[60]), "a view beyond its memory");
        Refuses(() => Device.Download(vector with { Offset = -64 }, new float[60]), "a view before its memory");
        Refuses(() => Device.Download(vector with { Offset = vector.Offset + 4 }, new float[60]),
            "an offset that is no multiple of 64");
        Refuses(() => Device.Upload(new float[60], map with { Offset = (4 * MegaByte) - 64 }), "a map beyond its memory");
        Refuses(() => Device.ReadScalars(scalars!, new double[ScalarCount + 1]), "more scalars than there are");
    }

    [Test]
    public void Name_SaysSomething() => Assert.That(Device.Name, Is.Not.Empty);
}
