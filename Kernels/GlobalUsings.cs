// The language of the kernels: the project's own, or with -p:UseIlgpu=true the NuGet package that it takes its names from. Both
// have a Half, as System has: a kernel that uses it names the one it means with `using Half = …`.
#if USE_ILGPU
global using ILGPU;
global using ILGPU.Runtime;
// Not the whole namespace: it has names that the project's own driver layer has too.
global using static ILGPU.Runtime.Cuda.CudaContextExtensions;
// What a launch throws, and not the driver layer's; the project's device, and not the package's description of an accelerator.
global using CudaException = ILGPU.Runtime.Cuda.CudaException;
global using IDevice = GatysGpu.Kernels.Devices.IDevice;
#else
global using GatysGpu.Kernels.Compiler.Language;
#endif
