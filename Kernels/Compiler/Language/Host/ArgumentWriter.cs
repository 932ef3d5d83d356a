using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Fills the argument buffer of a launch: each scalar at the next multiple of its own size, 4 or 8 bytes, which is what
/// <see cref="Ir.Kernel.ArgumentOffsets"/> says.</summary>
/// <param name="accelerator">Whose views are accepted.</param>
/// <param name="arguments">At least as long as the layout's size.</param>
/// <param name="specialization">For the bytes of specialised values, at least as long as the layout says.</param>
internal ref struct ArgumentWriter(Accelerator accelerator, Span<byte> arguments, Span<byte> specialization)
{
    private readonly Span<byte> arguments = arguments;
    private readonly Span<byte> specialization = specialization;
    private int end;
    private int specializationEnd;

    /// <summary>A scalar of 4 bytes.</summary>
    internal void Write(int value)
    {
        MemoryMarshal.Write(arguments[end..], value);
        end += sizeof(int);
    }

    /// <summary>A scalar of 8 bytes.</summary>
    internal void Write(long value)
    {
        int start = (end + sizeof(long) - 1) & -sizeof(long);
        arguments[end..start].Clear();
        MemoryMarshal.Write(arguments[start..], value);
        end = start + sizeof(long);
    }

    /// <summary>A view: pointer, then length.</summary>
    internal void Write<T>(ArrayView<T> view)
        where T : unmanaged
    {
        Write(view.Address(accelerator));
        Write(view.Length);
    }

    /// <summary>A specialised value: part of the kernel's key, not of its arguments.</summary>
    internal void Specialize<T>(T value)
        where T : unmanaged
    {
        MemoryMarshal.Write(specialization[specializationEnd..], value);
        specializationEnd += Unsafe.SizeOf<T>();
    }
}
