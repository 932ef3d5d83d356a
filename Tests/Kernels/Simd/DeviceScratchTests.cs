using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Simd;
using GatysGpu.Tests.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>The CPU device takes as much scratch memory as its operations write: each runs on a device of its own, whose memory
/// is then just as large as that operation asks for.</summary>
/// <remarks>What one part of this memory writes into the next is seen by the tests of results: a ring, filters, a worker's tiles
/// or sums would be wrong.</remarks>
public unsafe class DeviceScratchTests
{
    private const byte Guard = 0xA5;

    // Less than a window of F(4×4), odd numbers of blocks, several items a worker, so many positions that packed filters are not
    // kept, and blocks that stand apart even in a row.
    private static readonly (int K, int C, int H, int W)[] Shapes =
        [(5, 3, 2, 3), (17, 33, 24, 25), (40, 16, 31, 40), (16, 8, 128, 128), (33, 17, 2, 2048)];

    [Test]
    public void Operations_WriteNothingBehindTheScratchMemoryThatTheDeviceTook(
        [Values(SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512)] SimdWidth width,
        [Values(ConvolutionAlgorithm.Direct, ConvolutionAlgorithm.Winograd2x2, ConvolutionAlgorithm.Winograd4x4)]
        ConvolutionAlgorithm algorithm,
        [Values(1, 3)] int threads)
    {
        switch (width)
        {
            case SimdWidth.Bits128: Check(() => new HostDevice<Simd128, Vector128<float>>(threads, algorithm)); break;
            case SimdWidth.Bits256: Check(() => new HostDevice<Simd256, Vector256<float>>(threads, algorithm)); break;
            default: Check(() => new HostDevice<Simd512, Vector512<float>>(threads, algorithm)); break;
        }
    }

    private static void Check<TSimd, TVector>(Func<HostDevice<TSimd, TVector>> make)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        foreach ((int k, int c, int h, int w) in Shapes)
            foreach (Padding padding in new[] { Padding.Zero, Padding.Reflect })
                foreach ((string name, Action<IFusedDevice> operation) in Operations(make(), k, c, h, w, padding))
                    Check(make, $"{name}, {c} to {k} channels, {w}×{h}, {padding}", operation);
    }

    private static void Check<TSimd, TVector>(Func<HostDevice<TSimd, TVector>> make, string what,
        Action<IFusedDevice> operation)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        using HostDevice<TSimd, TVector> device = make();
        operation(device);
        HostMemory scratch = device.ScratchMemory;
        Assert.That(scratch.Bytes, Is.GreaterThan(0), what);
        Span<byte> behind = new(scratch.Start + scratch.Bytes, HostMemory.ReadBeyond);
        behind.Fill(Guard);
        operation(device);
        Assert.That(device.ScratchMemory, Is.SameAs(scratch), what);
        int changed = behind.IndexOfAnyExcept(Guard);
        Assert.That(changed, Is.EqualTo(-1),
            $"{what}: byte {changed} behind {scratch.Bytes} bytes of scratch memory was written");
    }

    /// <summary>Operations on views of one memory, which they share with each other and with every CPU device.</summary>
    private static IEnumerable<(string Name, Action<IFusedDevice> Operation)> Operations(IFusedDevice device, int k, int c,
        int h, int w, Padding padding)
    {
        using (device)
        {
            using GuardedArena arena = new(device, 8 << 20);
            using DeviceMemory scalar = device.Allocate(sizeof(double));
            DeviceScalar loss = new(scalar, 0);
            FeatureMap x = arena.Map(c, h, w), dX = arena.Map(c, h, w), y = arena.Map(k, h, w), dY = arena.Map(k, h, w);
            FeatureMap pooled = arena.Map(k, h / 2, w / 2);
            DeviceImage image = arena.Image(h, w), dImage = arena.Image(h, w);
            DeviceBytes bits = arena.Bytes(device.ReluBitsBytes(k, h, w)), none = DeviceBytes.None;
            GramTerm gram = new(arena.Vector((long)c * c), x);
            DeviceVector square = arena.Vector((long)k * k);
            foreach (GramTerm? style in new GramTerm?[] { null, gram })
            {
                yield return ($"backward, style {style is not null}", on => WithWeights(on, weights =>
                {
                    if (style is { } term) on.Conv3x3BackwardInput(dY, weights, dX, none, false, term);
                    else on.Conv3x3BackwardInput(dY, weights, dX, none, false);
                }));
                if (device.FusesPooling(h, w))
                    yield return ($"backward from a pooling, style {style is not null}", on => WithWeights(on, weights =>
                        on.PoolConv3x3BackwardInput(pooled, Pooling.Average, none, none, weights, dX, none, false, style)));
            }
            yield return ("forward", on => WithWeights(on, weights => on.Conv3x3Forward(x, weights, y, none)));
            if (device.FusesPooling(h, w))
                yield return ("forward with pooling", on => WithWeights(on,
                    weights => on.Conv3x3PoolForward(x, weights, none, pooled, Pooling.Average, none)));
            yield return ("image forward", on => WithImageWeights(on,
                weights => on.ImageConv3x3Forward(image, weights, y, bits)));
            yield return ("image backward", on => WithImageWeights(on,
                weights => on.ImageConv3x3Backward(dY, weights, dImage, false)));
            yield return ("image D·F", on => WithImageWeights(on,
                weights => on.ImageGramBackward(image, weights, square, dY, bits)));
            yield return ("Gram", on => on.Gram(y, square));
            yield return ("D·F", on => on.GramBackward(square, y, dY, false));
            yield return ("content loss", on => on.ContentLoss(y, dY, 1, dY, false, loss));
            yield return ("total variation", on => on.TotalVariation(image, 1, dImage, false, loss));
            yield return ("inner products", on => on.Dots([square, square], square, new double[2]));
        }

        void WithWeights(IFusedDevice on, Action<Conv3x3Weights> operation)
        {
            using Conv3x3Weights weights = on.PrepareConv3x3(new(k, c, new float[k * c * 9], new float[k], padding));
            operation(weights);
        }

        void WithImageWeights(IFusedDevice on, Action<Conv3x3Weights> operation)
        {
            Conv3x3Parameters parameters = new(k, 3, new float[k * 27], new float[k], padding);
            using Conv3x3Weights weights = on.PrepareImageConv3x3(parameters, new float[3]);
            operation(weights);
        }
    }
}
