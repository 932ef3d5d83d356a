// The language of the kernels: the project's own, or with -p:UseIlgpu=true the NuGet package that it takes its names from. Both have
// a Half, as System has: a kernel that uses it names the one it means with `using Half = …`.
#if USE_ILGPU
global using ILGPU;
global using ILGPU.Runtime;
// One by one: the rest of these namespaces has names that the project's own driver layer has too.
global using static ILGPU.Runtime.CPU.CPUContextExtensions;
global using static ILGPU.Runtime.Cuda.CudaContextExtensions;
global using CudaAccelerator = ILGPU.Runtime.Cuda.CudaAccelerator;
// The package has an IDevice of its own, which is an accelerator's description.
global using IDevice = GatysGpu.Kernels.Devices.IDevice;
#else
global using GatysGpu.Kernels.Compiler.Language;
#endif
