using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>Filters packed into memory that held something else are the same to the last bit, so that it makes no difference whether
/// they are kept or packed for every run.</summary>
public unsafe class PackedFiltersTests
{
    [TestCase(5, 3)]
    [TestCase(17, 33)]
    [TestCase(64, 40)]
    public void Packing_IntoUsedMemory_WritesEveryValueThatIsRead(int outputs, int inputs)
    {
        CheckPacking<Simd256, Vector256<float>>(outputs, inputs);
        // Groups of four blocks, and of two where there are no more.
        CheckPacking<Simd512, Vector512<float>>(outputs, inputs);
    }

    private static void CheckPacking<TSimd, TVector>(int outputs, int inputs)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        float[] weights = RandomValues.Floats(new Random(1), outputs * inputs * 9);
        using WorkerPool pool = new(2);
        int compared = 0;
        fixed (float* w = weights)
            foreach (bool transposed in new[] { false, true })
                foreach (int points in new[] { 9, 16, 36 })
                {
                    Conv3x3Filters filters = new(w, outputs, inputs, transposed);
                    float[] clean = Packed<TSimd, TVector>(pool, filters, points, 0);
                    float[] used = Packed<TSimd, TVector>(pool, filters, points, float.NaN);
                    int blocks = Conv3x3Packing.Blocks(filters.Outputs, TSimd.Lanes);
                    int step = clean.Length / points, row = RegisterTile.Vectors(blocks, TSimd.Lanes) * TSimd.Lanes;
                    for (int i = 0; i < clean.Length; i++, compared++)
                        // The last row of a point only keeps the points apart.
                        if (i % step < step - row && BitConverter.SingleToUInt32Bits(clean[i]) != BitConverter.SingleToUInt32Bits(used[i]))
                            Assert.Fail($"{TSimd.Lanes} lanes, {points} points, transposed {transposed}: " +
                                $"float {i} is {clean[i]} or {used[i]}");
                }
        Assert.That(compared, Is.GreaterThan(1000));
    }

    [Test]
    public void Trim_ChangesNoBitOfTheResult()
    {
        const int Channels = 24, Side = 30;
        using IDevice device = HostDevice.Create(2);
        Random random = new(2);
        using Conv3x3Weights weights = device.PrepareConv3x3(new(Channels, Channels, RandomValues.Floats(random, Channels * Channels * 9), new float[Channels]));
        long bytes = device.FeatureMapBytes(Channels, Side, Side);
        using DeviceMemory memory = device.Allocate(2 * bytes);
        FeatureMap x = new(memory, 0, Channels, Side, Side), y = new(memory, bytes, Channels, Side, Side);
        device.Upload(RandomValues.Floats(random, Channels * Side * Side), x);
        float[] first = Result(), again = Result();
        weights.Trim();
        ArrayComparison.AssertIdentical("with kept filters", first, again);
        ArrayComparison.AssertIdentical("after a trim", first, Result());

        float[] Result()
        {
            device.Conv3x3Forward(x, weights, y, DeviceBytes.None);
            float[] values = new float[Channels * Side * Side];
            device.Download(y, values);
            return values;
        }
    }

    // What the rule costs and saves is measured in tools/bench/results; these are the shapes that it was made for.
    [TestCase(1024, 64, 512, false)]
    [TestCase(512, 64, 512, false)]
    [TestCase(256, 64, 256, true)]
    [TestCase(256, 32, 512, true)]
    public void KeepsFilters_OnlyWherePackingIsAShareOfTheTime(int picture, int side, int channels, bool kept)
    {
        long bytes = Conv3x3Packing.Length(channels, channels, 16, Winograd4x4.Points) * sizeof(float);
        Assert.That(ConvolutionRule.KeepsFilters((long)side * side, bytes), Is.EqualTo(kept), $"{channels} channels of a picture of {picture}");
    }

    private static float[] Packed<TSimd, TVector>(WorkerPool pool, Conv3x3Filters filters, int points, float before)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        float[] packed = new float[Conv3x3Packing.Length(filters.Outputs, filters.Inputs, TSimd.Lanes, points)];
        Array.Fill(packed, before);
        fixed (float* p = packed)
            switch (points)
            {
                case 9: Conv3x3Packing<TSimd, TVector>.Direct(pool, filters, p); break;
                case 16: Conv3x3Packing<TSimd, TVector>.Winograd<Winograd2x2>(pool, filters, p); break;
                default: Conv3x3Packing<TSimd, TVector>.Winograd<Winograd4x4>(pool, filters, p); break;
            }
        return packed;
    }
}
