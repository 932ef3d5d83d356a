using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Conv3x3;

/// <summary>Shape of one 3×3 convolution as the GPU kernels see it: they sum over C input channels and make K output
/// channels. In the backward pass C and K change places: it is the same convolution with <see cref="Conv3x3GpuFilters"/>'
/// transposed filters.</summary>
/// <remarks>Kernels count elements in 32 bits: C·H·W and K·H·W must lie below 2³¹.</remarks>
public readonly struct Conv3x3Shape
{
    /// <summary>C, channels summed over, at least 1.</summary>
    public readonly int Inputs;

    /// <summary>K, channels made, at least 1.</summary>
    public readonly int Outputs;

    /// <summary>H, at least 1.</summary>
    public readonly int Height;

    /// <summary>W, at least 1.</summary>
    public readonly int Width;

    /// <summary>1 where the map is mirrored at its edges, 0 where zeros stand outside.</summary>
    public readonly int Reflect;

    /// <summary>Checks the limits.</summary>
    /// <param name="inputs">C.</param>
    /// <param name="outputs">K.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="padding">What lies outside. The backward kernels want <see cref="Padding.Zero"/> always: what reflection
    /// adds is the business of <see cref="Conv3x3ReflectBorder"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">A side is below 1 or a map has 2³¹ elements or more.</exception>
    public Conv3x3Shape(int inputs, int outputs, int height, int width, Padding padding = Padding.Zero)
    {
        if (Math.Min(Math.Min(inputs, outputs), Math.Min(height, width)) < 1)
            throw new ArgumentOutOfRangeException(nameof(inputs),
                $"a convolution from {inputs} to {outputs} channels of {height}×{width}");
        if ((long)Math.Max(inputs, outputs) * height * width > int.MaxValue)
            throw new ArgumentOutOfRangeException(nameof(height),
                $"{Math.Max(inputs, outputs)} channels of {height}×{width} are more than the {int.MaxValue} elements " +
                "that 32 bits count. Lower the size.");
        (Inputs, Outputs, Height, Width, Reflect) = (inputs, outputs, height, width, padding == Padding.Reflect ? 1 : 0);
    }

    /// <summary>H·W.</summary>
    public int Plane => Height * Width;

    /// <summary>Bytes of one row of ReLU bits.</summary>
    public int BitsPitch => (Width + 7) >> 3;

    /// <summary>The element of an input plane that stands at a row and column which may lie outside; −1 where a zero
    /// stands.</summary>
    /// <param name="row">From −1 to H for pixels that count; anything for those that do not.</param>
    /// <param name="column">From −1 to W likewise.</param>
    public int Source(int row, int column)
    {
        if (Reflect != 0)
        {
            row = Mirror(row, Height);
            column = Mirror(column, Width);
        }
        bool inside = (uint)row < (uint)Height & (uint)column < (uint)Width;
        return inside ? row * Width + column : -1;
    }

    /// <summary>Index of an output.</summary>
    public int Index(int channel, int row, int column) => (channel * Height + row) * Width + column;

    /// <summary>Byte of the ReLU bits in which an output's bit lies; its bit is column mod 8.</summary>
    public int BitsByte(int channel, int row, int column) => (channel * Height + row) * BitsPitch + (column >> 3);

    /// <summary>Row −1 is row 1 and row H is row H−2; a side of length 1 repeats itself.</summary>
    public static int Mirror(int i, int length)
    {
        int mirrored = i < 0 ? -i : i >= length ? 2 * (length - 1) - i : i;
        return length == 1 ? 0 : mirrored;
    }
}
