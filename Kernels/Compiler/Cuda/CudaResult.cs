namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>What a call of the driver returned: CUresult of cuda.h. Codes that this program never tells apart have no name here;
/// <see cref="CudaException.ErrorName"/> has the driver's own name of every code.</summary>
public enum CudaResult
{
    /// <summary>The call did what it was asked.</summary>
    Success = 0,

    /// <summary>An argument is outside what the call accepts.</summary>
    InvalidValue = 1,

    /// <summary>The device, or page-locked host memory, has too little left.</summary>
    OutOfMemory = 2,

    /// <summary>The driver is shutting down with the process.</summary>
    Deinitialized = 4,

    /// <summary>Another process holds the device for itself alone.</summary>
    DeviceUnavailable = 46,

    /// <summary>There is no CUDA device.</summary>
    NoDevice = 100,

    /// <summary>No context is current on the thread, or it is not the one that the handle belongs to.</summary>
    InvalidContext = 201,

    /// <summary>The module has no code for this device: its PTX names a newer architecture.</summary>
    NoBinaryForGpu = 209,

    /// <summary>The device's memory failed beyond repair.</summary>
    EccUncorrectable = 214,

    /// <summary>The driver's assembler refused the PTX.</summary>
    InvalidPtx = 218,

    /// <summary>The driver does not find the library with its assembler.</summary>
    JitCompilerNotFound = 221,

    /// <summary>The PTX is of a version that the driver does not know yet.</summary>
    UnsupportedPtxVersion = 222,

    /// <summary>The handle is of nothing that exists.</summary>
    InvalidHandle = 400,

    /// <summary>The name is not in the module.</summary>
    NotFound = 500,

    /// <summary>A kernel read or wrote outside every allocation.</summary>
    IllegalAddress = 700,

    /// <summary>A launch asked for more registers, threads or shared memory than the device has.</summary>
    LaunchOutOfResources = 701,

    /// <summary>A kernel ran longer than a display's watchdog permits.</summary>
    LaunchTimeout = 702,

    /// <summary>The context was destroyed.</summary>
    ContextIsDestroyed = 709,

    /// <summary>A kernel's assertion failed.</summary>
    Assert = 710,

    /// <summary>A kernel's call stack is corrupt.</summary>
    HardwareStackError = 714,

    /// <summary>A kernel met an instruction that the device does not have.</summary>
    IllegalInstruction = 715,

    /// <summary>A kernel read or wrote at an address that is no multiple of the access's size.</summary>
    MisalignedAddress = 716,

    /// <summary>A kernel used an address of the wrong memory space.</summary>
    InvalidAddressSpace = 717,

    /// <summary>A kernel jumped outside its code.</summary>
    InvalidProgramCounter = 718,

    /// <summary>A kernel failed in some other way.</summary>
    LaunchFailed = 719,

    /// <summary>A call that a stream under capture does not permit.</summary>
    StreamCaptureUnsupported = 900,

    /// <summary>An earlier error ended the capture.</summary>
    StreamCaptureInvalidated = 901,
}

/// <summary>What follows from a result.</summary>
internal static class CudaResults
{
    /// <summary>Whether the context is lost: every later call returns the same code, and all that the context owned is gone with
    /// it.</summary>
    public static bool IsContextLost(this CudaResult result) => result is
        CudaResult.Deinitialized or CudaResult.EccUncorrectable or CudaResult.IllegalAddress or CudaResult.LaunchTimeout or
        CudaResult.ContextIsDestroyed or CudaResult.Assert or (>= CudaResult.HardwareStackError and <= CudaResult.LaunchFailed);

    /// <summary>What a person can do about it, as a sentence; empty where the driver's own text is all there is to say.</summary>
    public static string Remedy(this CudaResult result) => result switch
    {
        CudaResult.DeviceUnavailable => "Another process holds the device exclusively: end it, or choose another device.",
        CudaResult.NoBinaryForGpu => "The PTX was made for a newer architecture than the device's: compile it for this device.",
        CudaResult.JitCompilerNotFound =>
            "libnvidia-ptxjitcompiler.so.1 lies beside libcuda.so.1: install it, or add that folder to LD_LIBRARY_PATH.",
        CudaResult.UnsupportedPtxVersion => "The driver is older than the PTX: update the NVIDIA driver.",
        CudaResult.LaunchOutOfResources => "Launch it with smaller blocks, or load its module with fewer registers a thread.",
        CudaResult.LaunchTimeout =>
            "The device also drives a display, whose watchdog stopped the kernel: use another device or less work a launch.",
        CudaResult.Deinitialized => "",
        _ when result.IsContextLost() => "A kernel that ran earlier on this device failed; the checking device names the line.",
        _ => "",
    };
}
