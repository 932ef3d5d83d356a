using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.GradientChecks;

/// <summary>A scalar function on a device with its gradient, ready to be checked.</summary>
/// <param name="Operation">The operation under test.</param>
/// <param name="Name">Shape and variant.</param>
/// <param name="Shape">Sides of the argument.</param>
/// <param name="Argument">Where; the values are few bits wide, so that TF32 holds them exactly.</param>
/// <param name="Step">h of the central differences.</param>
/// <param name="Degree">2 where the function is at most quadratic in one element (a central difference is then exact), 4 where it is
/// a quartic (two steps make it exact).</param>
/// <param name="Value">The function at an argument, by the device's forward operations.</param>
/// <param name="Gradient">Its gradient at <paramref name="Argument"/>, by the device's backward operation.</param>
/// <param name="Reference">The same by the definition in float64.</param>
internal sealed record GradientCase(string Operation, string Name, int[] Shape, float[] Argument, double Step, int Degree,
    Func<DeviceScratch, float[], double> Value, Func<DeviceScratch, float[]> Gradient, Func<double[]> Reference)
{
    /// <summary>Whether a fused device offers the operation on this shape; none where every device offers it.</summary>
    public Func<IFusedDevice, bool>? Fused { get; init; }

    /// <summary>A tolerance that the case needs at least, because of how a device computes it, whatever tolerance is asked
    /// for.</summary>
    public double LeastTolerance { get; init; }

    /// <summary>Whether this device offers the operation on this shape.</summary>
    public bool IsOfferedBy(IDevice device) => Fused is null || device is IFusedDevice fused && Fused(fused);
}

/// <summary>Device memory of one evaluation.</summary>
internal sealed class DeviceScratch(IDevice device) : IDisposable
{
    private readonly DeviceMemory memory = device.Allocate(Size);
    private long used;

    private const long Size = 2 << 20;

    public IDevice Device { get; } = device;

    public FeatureMap Map(int channels, int height, int width, float[]? values = null)
    {
        FeatureMap map = new(memory, Take(Device.FeatureMapBytes(channels, height, width)), channels, height, width);
        if (values is not null) Device.Upload(values, map);
        return map;
    }

    public DeviceImage Image(int height, int width, float[]? values = null)
    {
        DeviceImage image = new(memory, Take(DeviceVector.BytesFor(3L * height * width)), height, width);
        if (values is not null) Device.Upload(values, image.Vector);
        return image;
    }

    public DeviceVector Vector(float[] values)
    {
        DeviceVector vector = new(memory, Take(DeviceVector.BytesFor(values.Length)), values.Length);
        Device.Upload(values, vector);
        return vector;
    }

    public DeviceBytes Bytes(long bytes) => new(memory, Take(bytes));

    /// <summary>What an operation that writes a scalar wrote.</summary>
    public double Scalar(Action<DeviceScalar> operation)
    {
        using DeviceMemory scalar = Device.Allocate(sizeof(double));
        operation(new DeviceScalar(scalar, 0));
        double[] value = new double[1];
        Device.ReadScalars(scalar, value);
        return value[0];
    }

    public float[] Read(FeatureMap map)
    {
        float[] values = new float[map.Channels * map.Positions];
        Device.Download(map, values);
        return values;
    }

    public float[] Read(DeviceVector vector)
    {
        float[] values = new float[vector.Length];
        Device.Download(vector, values);
        return values;
    }

    /// <summary>ReLU bits of a map as the device writes them: the map through a convolution that copies.</summary>
    public (FeatureMap Map, DeviceBytes Bits) Rectified(int channels, int height, int width, float[] values)
    {
        float[] copy = new float[channels * channels * 9];
        for (int i = 0; i < channels; i++) copy[(i * channels + i) * 9 + 4] = 1;
        using Conv3x3Weights weights = Device.PrepareConv3x3(new(channels, channels, copy, new float[channels]), forwardOnly: true);
        FeatureMap map = Map(channels, height, width);
        DeviceBytes bits = Bytes(Device.ReluBitsBytes(channels, height, width));
        Device.Conv3x3Forward(Map(channels, height, width, values), weights, map, bits);
        return (map, bits);
    }

    /// <summary>Forgets all views.</summary>
    public void Clear() => used = 0;

    public void Dispose() => memory.Dispose();

    private long Take(long bytes)
    {
        long start = used;
        used += (bytes + 63) / 64 * 64;
        return used <= Size ? start : throw new InvalidOperationException($"a gradient check needs more than {Size} bytes");
    }
}
