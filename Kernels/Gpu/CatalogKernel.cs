using System.Reflection;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Kernels.Gpu;

/// <summary>One kernel of the project, with what is needed to compile it, look at it and run it alone.</summary>
public sealed partial class CatalogKernel
{
    private readonly Action<KernelExample> example;
    private readonly GpuPrecision precision;

    internal CatalogKernel(MethodInfo method, int threads, bool production,
        IReadOnlyList<IReadOnlyDictionary<int, object>> variants, GpuPrecision precision, Action<KernelExample> example)
    {
        (Method, Threads, IsProduction, Variants) = (method, threads, production, variants);
        (this.precision, this.example) = (precision, example);
    }

    /// <summary>Class and method, such as <c>Conv3x3TensorCore.Forward</c>.</summary>
    public string Name => $"{Method.DeclaringType!.Name}.{Method.Name}";

    /// <summary>The kernel.</summary>
    public MethodInfo Method { get; }

    /// <summary>Threads of a group, as devices launch it.</summary>
    public int Threads { get; }

    /// <summary>Dynamic shared memory of a group as devices launch it, bytes.</summary>
    public int DynamicSharedBytes { get; internal init; }

    /// <summary>Whether devices launch it: then registers must not spill. The others are rungs of a ladder to study.</summary>
    public bool IsProduction { get; }

    /// <summary>The sets of values of its <see cref="SpecializedValue{T}"/> parameters that are used, each by the index of the
    /// parameter; one empty set for a kernel without such parameters.</summary>
    public IReadOnlyList<IReadOnlyDictionary<int, object>> Variants { get; }

    /// <summary>Launches it for a small but representative shape, beside other kernels where it is one step of an
    /// operation.</summary>
    /// <param name="accelerator">Where; it must have tensor cores where the kernel uses them.</param>
    public void Run(Accelerator accelerator)
    {
        using KernelExample memory = new(accelerator, precision);
        example(memory);
        accelerator.Synchronize();
    }

    /// <summary>A variant for people: the specialised parameters with their values, such as <c>masked 1, pairs 0</c>; empty for
    /// none.</summary>
    /// <param name="variant">Index in <see cref="Variants"/>.</param>
    public string Describe(int variant)
    {
        ParameterInfo[] parameters = Method.GetParameters();
        return string.Join(", ", Variants[variant].OrderBy(v => v.Key).Select(v => $"{parameters[v.Key].Name} {v.Value}"));
    }
}
