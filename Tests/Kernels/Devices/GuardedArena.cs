using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>A block of device memory in which every view lies between guard zones, and which knows what an operation changed.</summary>
/// <remarks><see cref="Run"/> is what every operation is tested through: it runs it twice from the same memory and fails when a byte
/// outside the named outputs changed (guards and inputs alike) or when the second run gives other bits than the first.</remarks>
internal sealed class GuardedArena : IDisposable
{
    private const int GuardBytes = 256;
    private const float Guard = 12345.678f;
    private static volatile float[] guards = [];
    private readonly IDevice device;
    private readonly DeviceMemory memory;
    private long used;

    /// <summary>Takes memory and fills it with the guard value.</summary>
    /// <param name="device">Where.</param>
    /// <param name="bytes">Room for all views and their guards.</param>
    public GuardedArena(IDevice device, long bytes = 8 << 20)
    {
        this.device = device;
        memory = device.Allocate(bytes);
        ReadOnlySpan<float> guard = GuardValues(bytes / sizeof(float));
        device.Upload(guard, new DeviceVector(memory, 0, guard.Length));
        used = GuardBytes;
    }

    /// <summary>A part of the block that an operation may change.</summary>
    /// <param name="Offset">First byte.</param>
    /// <param name="Bytes">Number of bytes.</param>
    public readonly record struct Region(long Offset, long Bytes);

    /// <summary>A map with these values; with null it holds NaN, padding lanes of the device's layout included.</summary>
    public FeatureMap Map(int channels, int height, int width, float[]? values = null)
    {
        var map = new FeatureMap(memory, Take(device.FeatureMapBytes(channels, height, width)), channels, height, width);
        if (values is not null) device.Upload(values, map);
        return map;
    }

    /// <summary>A vector with these values; with null it holds NaN.</summary>
    public DeviceVector Vector(long length, float[]? values = null)
    {
        var vector = new DeviceVector(memory, Take(length * sizeof(float)), length);
        if (values is not null) device.Upload(values, vector);
        return vector;
    }

    /// <summary>A picture with these pixels; with null it holds NaN.</summary>
    public DeviceImage Image(int height, int width, float[]? values = null) =>
        new(memory, Vector(3L * height * width, values).Offset, height, width);

    /// <summary>Room for bits or switches, holding nothing sensible.</summary>
    public DeviceBytes Bytes(long bytes) => new(memory, Take(bytes));

    /// <summary>The part that a map takes.</summary>
    public Region Of(FeatureMap map) => new(map.Offset, device.FeatureMapBytes(map.Channels, map.Height, map.Width));

    /// <summary>The part that a vector takes: not a byte more than its values.</summary>
    public static Region Of(DeviceVector vector) => new(vector.Offset, vector.Length * sizeof(float));

    /// <summary>The part that bits or switches take.</summary>
    public static Region Of(DeviceBytes bytes, long count) => new(bytes.Offset, count);

    /// <summary>Runs an operation twice from the same memory.</summary>
    /// <param name="operation">Works on views of this block only.</param>
    /// <param name="outputs">All that it may change.</param>
    public void Run(Action operation, params Region[] outputs)
    {
        float[] before = Everything();
        operation();
        float[] first = Everything();
        for (int i = 0; i < before.Length; i++)
            if (Bits(before[i]) != Bits(first[i]) && !outputs.Any(o => i * 4L >= o.Offset && i * 4L < o.Offset + o.Bytes))
                Assert.Fail($"byte {i * 4} of the block changed from {before[i]:R} to {first[i]:R}; it is an input or a guard. Outputs: " +
                    string.Join(", ", outputs.Select(o => $"{o.Offset} to {o.Offset + o.Bytes}")));
        device.Upload(before, new DeviceVector(memory, 0, before.Length));
        operation();
        ArrayComparison.AssertIdentical("second run from the same memory", first, Everything());
    }

    /// <summary>What a map holds, [C, H, W].</summary>
    public float[] Read(FeatureMap map)
    {
        var values = new float[map.Channels * map.Positions];
        device.Download(map, values);
        return values;
    }

    /// <summary>What a vector holds.</summary>
    public float[] Read(DeviceVector vector)
    {
        var values = new float[vector.Length];
        device.Download(vector, values);
        return values;
    }

    public void Dispose() => memory.Dispose();

    // An arena is made thousands of times, by several fixtures at once: what they share is filled before they can see it.
    private static ReadOnlySpan<float> GuardValues(long count)
    {
        float[] values = guards;
        if (values.Length < count)
        {
            values = new float[count];
            Array.Fill(values, Guard);
            guards = values;
        }
        return values.AsSpan(0, (int)count);
    }

    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(value);

    private float[] Everything() => Read(new DeviceVector(memory, 0, used / sizeof(float)));

    private long Take(long bytes)
    {
        long offset = used, end = offset + (bytes + 63) / 64 * 64;
        if (end + GuardBytes > memory.Bytes) throw new InvalidOperationException($"the test's arena of {memory.Bytes} bytes is too small");
        // What is not written yet must not be read: NaN spreads and shows. The rest of the last 64 bytes stays guard.
        var unwritten = new float[bytes / sizeof(float)];
        Array.Fill(unwritten, float.NaN);
        device.Upload(unwritten, new DeviceVector(memory, offset, unwritten.Length));
        used = end + GuardBytes;
        return offset;
    }
}
