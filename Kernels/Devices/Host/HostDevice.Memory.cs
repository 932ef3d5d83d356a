using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>The CPU device: blocked maps, a lane is a channel. This part: memory, layouts, transfers.</summary>
internal sealed unsafe partial class HostDevice<TSimd, TVector> : IDevice
    where TSimd : ISimd<TVector>
    where TVector : unmanaged
{
    private const int Alignment = 64;
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

    public long FeatureMapBytes(int channels, int height, int width) => Align(Vectors(channels, height, width) * TSimd.Lanes * sizeof(float));

    public long ReluBitsBytes(int channels, int height, int width) => Align(Vectors(channels, height, width) * LaneBits.BytesPerVector(TSimd.Lanes));

    public long SwitchesBytes(int channels, int height, int width) =>
        Align(2 * Vectors(channels, height / 2, width / 2) * LaneBits.BytesPerVector(TSimd.Lanes));

    public void Upload(ReadOnlySpan<float> source, DeviceVector destination)
    {
        Require(source.Length == destination.Length, $"{source.Length} values do not fill a vector of {destination.Length}");
        source.CopyTo(new Span<float>(Pointer(destination), source.Length));
    }

    public void Download(DeviceVector source, Span<float> destination)
    {
        Require(destination.Length == source.Length, $"a vector of {source.Length} does not fit into {destination.Length} values");
        new Span<float>(Pointer(source), destination.Length).CopyTo(destination);
    }

    public void Upload(ReadOnlySpan<float> source, FeatureMap destination)
    {
        RequireLength(destination, source.Length);
        BlockedMap map = Blocked(destination);
        fixed (float* values = source)
            pool.Run(map.Blocks, new LayoutJob { Map = map, Channels = destination.Channels, Values = values, ToBlocked = true });
    }

    public void Download(FeatureMap source, Span<float> destination)
    {
        RequireLength(source, destination.Length);
        BlockedMap map = Blocked(source);
        fixed (float* values = destination)
            pool.Run(map.Blocks, new LayoutJob { Map = map, Channels = source.Channels, Values = values, ToBlocked = false });
    }

    public void ReadScalars(DeviceMemory scalars, Span<double> destination)
    {
        Require(destination.Length * sizeof(double) <= scalars.Bytes, $"{scalars.Bytes} bytes hold fewer than {destination.Length} scalars");
        new Span<double>(((HostMemory)scalars).Start, destination.Length).CopyTo(destination);
    }

    private static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    private static long Vectors(int channels, int height, int width) => (long)Conv3x3Packing.Blocks(channels, TSimd.Lanes) * height * width;

    private static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    private static void Require(bool condition, [InterpolatedStringHandlerArgument(nameof(condition))] ref RequirementMessage message)
    {
        if (!condition) throw new ArgumentException(message.ToString());
    }

    private static void RequireLength(FeatureMap map, int length) => Require(length == map.Channels * map.Positions,
        $"a map of {map.Channels}×{map.Height}×{map.Width} has {map.Channels * map.Positions} values, not {length}");

    private static void RequireShape(FeatureMap map, int channels, int height, int width, string what) =>
        Require(map.Channels == channels && map.Height == height && map.Width == width,
            $"{what} is {map.Channels}×{map.Height}×{map.Width}, expected {channels}×{height}×{width}");

    private static byte* At(DeviceMemory memory, long offset, long bytes)
    {
        HostMemory host = memory as HostMemory ?? throw new ArgumentException("this memory belongs to another device");
        Require(offset >= 0 && offset + bytes <= host.Bytes, $"{bytes} bytes from byte {offset} reach beyond a memory of {host.Bytes} bytes");
        Require(offset % Alignment == 0, $"a view begins at byte {offset}, which is no multiple of {Alignment}");
        return host.Start + offset;
    }

    private static float* Pointer(DeviceVector vector) => (float*)At(vector.Memory, vector.Offset, vector.Length * sizeof(float));

    private static float* Pointer(DeviceImage image) => Pointer(image.Vector);

    private static double* Pointer(DeviceScalar scalar)
    {
        Require(scalar.Index >= 0 && (scalar.Index + 1L) * sizeof(double) <= scalar.Memory.Bytes,
            $"scalar {scalar.Index} lies outside a memory of {scalar.Memory.Bytes} bytes");
        return (double*)At(scalar.Memory, 0, 0) + scalar.Index;
    }

    private static BlockedMap Blocked(FeatureMap map)
    {
        Require(map.Channels >= 1 && map.Height >= 1 && map.Width >= 1, $"a map of {map.Channels}×{map.Height}×{map.Width} has no elements");
        long bytes = Vectors(map.Channels, map.Height, map.Width) * TSimd.Lanes * sizeof(float);
        return new BlockedMap((float*)At(map.Memory, map.Offset, bytes), Conv3x3Packing.Blocks(map.Channels, TSimd.Lanes), map.Height, map.Width);
    }

    private static LaneBits Bits(DeviceBytes bytes, long vectors) =>
        new(bytes.Memory is { } memory ? At(memory, bytes.Offset, vectors * LaneBits.BytesPerVector(TSimd.Lanes)) : null);

    private static LaneBits ReluBits(DeviceBytes bytes, FeatureMap map) => Bits(bytes, Vectors(map.Channels, map.Height, map.Width));

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
            float* blocked = Map.Start + item * Map.Positions * TSimd.Lanes;
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
