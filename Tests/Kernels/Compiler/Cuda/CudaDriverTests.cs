using GatysGpu.Kernels.Compiler.Cuda;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

[NonParallelizable]
public class CudaDriverTests
{
    [Test]
    public void TryLoad_OnThisMachine_DoesNotThrow()
    {
        bool loaded = CudaDriver.TryLoad(out CudaDriver? driver, out string reason);

        Assert.That(driver is not null, Is.EqualTo(loaded));
        Assert.That(reason.Length == 0, Is.EqualTo(loaded));
        if (loaded) Assert.That(driver!.Devices, Is.Not.Empty);
    }

    [Test]
    public void TryLoad_NoSuchLibrary_SaysThatThereIsNoDriverAndWhatToDo()
    {
        Assert.That(CudaDriver.TryLoad("libno_such_driver.so.1", out CudaDriver? driver, out string reason), Is.False);

        Assert.That(driver, Is.Null);
        Assert.That(reason, Does.StartWith("there is no NVIDIA driver: libno_such_driver.so.1 cannot be loaded ("));
        Assert.That(reason, Does.EndWith("install its driver."));
        Assert.That(reason, Does.Not.Contain("\n"));
    }

    [Test]
    public void TryLoad_FileThatIsNoLibrary_SaysSo()
    {
        string file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "no library");

            Assert.That(CudaDriver.TryLoad(file, out _, out string reason), Is.False);

            Assert.That(reason, Does.Contain(file).And.Contain("cannot be loaded"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Test]
    public void TryLoad_DriverWithoutAnEntryPoint_NamesItAndBothVersions()
    {
        DriverStub stub = DriverStub.TooOld();
        stub.Version(11020);

        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.False);

        Assert.That(driver, Is.Null);
        Assert.That(reason, Is.EqualTo($"the NVIDIA driver lacks {DriverStub.MissingEntry}: it serves CUDA 11.2, and CUDA 11.4 or newer "
            + "is needed. Update the NVIDIA driver."));
    }

    [Test]
    public void TryLoad_DriverThatReportsNoDevice_GivesItsWords()
    {
        DriverStub stub = DriverStub.Fresh();
        stub.Devices(-1);

        Assert.That(CudaDriver.TryLoad(stub.Path, out _, out string reason), Is.False);

        Assert.That(reason, Does.Contain("cuInit").And.Contain("no CUDA-capable device is detected (CUDA_ERROR_NO_DEVICE, 100)"));
    }

    [Test]
    public void TryLoad_DriverWithZeroDevices_SaysSo()
    {
        DriverStub stub = DriverStub.Fresh();
        stub.Devices(0);

        Assert.That(CudaDriver.TryLoad(stub.Path, out _, out string reason), Is.False);

        Assert.That(reason, Does.Contain("finds no device").And.Contain("CUDA_VISIBLE_DEVICES"));
    }

    [TestCase("cuInit")]
    [TestCase("cuDriverGetVersion")]
    [TestCase("cuDeviceGetCount")]
    [TestCase("cuDeviceGet")]
    [TestCase("cuDeviceGetName")]
    [TestCase("cuDeviceGetAttribute")]
    [TestCase("cuDeviceTotalMem_v2")]
    public void TryLoad_CallThatFails_IsTheReasonAndNotAnException(string call)
    {
        DriverStub stub = DriverStub.Fresh();
        stub.Fail(call, 1, 999);

        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.False);

        Assert.That(driver, Is.Null);
        Assert.That(reason, Does.Contain(call + ":").And.Contain("unknown error (CUDA_ERROR_UNKNOWN, 999)"));
    }

    [Test]
    public void TryLoad_CodeThatTheDriverHasNoTextFor_IsStillSaid()
    {
        DriverStub stub = DriverStub.Fresh();
        stub.Fail("cuInit", 1, 777);

        Assert.That(CudaDriver.TryLoad(stub.Path, out _, out string reason), Is.False);

        Assert.That(reason, Does.Contain("an error that this driver does not describe (an error that this driver has no name for, 777)"));
    }

    [Test]
    public void TryLoad_TwoDevices_ReadsEachOfThem()
    {
        DriverStub stub = DriverStub.Fresh();
        stub.Devices(2);
        stub.Memory(141UL << 30);

        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);

        Assert.That(driver!.Version, Is.EqualTo(new Version(12, 4)));
        Assert.That(driver.Devices.Select(d => d.Name), Is.EqualTo(new[] { "Stub A", "Stub B" }));
        Assert.That(driver.Devices.Select(d => d.Ordinal), Is.EqualTo(new[] { 0, 1 }));
        // The stub's CUdevice of ordinal 1 is 41; an attribute without a real value is 1000 times its number, plus the ordinal.
        CudaDeviceInfo b = driver.Devices[1];
        Assert.That(b, Is.EqualTo(new CudaDeviceInfo
        {
            Ordinal = 1,
            Name = "Stub B",
            ComputeCapabilityMajor = 8,
            ComputeCapabilityMinor = 6,
            TotalMemoryBytes = 141L << 30,
            Multiprocessors = 16001,
            WarpSize = 32,
            MaxThreadsPerBlock = 1024,
            MaxBlock = new CudaDim3(1023, 1022, 64),
            MaxGrid = new CudaDim3(int.MaxValue, 65535, 65534),
            MaxThreadsPerMultiprocessor = 39001,
            MaxBlocksPerMultiprocessor = 106001,
            SharedBytesPerBlock = 49152,
            SharedBytesPerBlockOptIn = 101376,
            SharedBytesPerMultiprocessor = 81001,
            ReservedSharedBytesPerBlock = 111001,
            RegistersPerBlock = 12001,
            RegistersPerMultiprocessor = 82001,
            ClockKilohertz = 13001,
            MemoryClockKilohertz = 36001,
            MemoryBusBits = 37001,
            L2CacheBytes = 38001,
            CopyEngines = 40001,
            HasEcc = true,
            IsIntegrated = true,
        }));
        Assert.That(b.Architecture, Is.EqualTo("sm_86"));
    }

    [Test]
    public void PeakRates_OfAnRtx3060_AreThoseOfItsDataSheet()
    {
        DriverStub stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);
        CudaDeviceInfo card = driver!.Devices[0] with
        {
            Multiprocessors = 28,
            ClockKilohertz = 1_777_000,
            MemoryClockKilohertz = 7_501_000,
            MemoryBusBits = 192,
        };

        // 360 GB/s and 12.7 TFLOP/s, as printed, to the last digit printed.
        Assert.That(card.PeakMemoryBytesPerSecond, Is.EqualTo(360e9).Within(0.5e9));
        Assert.That(card.PeakFp32PerSecond, Is.EqualTo(12.7e12).Within(0.05e12));
        Assert.That((card with { ComputeCapabilityMajor = 99 }).PeakFp32PerSecond, Is.Zero);
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void CreateContext_NoSuchDevice_NamesBothValues(int ordinal)
    {
        DriverStub stub = DriverStub.Fresh();
        Assert.That(CudaDriver.TryLoad(stub.Path, out CudaDriver? driver, out string reason), Is.True, reason);

        Assert.That(() => driver!.CreateContext(ordinal), Throws.InstanceOf<ArgumentOutOfRangeException>()
            .With.Message.Contains($"device {ordinal} was asked for, the driver has 1"));
    }
}
