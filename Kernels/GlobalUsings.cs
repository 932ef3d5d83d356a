// The language of the kernels: the project's own, or with -p:UseIlgpu=true the NuGet package that it takes its names from.
#if USE_ILGPU
global using ILGPU;
global using ILGPU.Runtime;
global using ILGPU.Runtime.CPU;
global using ILGPU.Runtime.Cuda;
// Named here, since System has a Half too.
global using Half = ILGPU.Half;
#else
global using GatysGpu.Kernels.Compiler.Language;
// Named here, since System has a Half too.
global using Half = GatysGpu.Kernels.Compiler.Language.Half;
#endif
