using System.Reflection;

namespace GatysGpu.Kernels.Gpu;

/// <summary>One kernel of the project, with what is needed to compile it, look at it and run it alone.</summary>
/// <param name="Name">Class and method, such as <c>Conv3x3TensorCore.Forward</c>.</param>
/// <param name="Method">The kernel.</param>
/// <param name="Production">Whether devices launch it: then registers must not spill. The others are rungs of a ladder to study.</param>
/// <param name="Threads">Of a group, as production launches it.</param>
/// <param name="Variants">The sets of values of its <see cref="SpecializedValue{T}"/> parameters that are used, each by the index of the
/// parameter; one empty set for a kernel without such parameters.</param>
public sealed record CatalogKernel(string Name, MethodInfo Method, bool Production, int Threads,
    IReadOnlyList<IReadOnlyDictionary<int, object>> Variants)
{
    /// <summary>Dynamic shared memory of a group, bytes.</summary>
    public int DynamicSharedBytes { get; init; }

    /// <summary>What the kernel is launched for in <see cref="Run"/>.</summary>
    internal required Action<KernelExample> Example { get; init; }

    /// <summary>How matrices are multiplied by a device that launches it.</summary>
    internal Devices.Gpu.GpuPrecision Precision { get; init; } = Devices.Gpu.GpuPrecision.Fp32;

    /// <summary>Launches it for a small but representative shape, beside other kernels where it is one step of an operation.</summary>
    /// <param name="accelerator">Where; it must have tensor cores where the kernel uses them.</param>
    public void Run(Accelerator accelerator)
    {
        using KernelExample example = new(accelerator, Precision);
        Example(example);
        accelerator.Synchronize();
    }

    /// <summary>A variant for people: the specialised parameters with their values, such as <c>masked 1, pairs 0</c>; empty for none.</summary>
    public string Describe(IReadOnlyDictionary<int, object> variant)
    {
        ParameterInfo[] parameters = Method.GetParameters();
        return string.Join(", ", variant.OrderBy(v => v.Key).Select(v => $"{parameters[v.Key].Name} {v.Value}"));
    }
}
