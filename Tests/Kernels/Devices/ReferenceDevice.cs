using System.Runtime.InteropServices;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>A device made of the definitions: float32 in memory, float64 in every operation, plain loops, one thread.</summary>
/// <remarks>It proves that the fixture <see cref="DeviceOperationTests"/> can be passed, and stands in for a real device where a
/// network or an optimiser is tested and the kernels are not. Feature maps lie as [C, H, W]; bits and switches take a byte each.</remarks>
internal sealed partial class ReferenceDevice : IDevice
{
    public string Name => "reference (float64, plain loops)";

    /// <summary>How often <see cref="Allocate"/> was called: nothing may be allocated within an iteration.</summary>
    public int Allocations { get; private set; }

    public DeviceMemory Allocate(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        Allocations++;
        return new Block(bytes);
    }

    public long FeatureMapBytes(int channels, int height, int width) => DeviceVector.BytesFor((long)channels * height * width);

    public long ReluBitsBytes(int channels, int height, int width) => Aligned((long)channels * height * width);

    public long SwitchesBytes(int channels, int height, int width) => Aligned((long)channels * (height / 2) * (width / 2));

    public void Upload(ReadOnlySpan<float> source, DeviceVector destination)
    {
        Require(source.Length == destination.Length, $"{source.Length} values for a vector of {destination.Length}");
        source.CopyTo(Floats(destination));
    }

    public void Download(DeviceVector source, Span<float> destination)
    {
        Require(destination.Length == source.Length, $"a vector of {source.Length} into room for {destination.Length}");
        Floats(source).CopyTo(destination);
    }

    public void Upload(ReadOnlySpan<float> source, FeatureMap destination) => Upload(source, Flat(destination));

    public void Download(FeatureMap source, Span<float> destination) => Download(Flat(source), destination);

    public void ReadScalars(DeviceMemory scalars, Span<double> destination)
    {
        Span<double> values = MemoryMarshal.Cast<byte, double>(((Block)scalars).Values.AsSpan());
        Require(destination.Length <= values.Length, $"{destination.Length} scalars of a block of {values.Length}");
        values[..destination.Length].CopyTo(destination);
    }

    public void Dispose()
    {
    }

    private static long Aligned(long bytes) => (bytes + 63) / 64 * 64;

    private static void Require(bool condition, string mismatch)
    {
        if (!condition) throw new ArgumentException(mismatch);
    }

    private static DeviceVector Flat(FeatureMap map) => new(map.Memory, map.Offset, map.Channels * map.Positions);

    private static string Shape(FeatureMap map) => $"[{map.Channels},{map.Height},{map.Width}]";

    private static Span<byte> Bytes(DeviceMemory memory, long offset, long count)
    {
        byte[] values = ((Block)memory).Values;
        Require(offset >= 0 && offset % 64 == 0, $"the offset {offset} is not a multiple of 64");
        Require(count >= 0 && offset + count <= values.Length, $"bytes {offset} to {offset + count} of a block of {values.Length}");
        return values.AsSpan((int)offset, (int)count);
    }

    private static Span<float> Floats(DeviceVector vector) =>
        MemoryMarshal.Cast<byte, float>(Bytes(vector.Memory, vector.Offset, vector.Length * sizeof(float)));

    private static double[] Read(DeviceVector vector) => Floats(vector).ToArray().ToDouble();

    private static double[] Read(FeatureMap map) => Read(Flat(map));

    private static void Write(double[] values, DeviceVector vector)
    {
        Span<float> floats = Floats(vector);
        for (int i = 0; i < values.Length; i++) floats[i] = (float)values[i];
    }

    private static void Write(double[] values, FeatureMap map) => Write(values, Flat(map));

    private static void Write(double value, DeviceScalar scalar)
    {
        Span<double> values = MemoryMarshal.Cast<byte, double>(((Block)scalar.Memory).Values.AsSpan());
        Require(scalar.Index >= 0 && scalar.Index < values.Length, $"scalar {scalar.Index} of a block of {values.Length}");
        values[scalar.Index] = value;
    }

    private static bool[]? ReadBits(DeviceBytes bits, long count) =>
        bits.Memory is null ? null : Array.ConvertAll(Bytes(bits.Memory, bits.Offset, count).ToArray(), b => b != 0);

    private sealed class Block(long bytes) : DeviceMemory
    {
        public byte[] Values { get; } = new byte[bytes];

        public override long Bytes => Values.LongLength;

        public override void Dispose()
        {
        }
    }
}
