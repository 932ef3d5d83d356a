using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>The driver's entry points that this program uses, and no others, with the signatures of cuda.h. A CUdeviceptr is a
/// <c>ulong</c>, a CUdevice an <c>int</c>, every other handle a pointer, an enumeration an <c>int</c>.</summary>
/// <remarks>cuda.h renames functions whose signature changed: the name in a program is cuMemAlloc, the name in the library
/// cuMemAlloc_v2. Here stands the name in the library; the name without a suffix is an older function with 32-bit sizes.
/// CUDA 11.4 has them all; the youngest is cuGraphInstantiateWithFlags.</remarks>
internal sealed unsafe partial class CudaApi
{
    public readonly delegate* unmanaged<uint, CudaResult> Init;
    public readonly delegate* unmanaged<int*, CudaResult> DriverGetVersion;
    public readonly delegate* unmanaged<CudaResult, byte**, CudaResult> GetErrorName;
    public readonly delegate* unmanaged<CudaResult, byte**, CudaResult> GetErrorString;

    public readonly delegate* unmanaged<int*, CudaResult> DeviceGetCount;
    public readonly delegate* unmanaged<int*, int, CudaResult> DeviceGet;
    public readonly delegate* unmanaged<byte*, int, int, CudaResult> DeviceGetName;
    public readonly delegate* unmanaged<int*, CudaDeviceAttribute, int, CudaResult> DeviceGetAttribute;
    public readonly delegate* unmanaged<nuint*, int, CudaResult> DeviceTotalMem;

    public readonly delegate* unmanaged<nint*, int, CudaResult> DevicePrimaryCtxRetain;
    public readonly delegate* unmanaged<int, CudaResult> DevicePrimaryCtxRelease;
    public readonly delegate* unmanaged<nint, CudaResult> CtxSetCurrent;
    public readonly delegate* unmanaged<CudaResult> CtxSynchronize;

    public readonly delegate* unmanaged<nuint*, nuint*, CudaResult> MemGetInfo;
    public readonly delegate* unmanaged<ulong*, nuint, CudaResult> MemAlloc;
    public readonly delegate* unmanaged<ulong, CudaResult> MemFree;
    public readonly delegate* unmanaged<void**, nuint, CudaResult> MemAllocHost;
    public readonly delegate* unmanaged<void*, CudaResult> MemFreeHost;
    public readonly delegate* unmanaged<ulong, void*, nuint, nint, CudaResult> MemcpyHtoDAsync;
    public readonly delegate* unmanaged<void*, ulong, nuint, nint, CudaResult> MemcpyDtoHAsync;
    public readonly delegate* unmanaged<ulong, ulong, nuint, nint, CudaResult> MemcpyDtoDAsync;
    public readonly delegate* unmanaged<ulong, byte, nuint, nint, CudaResult> MemsetD8Async;
    public readonly delegate* unmanaged<ulong, uint, nuint, nint, CudaResult> MemsetD32Async;

    public readonly delegate* unmanaged<nint*, void*, uint, CudaJitOption*, void**, CudaResult> ModuleLoadDataEx;
    public readonly delegate* unmanaged<nint, CudaResult> ModuleUnload;
    public readonly delegate* unmanaged<nint*, nint, byte*, CudaResult> ModuleGetFunction;
    public readonly delegate* unmanaged<int*, CudaFunctionAttribute, nint, CudaResult> FuncGetAttribute;
    public readonly delegate* unmanaged<nint, CudaFunctionAttribute, int, CudaResult> FuncSetAttribute;
    public readonly delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult> LaunchKernel;
    public readonly delegate* unmanaged<int*, nint, int, nuint, CudaResult> OccupancyMaxActiveBlocksPerMultiprocessor;

    public readonly delegate* unmanaged<nint*, uint, CudaResult> StreamCreate;
    public readonly delegate* unmanaged<nint, CudaResult> StreamDestroy;
    public readonly delegate* unmanaged<nint, CudaResult> StreamSynchronize;
    public readonly delegate* unmanaged<nint, nint, uint, CudaResult> StreamWaitEvent;
    public readonly delegate* unmanaged<nint*, uint, CudaResult> EventCreate;
    public readonly delegate* unmanaged<nint, CudaResult> EventDestroy;
    public readonly delegate* unmanaged<nint, nint, CudaResult> EventRecord;
    public readonly delegate* unmanaged<nint, CudaResult> EventSynchronize;
    public readonly delegate* unmanaged<float*, nint, nint, CudaResult> EventElapsedTime;

    public readonly delegate* unmanaged<nint, int, CudaResult> StreamBeginCapture;
    public readonly delegate* unmanaged<nint, nint*, CudaResult> StreamEndCapture;
    public readonly delegate* unmanaged<nint*, nint, ulong, CudaResult> GraphInstantiate;
    public readonly delegate* unmanaged<nint, nint, CudaResult> GraphLaunch;
    public readonly delegate* unmanaged<nint, CudaResult> GraphDestroy;
    public readonly delegate* unmanaged<nint, CudaResult> GraphExecDestroy;

    /// <summary>Finds every entry point in a loaded library.</summary>
    /// <param name="library">Handle from <see cref="NativeLibrary"/>.</param>
    /// <exception cref="EntryPointNotFoundException">The library lacks one; the message is that one's name.</exception>
    public CudaApi(nint library)
    {
        // Asked for first, so that the version can be said where a later one is missing.
        DriverGetVersion = (delegate* unmanaged<int*, CudaResult>)Entry("cuDriverGetVersion");
        Init = (delegate* unmanaged<uint, CudaResult>)Entry("cuInit");
        GetErrorName = (delegate* unmanaged<CudaResult, byte**, CudaResult>)Entry("cuGetErrorName");
        GetErrorString = (delegate* unmanaged<CudaResult, byte**, CudaResult>)Entry("cuGetErrorString");

        DeviceGetCount = (delegate* unmanaged<int*, CudaResult>)Entry("cuDeviceGetCount");
        DeviceGet = (delegate* unmanaged<int*, int, CudaResult>)Entry("cuDeviceGet");
        DeviceGetName = (delegate* unmanaged<byte*, int, int, CudaResult>)Entry("cuDeviceGetName");
        DeviceGetAttribute = (delegate* unmanaged<int*, CudaDeviceAttribute, int, CudaResult>)Entry("cuDeviceGetAttribute");
        DeviceTotalMem = (delegate* unmanaged<nuint*, int, CudaResult>)Entry("cuDeviceTotalMem_v2");

        DevicePrimaryCtxRetain = (delegate* unmanaged<nint*, int, CudaResult>)Entry("cuDevicePrimaryCtxRetain");
        DevicePrimaryCtxRelease = (delegate* unmanaged<int, CudaResult>)Entry("cuDevicePrimaryCtxRelease_v2");
        CtxSetCurrent = (delegate* unmanaged<nint, CudaResult>)Entry("cuCtxSetCurrent");
        CtxSynchronize = (delegate* unmanaged<CudaResult>)Entry("cuCtxSynchronize");

        MemGetInfo = (delegate* unmanaged<nuint*, nuint*, CudaResult>)Entry("cuMemGetInfo_v2");
        MemAlloc = (delegate* unmanaged<ulong*, nuint, CudaResult>)Entry("cuMemAlloc_v2");
        MemFree = (delegate* unmanaged<ulong, CudaResult>)Entry("cuMemFree_v2");
        MemAllocHost = (delegate* unmanaged<void**, nuint, CudaResult>)Entry("cuMemAllocHost_v2");
        MemFreeHost = (delegate* unmanaged<void*, CudaResult>)Entry("cuMemFreeHost");
        MemcpyHtoDAsync = (delegate* unmanaged<ulong, void*, nuint, nint, CudaResult>)Entry("cuMemcpyHtoDAsync_v2");
        MemcpyDtoHAsync = (delegate* unmanaged<void*, ulong, nuint, nint, CudaResult>)Entry("cuMemcpyDtoHAsync_v2");
        MemcpyDtoDAsync = (delegate* unmanaged<ulong, ulong, nuint, nint, CudaResult>)Entry("cuMemcpyDtoDAsync_v2");
        MemsetD8Async = (delegate* unmanaged<ulong, byte, nuint, nint, CudaResult>)Entry("cuMemsetD8Async");
        MemsetD32Async = (delegate* unmanaged<ulong, uint, nuint, nint, CudaResult>)Entry("cuMemsetD32Async");

        ModuleLoadDataEx = (delegate* unmanaged<nint*, void*, uint, CudaJitOption*, void**, CudaResult>)Entry("cuModuleLoadDataEx");
        ModuleUnload = (delegate* unmanaged<nint, CudaResult>)Entry("cuModuleUnload");
        ModuleGetFunction = (delegate* unmanaged<nint*, nint, byte*, CudaResult>)Entry("cuModuleGetFunction");
        FuncGetAttribute = (delegate* unmanaged<int*, CudaFunctionAttribute, nint, CudaResult>)Entry("cuFuncGetAttribute");
        FuncSetAttribute = (delegate* unmanaged<nint, CudaFunctionAttribute, int, CudaResult>)Entry("cuFuncSetAttribute");
        LaunchKernel = (delegate* unmanaged<nint, uint, uint, uint, uint, uint, uint, uint, nint, void**, void**, CudaResult>)
            Entry("cuLaunchKernel");
        OccupancyMaxActiveBlocksPerMultiprocessor =
            (delegate* unmanaged<int*, nint, int, nuint, CudaResult>)Entry("cuOccupancyMaxActiveBlocksPerMultiprocessor");

        StreamCreate = (delegate* unmanaged<nint*, uint, CudaResult>)Entry("cuStreamCreate");
        StreamDestroy = (delegate* unmanaged<nint, CudaResult>)Entry("cuStreamDestroy_v2");
        StreamSynchronize = (delegate* unmanaged<nint, CudaResult>)Entry("cuStreamSynchronize");
        StreamWaitEvent = (delegate* unmanaged<nint, nint, uint, CudaResult>)Entry("cuStreamWaitEvent");
        EventCreate = (delegate* unmanaged<nint*, uint, CudaResult>)Entry("cuEventCreate");
        EventDestroy = (delegate* unmanaged<nint, CudaResult>)Entry("cuEventDestroy_v2");
        EventRecord = (delegate* unmanaged<nint, nint, CudaResult>)Entry("cuEventRecord");
        EventSynchronize = (delegate* unmanaged<nint, CudaResult>)Entry("cuEventSynchronize");
        EventElapsedTime = (delegate* unmanaged<float*, nint, nint, CudaResult>)Entry("cuEventElapsedTime");

        StreamBeginCapture = (delegate* unmanaged<nint, int, CudaResult>)Entry("cuStreamBeginCapture_v2");
        StreamEndCapture = (delegate* unmanaged<nint, nint*, CudaResult>)Entry("cuStreamEndCapture");
        GraphInstantiate = (delegate* unmanaged<nint*, nint, ulong, CudaResult>)Entry("cuGraphInstantiateWithFlags");
        GraphLaunch = (delegate* unmanaged<nint, nint, CudaResult>)Entry("cuGraphLaunch");
        GraphDestroy = (delegate* unmanaged<nint, CudaResult>)Entry("cuGraphDestroy");
        GraphExecDestroy = (delegate* unmanaged<nint, CudaResult>)Entry("cuGraphExecDestroy");

        nint Entry(string name) =>
            NativeLibrary.TryGetExport(library, name, out nint address) ? address : throw new EntryPointNotFoundException(name);
    }
}
