using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Kernels.Devices.Gpu;

// Memory, layouts, transfers. A map is dense [C, H, W] float32; bits and switches are laid out as ReluBackwardGpu and
// Pool2x2Gpu say.
public sealed partial class GpuDevice
{
    private GpuMemory? scratch;

    /// <inheritdoc/>
    public DeviceMemory Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return Take(bytes);
    }

    /// <inheritdoc/>
    public long FeatureMapBytes(int channels, int height, int width) =>
        OperationChecks.Align((long)channels * height * width * sizeof(float));

    /// <inheritdoc/>
    public long ReluBitsBytes(int channels, int height, int width) => OperationChecks.Align(BitsLength(channels, height, width));

    /// <inheritdoc/>
    public long SwitchesBytes(int channels, int height, int width) =>
        OperationChecks.Align(SwitchesLength(channels, height / 2, width / 2));

    /// <inheritdoc/>
    public bool HasOwnMemory => accelerator.AcceleratorType == AcceleratorType.Cuda;

    /// <inheritdoc/>
    public (long Kept, long Shared) ConvolutionBytes(int outputs, int inputs, int height, int width, bool forwardOnly)
    {
        long forward = Conv3x3GpuFilters.Length(outputs, inputs), backward = Conv3x3GpuFilters.Length(inputs, outputs);
        return (sizeof(float) * (outputs + forward + (forwardOnly ? 0 : backward)), 0);
    }

    /// <inheritdoc/>
    public long ReflectionBytes(int outputs, int inputs) =>
        TensorCores ? (long)sizeof(float) * Conv3x3GpuFilters.Length(inputs, outputs) : 0;

    /// <inheritdoc/>
    public long GramBytes(int channels, long positions) => sizeof(float) * new GramSplit(channels, positions).ScratchLength;

    /// <inheritdoc/>
    public void Upload(ReadOnlySpan<float> source, DeviceVector destination)
    {
        OperationChecks.Upload(source.Length, destination);
        View(destination).CopyFromCPU(source);
    }

    /// <inheritdoc/>
    public void Download(DeviceVector source, Span<float> destination)
    {
        OperationChecks.Download(source, destination.Length);
        View(source).CopyToCPU(destination);
    }

    /// <inheritdoc/>
    public void Upload(ReadOnlySpan<float> source, FeatureMap destination)
    {
        OperationChecks.Transfer(destination, source.Length);
        View(destination).CopyFromCPU(source);
    }

    /// <inheritdoc/>
    public void Download(FeatureMap source, Span<float> destination)
    {
        OperationChecks.Transfer(source, destination.Length);
        View(source).CopyToCPU(destination);
    }

    /// <inheritdoc/>
    public void ReadScalars(DeviceMemory scalars, Span<double> destination)
    {
        OperationChecks.Scalars(scalars, destination.Length);
        Bytes(scalars, 0, destination.Length * sizeof(double)).Cast<double>().CopyToCPU(destination);
    }

    private static long BitsLength(int channels, int height, int width) =>
        (long)channels * height * ReluBackwardGpu.BitBytes(width);

    private static long SwitchesLength(int channels, int rows, int columns) =>
        (long)channels * rows * Pool2x2Gpu.SwitchBytes(columns);

    private GpuMemory Take(long bytes) => Fitting(() => new GpuMemory(accelerator, bytes));

    /// <summary>Does what takes memory, and says what to lower where there is too little.</summary>
    private static T Fitting<T>(Func<T> take)
    {
        try
        {
            return take();
        }
        catch (DeviceOutOfMemoryException e)
        {
            throw new DeviceMemoryException($"{e.Message} Lower --size or the L-BFGS history.");
        }
    }

    private ArrayView<byte> Bytes(DeviceMemory memory, long offset, long length)
    {
        if (memory is not GpuMemory own || !own.IsOf(accelerator))
            throw new ArgumentException("this memory belongs to another device");
        OperationChecks.View(own.Bytes, offset, length);
        return own.View.SubView(offset, length);
    }

    private ArrayView<float> View(DeviceVector vector) =>
        Bytes(vector.Memory, vector.Offset, vector.Length * sizeof(float)).Cast<float>();

    private ArrayView<float> View(DeviceImage image) => View(image.Vector);

    private ArrayView<float> View(FeatureMap map)
    {
        OperationChecks.Elements(map);
        if (map.Channels * map.Positions > int.MaxValue)
            throw new DeviceMemoryException($"a map of {map.Channels}×{map.Height}×{map.Width} has more than the {int.MaxValue} "
                + "elements that the GPU's kernels count; lower --size or take --device cpu");
        return Bytes(map.Memory, map.Offset, map.Channels * map.Positions * sizeof(float)).Cast<float>();
    }

    /// <summary>All scalars of a memory, of which one is meant.</summary>
    private ArrayView<double> View(DeviceScalar scalar)
    {
        OperationChecks.Scalar(scalar);
        return Bytes(scalar.Memory, 0, scalar.Memory.Bytes).Cast<double>();
    }

    /// <summary>The ReLU bits of a map; nothing where there are none.</summary>
    private ArrayView<byte> ReluBits(DeviceBytes bits, FeatureMap map) => bits.Memory is { } memory
        ? Bytes(memory, bits.Offset, BitsLength(map.Channels, map.Height, map.Width)) : default;

    /// <summary>The switches of a pooling's output; nothing where there are none.</summary>
    private ArrayView<byte> Switches(DeviceBytes switches, FeatureMap y) => switches.Memory is { } memory
        ? Bytes(memory, switches.Offset, SwitchesLength(y.Channels, y.Height, y.Width)) : default;

    /// <summary>Memory between the kernels of one operation: grown to the largest need, which the first iteration
    /// finds.</summary>
    private ArrayView<float> Scratch(long floats)
    {
        long bytes = floats * sizeof(float);
        if (scratch is null || scratch.Bytes < bytes)
        {
            // What is queued may still use the old one.
            accelerator.Synchronize();
            scratch?.Dispose();
            scratch = Take(bytes);
        }
        return scratch.View.SubView(0, bytes).Cast<float>();
    }
}
