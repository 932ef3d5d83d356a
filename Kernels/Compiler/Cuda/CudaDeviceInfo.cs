using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>What a CUDA device is, read once when the driver was loaded.</summary>
public sealed record CudaDeviceInfo
{
    /// <summary>Number of the device, from 0, as in "cuda:0". CUDA_VISIBLE_DEVICES hides and renumbers devices.</summary>
    public required int Ordinal { get; init; }

    /// <summary>The product's name, such as "NVIDIA GeForce RTX 3060".</summary>
    public required string Name { get; init; }

    /// <summary>First number of the compute capability: 8 of 8.6.</summary>
    public required int ComputeCapabilityMajor { get; init; }

    /// <summary>Second number of the compute capability: 6 of 8.6.</summary>
    public required int ComputeCapabilityMinor { get; init; }

    /// <summary>The architecture as PTX's <c>.target</c> says it, such as "sm_86".</summary>
    public string Architecture => $"sm_{ComputeCapabilityMajor}{ComputeCapabilityMinor}";

    /// <summary>Memory of the device, bytes.</summary>
    public required long TotalMemoryBytes { get; init; }

    /// <summary>Multiprocessors.</summary>
    public required int Multiprocessors { get; init; }

    /// <summary>Threads that execute one instruction together.</summary>
    public required int WarpSize { get; init; }

    /// <summary>Most threads of a block; a kernel that uses many registers permits fewer.</summary>
    public required int MaxThreadsPerBlock { get; init; }

    /// <summary>Most threads of a block in each dimension.</summary>
    public required CudaDim3 MaxBlock { get; init; }

    /// <summary>Most blocks of a grid in each dimension.</summary>
    public required CudaDim3 MaxGrid { get; init; }

    /// <summary>Most threads resident on a multiprocessor.</summary>
    public required int MaxThreadsPerMultiprocessor { get; init; }

    /// <summary>Most blocks resident on a multiprocessor.</summary>
    public required int MaxBlocksPerMultiprocessor { get; init; }

    /// <summary>Shared memory that every block may use, bytes.</summary>
    public required int SharedBytesPerBlock { get; init; }

    /// <summary>Shared memory that a block may use when its kernel asks for more than the default, bytes.</summary>
    public required int SharedBytesPerBlockOptIn { get; init; }

    /// <summary>Shared memory of a multiprocessor, bytes.</summary>
    public required int SharedBytesPerMultiprocessor { get; init; }

    /// <summary>Shared memory that the driver takes of each resident block, bytes.</summary>
    public required int ReservedSharedBytesPerBlock { get; init; }

    /// <summary>32-bit registers that a block may use.</summary>
    public required int RegistersPerBlock { get; init; }

    /// <summary>32-bit registers of a multiprocessor.</summary>
    public required int RegistersPerMultiprocessor { get; init; }

    /// <summary>Highest clock of the multiprocessors, kHz; the device runs slower when it is hot or short of power.</summary>
    public required int ClockKilohertz { get; init; }

    /// <summary>Clock of the memory, kHz.</summary>
    public required int MemoryClockKilohertz { get; init; }

    /// <summary>Width of the memory bus, bits.</summary>
    public required int MemoryBusBits { get; init; }

    /// <summary>Second-level cache, bytes.</summary>
    public required int L2CacheBytes { get; init; }

    /// <summary>Copies between host and device that can run beside kernels.</summary>
    public required int CopyEngines { get; init; }

    /// <summary>Whether the memory corrects its errors.</summary>
    public required bool HasEcc { get; init; }

    /// <summary>Whether the device shares the host's memory.</summary>
    public required bool IsIntegrated { get; init; }

    /// <summary>Memory traffic that the bus could carry, bytes a second: two transfers a clock, as all of GDDR and HBM
    /// count.</summary>
    public double PeakMemoryBytesPerSecond => 2.0 * MemoryClockKilohertz * 1e3 * MemoryBusBits / 8;

    /// <summary>32-bit floating-point operations a second at the highest clock, a fused multiply-add counted as two; 0 for an
    /// architecture that is not in the table.</summary>
    /// <remarks>CUDA C++ Programming Guide, "Arithmetic Instructions": results a clock and multiprocessor.</remarks>
    public double PeakFp32PerSecond => 2.0 * Fp32LanesPerMultiprocessor * Multiprocessors * ClockKilohertz * 1e3;

    private int Fp32LanesPerMultiprocessor => (ComputeCapabilityMajor, ComputeCapabilityMinor) switch
    {
        (5, _) => 128,
        (6, 0) => 64,
        (6, _) => 128,
        (7, _) => 64,
        (8, 0) => 64,
        (8, _) or (9, _) or (10, _) or (12, _) => 128,
        _ => 0,
    };

    /// <summary>Reads what the driver says of a device.</summary>
    /// <param name="api">The driver, initialised.</param>
    /// <param name="ordinal">From 0, below the number of devices.</param>
    /// <exception cref="CudaException">The driver cannot say it.</exception>
    internal static unsafe CudaDeviceInfo Read(CudaApi api, int ordinal)
    {
        int handle;
        api.Check(api.DeviceGet(&handle, ordinal), "cuDeviceGet", $"device {ordinal}");
        int device = handle;
        const int NameBytes = 256;
        byte* name = stackalloc byte[NameBytes];
        api.Check(api.DeviceGetName(name, NameBytes, device), "cuDeviceGetName", $"device {ordinal}");
        nuint memory;
        api.Check(api.DeviceTotalMem(&memory, device), "cuDeviceTotalMem_v2", $"device {ordinal}");
        return new CudaDeviceInfo
        {
            Ordinal = ordinal,
            Name = Marshal.PtrToStringUTF8((nint)name)!,
            ComputeCapabilityMajor = Attribute(CudaDeviceAttribute.ComputeCapabilityMajor),
            ComputeCapabilityMinor = Attribute(CudaDeviceAttribute.ComputeCapabilityMinor),
            TotalMemoryBytes = (long)memory,
            Multiprocessors = Attribute(CudaDeviceAttribute.MultiprocessorCount),
            WarpSize = Attribute(CudaDeviceAttribute.WarpSize),
            MaxThreadsPerBlock = Attribute(CudaDeviceAttribute.MaxThreadsPerBlock),
            MaxBlock = new CudaDim3(Attribute(CudaDeviceAttribute.MaxBlockDimX), Attribute(CudaDeviceAttribute.MaxBlockDimY),
                Attribute(CudaDeviceAttribute.MaxBlockDimZ)),
            MaxGrid = new CudaDim3(Attribute(CudaDeviceAttribute.MaxGridDimX), Attribute(CudaDeviceAttribute.MaxGridDimY),
                Attribute(CudaDeviceAttribute.MaxGridDimZ)),
            MaxThreadsPerMultiprocessor = Attribute(CudaDeviceAttribute.MaxThreadsPerMultiprocessor),
            MaxBlocksPerMultiprocessor = Attribute(CudaDeviceAttribute.MaxBlocksPerMultiprocessor),
            SharedBytesPerBlock = Attribute(CudaDeviceAttribute.MaxSharedMemoryPerBlock),
            SharedBytesPerBlockOptIn = Attribute(CudaDeviceAttribute.MaxSharedMemoryPerBlockOptIn),
            SharedBytesPerMultiprocessor = Attribute(CudaDeviceAttribute.MaxSharedMemoryPerMultiprocessor),
            ReservedSharedBytesPerBlock = Attribute(CudaDeviceAttribute.ReservedSharedMemoryPerBlock),
            RegistersPerBlock = Attribute(CudaDeviceAttribute.MaxRegistersPerBlock),
            RegistersPerMultiprocessor = Attribute(CudaDeviceAttribute.MaxRegistersPerMultiprocessor),
            ClockKilohertz = Attribute(CudaDeviceAttribute.ClockRate),
            MemoryClockKilohertz = Attribute(CudaDeviceAttribute.MemoryClockRate),
            MemoryBusBits = Attribute(CudaDeviceAttribute.GlobalMemoryBusWidth),
            L2CacheBytes = Attribute(CudaDeviceAttribute.L2CacheSize),
            CopyEngines = Attribute(CudaDeviceAttribute.AsyncEngineCount),
            HasEcc = Attribute(CudaDeviceAttribute.EccEnabled) != 0,
            IsIntegrated = Attribute(CudaDeviceAttribute.Integrated) != 0,
        };

        int Attribute(CudaDeviceAttribute attribute)
        {
            int value;
            api.Check(api.DeviceGetAttribute(&value, attribute, device), "cuDeviceGetAttribute", $"{attribute} of device {ordinal}");
            return value;
        }
    }
}
