using System.Collections.Immutable;
using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Makes a kernel of a method: <see cref="KernelCompiler.Compile"/>.</summary>
internal delegate Kernel KernelSource(MethodInfo method, IReadOnlyDictionary<int, object>? specialized, bool autoGrouped);

/// <summary>The devices that a program asked for, and the compiler that serves them.</summary>
/// <remarks>Disposing it disposes the accelerators made from it.</remarks>
public sealed class Context : IDisposable
{
    private readonly List<Accelerator> accelerators = [];

    private Context(Builder builder)
    {
        Devices = [.. builder.Devices];
        Compile = builder.Compiler;
        CudaMissing = builder.CudaMissing;
    }

    /// <summary>The devices, in the order in which the builder was told of them.</summary>
    public ImmutableArray<Device> Devices { get; }

    /// <summary>Makes a kernel of a method.</summary>
    internal KernelSource Compile { get; }

    /// <summary>Why there is no NVIDIA driver, where there is none and one was asked for.</summary>
    internal string? CudaMissing { get; }

    /// <summary>A context with the devices that <paramref name="buildingCallback"/> adds.</summary>
    public static Context Create(Action<Builder> buildingCallback)
    {
        ArgumentNullException.ThrowIfNull(buildingCallback);
        Builder builder = new();
        buildingCallback(builder);
        return new Context(builder);
    }

    /// <summary>A context with every device that there is: the GPUs, then the checker.</summary>
    public static Context CreateDefault() => Create(builder => builder.Cuda().CPU());

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Accelerator accelerator in accelerators) accelerator.Dispose();
        accelerators.Clear();
    }

    /// <summary>The device of one type at a place among those of that type.</summary>
    internal TDevice Find<TDevice>(int index, string call)
        where TDevice : Device
    {
        TDevice[] found = [.. Devices.OfType<TDevice>()];
        return (uint)index < (uint)found.Length
            ? found[index]
            : throw new InvalidOperationException($"Device {index} was asked for, the context has {found.Length} such devices. "
                + $"Create the context with '{call}', on a machine that has the device.");
    }

    internal void Add(Accelerator accelerator) => accelerators.Add(accelerator);

    /// <summary>Collects devices. Its methods are extensions: <c>Cuda()</c>, <c>CPU()</c>.</summary>
    public sealed class Builder
    {
        internal Builder()
        {
        }

        internal List<Device> Devices { get; } = [];

        internal string? CudaMissing { get; set; }

        internal KernelSource Compiler { get; set; } = KernelCompiler.Compile;
    }
}
