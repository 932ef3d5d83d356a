namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>CUdevice_attribute of cuda.h, those that <see cref="CudaDeviceInfo"/> tells.</summary>
internal enum CudaDeviceAttribute
{
    MaxThreadsPerBlock = 1,
    MaxBlockDimX = 2,
    MaxBlockDimY = 3,
    MaxBlockDimZ = 4,
    MaxGridDimX = 5,
    MaxGridDimY = 6,
    MaxGridDimZ = 7,
    MaxSharedMemoryPerBlock = 8,
    WarpSize = 10,
    MaxRegistersPerBlock = 12,
    ClockRate = 13,
    MultiprocessorCount = 16,
    Integrated = 18,
    EccEnabled = 32,
    MemoryClockRate = 36,
    GlobalMemoryBusWidth = 37,
    L2CacheSize = 38,
    MaxThreadsPerMultiprocessor = 39,
    AsyncEngineCount = 40,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedMemoryPerMultiprocessor = 81,
    MaxRegistersPerMultiprocessor = 82,
    MaxSharedMemoryPerBlockOptIn = 97,
    MaxBlocksPerMultiprocessor = 106,
    ReservedSharedMemoryPerBlock = 111,
}

/// <summary>CUfunction_attribute of cuda.h.</summary>
internal enum CudaFunctionAttribute
{
    MaxThreadsPerBlock = 0,
    SharedSizeBytes = 1,
    ConstSizeBytes = 2,
    LocalSizeBytes = 3,
    NumRegs = 4,
    PtxVersion = 5,
    BinaryVersion = 6,
    MaxDynamicSharedSizeBytes = 8,
}

/// <summary>CUjit_option of cuda.h, those that <see cref="CudaModuleOptions"/> offers.</summary>
internal enum CudaJitOption
{
    MaxRegisters = 0,
    InfoLogBuffer = 3,
    InfoLogBufferSizeBytes = 4,
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
    LogVerbose = 12,
    GenerateLineInfo = 13,
}

/// <summary>Flags of cuda.h.</summary>
internal static class CudaFlags
{
    /// <summary>CU_STREAM_NON_BLOCKING: the stream does not wait for the legacy default stream, which nothing here
    /// uses.</summary>
    public const uint StreamNonBlocking = 1;

    /// <summary>CU_EVENT_DEFAULT: the event keeps a time.</summary>
    public const uint EventTiming = 0;

    /// <summary>CU_EVENT_DISABLE_TIMING: the event only orders work, which is cheaper.</summary>
    public const uint EventDisableTiming = 2;

    /// <summary>CU_STREAM_CAPTURE_MODE_THREAD_LOCAL: only the capturing thread is kept from calls that a capture does not
    /// permit.</summary>
    public const int CaptureThreadLocal = 1;
}
