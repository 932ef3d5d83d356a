using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Kernels.Gpu;

/// <summary>A device and memory with something in it, for a kernel that is run alone.</summary>
internal sealed class KernelExample : IDisposable
{
    private readonly List<IDisposable> taken = [];
    private readonly Random random = new(1);

    public KernelExample(Accelerator accelerator, GpuPrecision precision)
    {
        Accelerator = accelerator;
        Device = new GpuDevice(accelerator, precision);
        taken.Add(Device);
    }

    /// <summary>Where the kernel runs.</summary>
    public Accelerator Accelerator { get; }

    /// <summary>The operations on it.</summary>
    public GpuDevice Device { get; }

    /// <summary>A scalar to write.</summary>
    public DeviceScalar Scalar => new(Keep(Device.Allocate(sizeof(double))), 0);

    /// <summary>A map of random values from −1 to 1.</summary>
    public FeatureMap Map(int channels, int height, int width)
    {
        FeatureMap map = new(Keep(Device.Allocate(Device.FeatureMapBytes(channels, height, width))), 0, channels, height, width);
        Device.Upload(Values(channels * height * width), map);
        return map;
    }

    /// <summary>A vector of random values from −1 to 1.</summary>
    public DeviceVector Vector(int length)
    {
        DeviceVector vector = new(Keep(Device.Allocate(DeviceVector.BytesFor(length))), 0, length);
        Device.Upload(Values(length), vector);
        return vector;
    }

    /// <summary>A picture of such values.</summary>
    public DeviceImage Image(int height, int width) => new(Vector(3 * height * width).Memory, 0, height, width);

    /// <summary>ReLU bits, all 0.</summary>
    public DeviceBytes Bits(int channels, int height, int width) =>
        new(Keep(Device.Allocate(Device.ReluBitsBytes(channels, height, width))), 0);

    /// <summary>Switches of a pooling, all 0.</summary>
    public DeviceBytes Switches(int channels, int height, int width) =>
        new(Keep(Device.Allocate(Device.SwitchesBytes(channels, height, width))), 0);

    /// <summary>Random filters in the layout of the device.</summary>
    public Conv3x3Weights Weights(int outputs, int inputs, Padding padding = Padding.Zero) =>
        Keep(Device.PrepareConv3x3(Parameters(outputs, inputs, padding)));

    /// <summary>Random filters of a first layer.</summary>
    public Conv3x3Weights ImageWeights(int outputs, Padding padding = Padding.Zero) =>
        Keep(Device.PrepareImageConv3x3(Parameters(outputs, 3, padding), [124, 117, 104]));

    /// <summary>A float array of random values on the accelerator.</summary>
    public ArrayView<float> Array(int length) => Upload(Values(length));

    /// <summary>Filters [K, C, 3, 3] in the order of <see cref="Conv3x3GpuFilters.Pack"/>.</summary>
    public ArrayView<float> PackedFilters(int outputs, int inputs) =>
        Upload(Conv3x3GpuFilters.Pack(Values(9 * outputs * inputs), outputs, inputs));

    /// <summary>Bytes on the accelerator.</summary>
    public ArrayView<byte> Bytes(int length)
    {
        MemoryBuffer1D<byte, Stride1D.Dense> buffer = Keep(Accelerator.Allocate1D<byte>(length));
        buffer.MemSetToZero();
        return buffer.View.BaseView;
    }

    public void Dispose()
    {
        // The device goes last: it is what the others were taken from.
        for (int i = taken.Count - 1; i >= 0; i--) taken[i].Dispose();
    }

    private Conv3x3Parameters Parameters(int outputs, int inputs, Padding padding) =>
        new(outputs, inputs, Values(9 * outputs * inputs), Values(outputs), padding);

    private ArrayView<float> Upload(float[] values)
    {
        MemoryBuffer1D<float, Stride1D.Dense> buffer = Keep(Accelerator.Allocate1D<float>(values.Length));
        buffer.CopyFromCPU(values);
        return buffer.View.BaseView;
    }

    private float[] Values(int length)
    {
        var values = new float[length];
        for (int i = 0; i < length; i++) values[i] = random.NextSingle() * 2 - 1;
        return values;
    }

    private T Keep<T>(T resource) where T : IDisposable
    {
        taken.Add(resource);
        return resource;
    }
}
