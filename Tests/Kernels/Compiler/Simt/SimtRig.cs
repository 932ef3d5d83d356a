using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>A machine with its memory, and launches with arguments as objects.</summary>
internal sealed class SimtRig(SimtOptions? options = null) : IDisposable
{
    public SimtMemory Memory { get; } = new();

    public SimtOptions Options { get; } = options ?? new SimtOptions();

    public static Kernel Compile(Delegate kernel) => KernelCompiler.Compile(kernel.Method);

    /// <summary>A view's two scalars: address and number of elements.</summary>
    public (long Address, long Length) Buffer<T>(string name, params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        long bytes = (long)values.Length * Unsafe.SizeOf<T>(), address = Memory.Allocate(bytes, name);
        MemoryMarshal.AsBytes(values).CopyTo(Memory.Bytes(address, bytes));
        return (address, values.Length);
    }

    public T[] Read<T>((long Address, long Length) view)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Memory.Bytes(view.Address, view.Length * Unsafe.SizeOf<T>()))
            .ToArray();

    /// <summary>Runs a kernel: an argument is a number, or a view as <see cref="Buffer"/> gives it.</summary>
    public SimtCounters Launch(Kernel kernel, Index3D grid, Index3D group, params object[] arguments) =>
        LaunchDynamic(kernel, grid, group, 0, arguments);

    public SimtCounters LaunchDynamic(Kernel kernel, Index3D grid, Index3D group, int sharedBytes, params object[] arguments)
    {
        List<long> scalars = [];
        foreach (object argument in arguments)
        {
            if (argument is ValueTuple<long, long> view) scalars.AddRange([view.Item1, view.Item2]);
            else scalars.Add(Bits(argument));
        }
        Assert.That(scalars, Has.Count.EqualTo(kernel.Parameters.Count));
        byte[] bytes = new byte[8 * scalars.Count];
        for (int i = 0; i < scalars.Count; i++)
        {
            Span<byte> place = bytes.AsSpan(kernel.ArgumentOffsets[i]);
            if (kernel.Parameters[i].Type.Is64Bit()) BitConverter.TryWriteBytes(place, scalars[i]);
            else BitConverter.TryWriteBytes(place, (int)scalars[i]);
        }
        return new SimtMachine(Memory, Options).Launch(kernel, bytes, grid, group, sharedBytes);
    }

    /// <summary>Runs a kernel that must stop.</summary>
    public KernelFaultException Fault(Kernel kernel, Index3D grid, Index3D group, params object[] arguments)
    {
        try
        {
            Launch(kernel, grid, group, arguments);
        }
        catch (KernelFaultException fault)
        {
            TestContext.Out.WriteLine(fault.Message);
            return fault;
        }
        throw new AssertionException($"{kernel.Name} ran to its end; a fault was planted.");
    }

    public void Dispose() => Memory.Dispose();

    private static long Bits(object value) => value switch
    {
        int i => i,
        long l => l,
        float f => BitConverter.SingleToInt32Bits(f),
        double d => BitConverter.DoubleToInt64Bits(d),
        bool b => b ? 1 : 0,
        _ => throw new ArgumentException($"An argument of type {value.GetType()}."),
    };
}
