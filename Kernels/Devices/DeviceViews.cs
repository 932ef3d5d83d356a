namespace GatysGpu.Kernels.Devices;

/// <summary>Flat float32 values on a device: an image, a Gram matrix, an optimiser's history vector.</summary>
/// <param name="Memory">Where the values lie.</param>
/// <param name="Offset">First value, in bytes from the start of <paramref name="Memory"/>, a multiple of 64.</param>
/// <param name="Length">Number of values.</param>
public readonly record struct DeviceVector(DeviceMemory Memory, long Offset, long Length)
{
    /// <summary>Bytes that <paramref name="length"/> values occupy, rounded up to the alignment of 64.</summary>
    public static long BytesFor(long length) => (length * sizeof(float) + 63) / 64 * 64;
}

/// <summary>The picture on a device: float32 [3, H, W], planes in the order R, G, B, 0 to 255.</summary>
/// <param name="Memory">Where the pixels lie.</param>
/// <param name="Offset">First pixel, in bytes from the start of <paramref name="Memory"/>, a multiple of 64.</param>
/// <param name="Height">H, rows, at least 1.</param>
/// <param name="Width">W, columns, at least 1.</param>
public readonly record struct DeviceImage(DeviceMemory Memory, long Offset, int Height, int Width)
{
    /// <summary>The same values as one flat vector of 3·H·W.</summary>
    public DeviceVector Vector => new(Memory, Offset, 3L * Height * Width);
}

/// <summary>Activations or their gradients, logically float32 [C, H, W]; how they lie in memory is the device's own affair
/// (ask <see cref="IDevice.FeatureMapBytes"/> for the room they take).</summary>
/// <param name="Memory">Where the values lie.</param>
/// <param name="Offset">First byte, a multiple of 64.</param>
/// <param name="Channels">C, at least 1.</param>
/// <param name="Height">H, at least 1.</param>
/// <param name="Width">W, at least 1.</param>
public readonly record struct FeatureMap(DeviceMemory Memory, long Offset, int Channels, int Height, int Width)
{
    /// <summary>H·W, the number M of Gatys et al. 2016.</summary>
    public long Positions => (long)Height * Width;
}

/// <summary>Bytes in the device's own layout: ReLU bits or pooling switches. <see cref="None"/> where there are none.</summary>
/// <param name="Memory">Where the bytes lie; null in <see cref="None"/>.</param>
/// <param name="Offset">First byte, a multiple of 64.</param>
public readonly record struct DeviceBytes(DeviceMemory? Memory, long Offset)
{
    /// <summary>No bytes: do not store, or do not apply.</summary>
    public static DeviceBytes None => default;

    /// <summary>Whether there are no bytes.</summary>
    public bool IsNone => Memory is null;
}

/// <summary>One float64 result on a device (a term of the objective). Written by operations, read together at the end of an
/// iteration with <see cref="IDevice.ReadScalars"/>, so that a device never has to wait in the middle of one.</summary>
/// <param name="Memory">An array of float64.</param>
/// <param name="Index">Position in it, from 0.</param>
public readonly record struct DeviceScalar(DeviceMemory Memory, int Index);
