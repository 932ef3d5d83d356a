namespace GatysGpu.Kernels.Devices;

/// <summary>What the ring of pixels around a feature map is taken to be by a 3×3 convolution of stride 1.</summary>
public enum Padding
{
    /// <summary>Zero (for the first layer: the network's mean colour), as VGG-19 was trained.</summary>
    Zero,

    /// <summary>The mirrored map without repeating its edge: row −1 is row 1, row H is row H−2. A side of length 1 repeats itself.</summary>
    Reflect,
}

/// <summary>How a 2×2 window becomes one value.</summary>
public enum Pooling
{
    /// <summary>The largest of the four; of equal ones the first in row order.</summary>
    Max,

    /// <summary>The mean of the four.</summary>
    Average,
}

/// <summary>Filters and biases of one 3×3 convolution, prepared by a device in its own layout.</summary>
public abstract class Conv3x3Weights : IDisposable
{
    /// <summary>Remembers the shape.</summary>
    /// <param name="outputs">K, output channels.</param>
    /// <param name="inputs">C, input channels.</param>
    /// <param name="padding">What lies outside the map.</param>
    protected Conv3x3Weights(int outputs, int inputs, Padding padding) => (Outputs, Inputs, Padding) = (outputs, inputs, padding);

    /// <summary>K, output channels.</summary>
    public int Outputs { get; }

    /// <summary>C, input channels.</summary>
    public int Inputs { get; }

    /// <summary>What lies outside the map.</summary>
    public Padding Padding { get; }

    /// <summary>Gives back what the device made of the filters only to be faster; it is made again when it is needed. For when maps of
    /// another size are to follow.</summary>
    public virtual void Trim()
    {
    }

    /// <summary>Gives the device's memory back.</summary>
    public abstract void Dispose();
}

/// <summary>What <see cref="IDevice.PrepareConv3x3"/> turns into <see cref="Conv3x3Weights"/>.</summary>
/// <param name="Outputs">K, output channels.</param>
/// <param name="Inputs">C, input channels.</param>
/// <param name="Filters">w, [K, C, 3, 3], row-major.</param>
/// <param name="Biases">b, [K].</param>
/// <param name="Padding">What lies outside the map.</param>
public sealed record Conv3x3Parameters(int Outputs, int Inputs, float[] Filters, float[] Biases, Padding Padding = Padding.Zero);
