// Where the words that a kernel is written in come from: the project's own compiler, or the NuGet package ILGPU.
#if USE_ILGPU
global using ILGPU;
global using ILGPU.Runtime;
#else
global using GatysGpu.Kernels.Compiler.Language;
#endif
