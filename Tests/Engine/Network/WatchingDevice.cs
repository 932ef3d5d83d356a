using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Engine.Network;

/// <summary>Another device that counts what is allocated and can fill it with garbage.</summary>
internal class WatchingDevice(IDevice inner) : IDevice
{
    private readonly List<DeviceMemory> taken = [];

    /// <summary>How often <see cref="Allocate"/> was called.</summary>
    public int Allocations => taken.Count;

    public string Name => inner.Name;

    /// <summary>Watches a device, which keeps its fused operations if it has some.</summary>
    public static WatchingDevice Around(IDevice inner) => inner is IFusedDevice fused ? new WatchingFusedDevice(fused) : new WatchingDevice(inner);

    /// <summary>Overwrites every allocation of this size with a bit pattern.</summary>
    /// <param name="bytes">Size as it was asked for.</param>
    /// <param name="pattern">Bits of each float32.</param>
    /// <returns>How many allocations that were.</returns>
    public int Fill(long bytes, uint pattern)
    {
        float[] garbage = new float[bytes / sizeof(float)];
        Array.Fill(garbage, BitConverter.UInt32BitsToSingle(pattern));
        int count = 0;
        foreach (DeviceMemory memory in taken.Where(m => m.Bytes == bytes))
        {
            inner.Upload(garbage, new DeviceVector(memory, 0, garbage.Length));
            count++;
        }
        return count;
    }

    public DeviceMemory Allocate(long bytes)
    {
        DeviceMemory memory = inner.Allocate(bytes);
        taken.Add(memory);
        return memory;
    }

    public void Dispose() => inner.Dispose();

    public long FeatureMapBytes(int channels, int height, int width) => inner.FeatureMapBytes(channels, height, width);

    public long ReluBitsBytes(int channels, int height, int width) => inner.ReluBitsBytes(channels, height, width);

    public long SwitchesBytes(int channels, int height, int width) => inner.SwitchesBytes(channels, height, width);

    public void Upload(ReadOnlySpan<float> source, DeviceVector destination) => inner.Upload(source, destination);

    public void Download(DeviceVector source, Span<float> destination) => inner.Download(source, destination);

    public void Upload(ReadOnlySpan<float> source, FeatureMap destination) => inner.Upload(source, destination);

    public void Download(FeatureMap source, Span<float> destination) => inner.Download(source, destination);

    public void ReadScalars(DeviceMemory scalars, Span<double> destination) => inner.ReadScalars(scalars, destination);

    public Conv3x3Weights PrepareConv3x3(Conv3x3Parameters parameters, bool forwardOnly = false) =>
        inner.PrepareConv3x3(parameters, forwardOnly);

    public void Conv3x3Forward(FeatureMap x, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true) =>
        inner.Conv3x3Forward(x, weights, y, reluBits, relu);

    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate) =>
        inner.Conv3x3BackwardInput(dY, weights, dX, reluBits, accumulate);

    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm gram) =>
        inner.Conv3x3BackwardInput(dY, weights, dX, reluBits, accumulate, gram);

    public Conv3x3Weights PrepareImageConv3x3(Conv3x3Parameters parameters, ReadOnlySpan<float> mean) =>
        inner.PrepareImageConv3x3(parameters, mean);

    public void ImageConv3x3Forward(DeviceImage image, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true) =>
        inner.ImageConv3x3Forward(image, weights, y, reluBits, relu);

    public void ImageConv3x3Backward(FeatureMap dY, Conv3x3Weights weights, DeviceImage dImage, bool accumulate) =>
        inner.ImageConv3x3Backward(dY, weights, dImage, accumulate);

    public void ReluBackward(FeatureMap dX, DeviceBytes reluBits) => inner.ReluBackward(dX, reluBits);

    public void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches) =>
        inner.PoolForward(x, y, pooling, switches);

    public void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits, bool accumulate) =>
        inner.PoolBackward(dY, dX, pooling, switches, reluBits, accumulate);

    public void Gram(FeatureMap f, DeviceVector gram) => inner.Gram(f, gram);

    public void GramLoss(DeviceVector gram, DeviceVector target, double scale, long positions, DeviceScalar loss) =>
        inner.GramLoss(gram, target, scale, positions, loss);

    public void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF, bool accumulate) => inner.GramBackward(d, f, dF, accumulate);

    public void ContentLoss(FeatureMap f, FeatureMap target, double scale, FeatureMap dF, bool accumulate, DeviceScalar loss) =>
        inner.ContentLoss(f, target, scale, dF, accumulate, loss);

    public void TotalVariation(DeviceImage image, double scale, DeviceImage dImage, bool accumulate, DeviceScalar loss) =>
        inner.TotalVariation(image, scale, dImage, accumulate, loss);

    public void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, Span<double> results) => inner.Dots(a, b, results);

    public void LinearCombination(ReadOnlySpan<double> coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result) =>
        inner.LinearCombination(coefficients, vectors, result);

    public void Clamp(DeviceVector x, float low, float high) => inner.Clamp(x, low, high);

    public void ProjectGradient(DeviceVector x, float low, float high, DeviceVector g) => inner.ProjectGradient(x, low, high, g);

    public void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average, in AdamSettings settings) =>
        inner.AdamStep(x, g, m, v, average, settings);
}

/// <summary>The same for a device with fused operations.</summary>
internal sealed class WatchingFusedDevice(IFusedDevice inner) : WatchingDevice(inner), IFusedDevice
{
    public bool FusesPooling(int height, int width) => inner.FusesPooling(height, width);

    public void Conv3x3PoolForward(FeatureMap x, Conv3x3Weights weights, DeviceBytes reluBits, FeatureMap y, Pooling pooling, DeviceBytes switches) =>
        inner.Conv3x3PoolForward(x, weights, reluBits, y, pooling, switches);

    public void PoolConv3x3BackwardInput(FeatureMap dY, Pooling pooling, DeviceBytes switches, DeviceBytes innerBits, Conv3x3Weights weights,
        FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm? gram) =>
        inner.PoolConv3x3BackwardInput(dY, pooling, switches, innerBits, weights, dX, reluBits, accumulate, gram);

    public void ImageGramBackward(DeviceImage image, Conv3x3Weights weights, DeviceVector d, FeatureMap dF, DeviceBytes reluBits) =>
        inner.ImageGramBackward(image, weights, d, dF, reluBits);
}
