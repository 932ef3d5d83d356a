global using GatysGpu.Kernels.Compiler.Language;
