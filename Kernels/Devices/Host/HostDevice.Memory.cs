using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>The CPU device: blocked maps, a lane is a channel. This part: memory, layouts, transfers.</summary>
internal sealed unsafe partial class HostDevice<TSimd, TVector> : IDevice
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private readonly WorkerPool pool;
    private readonly ConvolutionAlgorithm convolution;
    private HostMemory scratch = new(0);
    private bool disposed;

    public HostDevice(int threads, ConvolutionAlgorithm convolution) => (pool, this.convolution) = (new WorkerPool(threads), convolution);

    public string Name => $"CPU, {pool.Threads} thread{(pool.Threads == 1 ? "" : "s")}, {32 * TSimd.Lanes}-bit SIMD";

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        pool.Dispose();
        scratch.Dispose();
    }

    public DeviceMemory Allocate(long bytes) => new HostMemory(bytes);

    public long FeatureMapBytes(int channels, int height, int width) => Align(MapBytes(channels, height, width));

    public long ReluBitsBytes(int channels, int height, int width) => Align(Vectors(channels, height, width) * LaneBits.BytesPerVector(TSimd.Lanes));

    public long SwitchesBytes(int channels, int height, int width) =>
        Align(2 * Vectors(channels, height / 2, width / 2) * LaneBits.BytesPerVector(TSimd.Lanes));

    public void Upload(ReadOnlySpan<float> source, DeviceVector destination)
    {
        OperationChecks.Upload(source.Length, destination);
        source.CopyTo(new Span<float>(Pointer(destination), source.Length));
    }

    public void Download(DeviceVector source, Span<float> destination)
    {
        OperationChecks.Download(source, destination.Length);
        new Span<float>(Pointer(source), destination.Length).CopyTo(destination);
    }

    public void Upload(ReadOnlySpan<float> source, FeatureMap destination)
    {
        OperationChecks.Transfer(destination, source.Length);
        BlockedMap map = Blocked(destination);
        fixed (float* values = source)
            pool.Run(map.Blocks, new LayoutJob { Map = map, Channels = destination.Channels, Values = values, ToBlocked = true });
    }

    public void Download(FeatureMap source, Span<float> destination)
    {
        OperationChecks.Transfer(source, destination.Length);
        BlockedMap map = Blocked(source);
        fixed (float* values = destination)
            pool.Run(map.Blocks, new LayoutJob { Map = map, Channels = source.Channels, Values = values, ToBlocked = false });
    }

    public void ReadScalars(DeviceMemory scalars, Span<double> destination)
    {
        OperationChecks.Scalars(scalars, destination.Length);
        new Span<double>(((HostMemory)scalars).Start, destination.Length).CopyTo(destination);
    }

    private static long Align(long bytes) => OperationChecks.Align(bytes);

    /// <summary>Vectors of values, which are those that have bits: gaps between blocks are not counted.</summary>
    private static long Vectors(int channels, int height, int width) => (long)Conv3x3Packing.Blocks(channels, TSimd.Lanes) * height * width;

    private static long MapBytes(int channels, int height, int width) =>
        BlockedMap.Vectors(Conv3x3Packing.Blocks(channels, TSimd.Lanes), (nint)height * width) * TSimd.Lanes * sizeof(float);

    private static byte* At(DeviceMemory memory, long offset, long bytes)
    {
        HostMemory host = memory as HostMemory ?? throw new ArgumentException("this memory belongs to another device");
        OperationChecks.View(host.Bytes, offset, bytes);
        return host.Start + offset;
    }

    private static float* Pointer(DeviceVector vector) => (float*)At(vector.Memory, vector.Offset, vector.Length * sizeof(float));

    private static float* Pointer(DeviceImage image) => Pointer(image.Vector);

    private static double* Pointer(DeviceScalar scalar)
    {
        OperationChecks.Scalar(scalar);
        return (double*)At(scalar.Memory, 0, 0) + scalar.Index;
    }

    private static BlockedMap Blocked(FeatureMap map)
    {
        OperationChecks.Elements(map);
        long bytes = MapBytes(map.Channels, map.Height, map.Width);
        return new BlockedMap((float*)At(map.Memory, map.Offset, bytes), Conv3x3Packing.Blocks(map.Channels, TSimd.Lanes), map.Height, map.Width);
    }

    private static LaneBits Bits(DeviceBytes bytes, long vectors) =>
        new(bytes.Memory is { } memory ? At(memory, bytes.Offset, vectors * LaneBits.BytesPerVector(TSimd.Lanes)) : null);

    private static LaneBits ReluBits(DeviceBytes bytes, FeatureMap map) => Bits(bytes, Vectors(map.Channels, map.Height, map.Width));

    /// <summary>The memory that operations work in, for tests: until a larger need, as large as the largest so far.</summary>
    internal HostMemory ScratchMemory => scratch;

    /// <summary>Memory between operations: grown to the largest need, which the first iteration finds.</summary>
    private byte* Scratch(long bytes)
    {
        if (scratch.Bytes < bytes)
        {
            scratch.Dispose();
            scratch = new HostMemory(bytes);
        }
        return scratch.Start;
    }

    /// <summary>[C, H, W] to blocks or back; an item is a block.</summary>
    private struct LayoutJob : IJob
    {
        public BlockedMap Map;
        public int Channels;
        public float* Values;
        public bool ToBlocked;

        public readonly void Run(int item, int worker)
        {
            float* blocked = Map.At<TSimd, TVector>(item, 0, 0);
            for (int lane = 0; lane < TSimd.Lanes; lane++)
            {
                int channel = item * TSimd.Lanes + lane;
                float* plane = Values + channel * Map.Positions;
                for (nint i = 0; i < Map.Positions; i++)
                {
                    if (channel >= Channels) { if (ToBlocked) blocked[i * TSimd.Lanes + lane] = 0; }
                    else if (ToBlocked) blocked[i * TSimd.Lanes + lane] = plane[i];
                    else plane[i] = blocked[i * TSimd.Lanes + lane];
                }
            }
        }
    }
}
