using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Tests.Kernels.Simd;

/// <summary>Every operation of the CPU device that works in scratch memory stays within as much as it asked for, worker by
/// worker; <see cref="DeviceScratchTests"/> looks behind what the device takes as a whole.</summary>
/// <remarks>The fixture of all devices cannot see this memory; what is written behind it lands in other people's.</remarks>
public unsafe class ScratchMemoryTests
{
    private const int GuardBytes = 4096;
    private const byte Guard = 0xA5;

    // Channels around one, two and four vectors, of groups that are full and not; maps of one tile, part of one, many; the last
    // wide enough for a whole chunk of a product D·F.
    private static readonly (int Inputs, int Outputs, int Height, int Width)[] Shapes =
        [(3, 5, 1, 1), (17, 33, 3, 9), (16, 8, 24, 25), (33, 17, 31, 40), (70, 64, 26, 37), (1, 130, 5, 70), (20, 33, 3, 101),
            (17, 18, 32, 64)];

    // One worker does all there is to do, so that his share is filled; of three the last may find nothing left.
    [Test]
    public void Operations_WriteNothingBehindTheirScratchMemory(
        [Values(SimdWidth.Bits128, SimdWidth.Bits256, SimdWidth.Bits512)] SimdWidth width, [Values(1, 3)] int threads)
    {
        using WorkerPool pool = new(threads);
        foreach ((int inputs, int outputs, int height, int w) in Shapes)
            switch (width)
            {
                case SimdWidth.Bits128: Check<Simd128, Vector128<float>>(pool, inputs, outputs, height, w); break;
                case SimdWidth.Bits256: Check<Simd256, Vector256<float>>(pool, inputs, outputs, height, w); break;
                default: Check<Simd512, Vector512<float>>(pool, inputs, outputs, height, w); break;
            }
    }

    private static void Check<TSimd, TVector>(WorkerPool pool, int inputs, int outputs, int height, int width)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        int inBlocks = Conv3x3Packing.Blocks(inputs, TSimd.Lanes), outBlocks = Conv3x3Packing.Blocks(outputs, TSimd.Lanes);
        nint positions = (nint)height * width;
        long vector = TSimd.Lanes * sizeof(float);
        using HostMemory x = new(BlockedMap.Vectors(inBlocks, positions) * vector);
        using HostMemory y = new(BlockedMap.Vectors(outBlocks, positions) * vector);
        using HostMemory biases = new((outBlocks + 1) * vector), image = new(3 * positions * sizeof(float));
        BlockedMap input = new((float*)x.Start, inBlocks, height, width), output = new((float*)y.Start, outBlocks, height, width);
        ForwardEpilogue<TSimd, TVector> epilogue = new() { Y = output, Biases = (float*)biases.Start };
        string what = $"{inputs} to {outputs} channels, {width}×{height}, {TSimd.Lanes} lanes";

        using HostMemory square = new((long)inputs * inputs * sizeof(float));
        Guarded($"Gram, {what}", GramProduct<TSimd, TVector>.ScratchBytes(inBlocks, positions),
            scratch => GramProduct<TSimd, TVector>.Run(pool, input, inputs, (float*)square.Start, scratch));
        long packed = GramGradient<TSimd, TVector>.PackedLength(inBlocks) * sizeof(float);
        Guarded($"packing D, {what}", packed,
            scratch => GramGradient<TSimd, TVector>.Pack((float*)square.Start, inputs, inBlocks, (float*)scratch));
        using HostMemory d = new(packed);
        Guarded($"Gram backward, {what}", pool.Threads * GramGradient<TSimd, TVector>.ScratchBytes(inBlocks),
            scratch => GramBackward<TSimd, TVector>.Run(pool,
                new() { F = input, DF = input, Packed = (float*)d.Start, Scratch = scratch }));

        float[] weights = RandomValues.Floats(new Random(1), outputs * inputs * 9);
        fixed (float* w = weights)
            foreach (bool transposed in new[] { false, true })
            {
                Conv3x3Filters direction = new(w, outputs, inputs, transposed);
                Guarded($"packing, {what}",
                    Conv3x3Packing.Length(direction.Outputs, direction.Inputs, TSimd.Lanes, 9) * sizeof(float),
                    scratch => Conv3x3Packing<TSimd, TVector>.Direct(pool, direction, (float*)scratch));
                Guarded($"packing for F(4×4), {what}",
                    Conv3x3Packing.Length(direction.Outputs, direction.Inputs, TSimd.Lanes, 36) * sizeof(float),
                    scratch => Conv3x3Packing<TSimd, TVector>.Winograd<Winograd4x4>(pool, direction, (float*)scratch));
            }

        // Origin 0 is a map as it is, −1 a map with the ring that reflection needs on the way back.
        foreach (int origin in new[] { 0, -1 })
        {
            using HostMemory wide = new(BlockedMap.Vectors(outBlocks, (nint)(height + 2) * (width + 2)) * vector);
            BlockedMap ringed = new((float*)wide.Start, outBlocks, height - 2 * origin, width - 2 * origin);
            ForwardEpilogue<TSimd, TVector> ring = epilogue with { Y = ringed };
            long filterFloats = Conv3x3Packing.Length(outputs, inputs, TSimd.Lanes, Winograd4x4.Points);
            using HostMemory filters = new(filterFloats * sizeof(float));
            Conv3x3Problem<TSimd, TVector, ForwardEpilogue<TSimd, TVector>> problem = new()
            {
                X = input, Filters = (float*)filters.Start, OutputBlocks = outBlocks, Origin = origin, Epilogue = ring,
            };
            using HostMemory f = new(BlockedMap.Vectors(outBlocks, positions) * vector);
            using HostMemory matrix = new((long)outputs * outputs * sizeof(float));
            using HostMemory style = new(GramGradient<TSimd, TVector>.PackedLength(outBlocks) * sizeof(float));
            GramGradient<TSimd, TVector> gram = new()
            {
                F = new((float*)f.Start, outBlocks, height, width), DF = output, Packed = (float*)style.Start,
            };
            CheckConvolutions(pool, problem, default, $"origin {origin}, {what}");
            CheckConvolutions(pool, problem, gram, $"D·F, origin {origin}, {what}");
            if (height < 2 || width < 2) continue;
            using HostMemory pooled = new(BlockedMap.Vectors(inBlocks, (nint)(height / 2) * (width / 2)) * vector);
            Conv3x3Problem<TSimd, TVector, ForwardEpilogue<TSimd, TVector>> unpooled = problem with
            {
                X = new(null, inBlocks, height, width),
                Unpooled = new() { DY = new((float*)pooled.Start, inBlocks, height / 2, width / 2), Pooling = Pooling.Average },
            };
            CheckConvolutions(pool, unpooled, default, $"unpooled, origin {origin}, {what}");
            CheckConvolutions(pool, unpooled, gram, $"unpooled, D·F, origin {origin}, {what}");
        }

        long strip = ImageConvolution<TSimd, TVector>.ScratchBytes(outBlocks, width);
        using HostMemory forward = Copy(ImageConvolution<TSimd, TVector>.PackForward(new float[outputs * 27], outputs));
        using HostMemory backward = Copy(ImageConvolution<TSimd, TVector>.PackBackward(new float[outputs * 27], outputs));
        foreach (Padding padding in Enum.GetValues<Padding>())
        {
            Guarded($"image forward, {what}", pool.Threads * strip, scratch => pool.Run(
                height, new ImageConvolution<TSimd, TVector>.Forward
                {
                    Image = (float*)image.Start, Filters = (float*)forward.Start, Padding = padding, Height = height,
                    Epilogue = epilogue, Scratch = scratch, ScratchBytes = strip,
                }));
            CheckImageGram<TSimd, TVector>(pool, (float*)image.Start, (float*)forward.Start, padding, output, outputs, what);
            Guarded($"image backward, {what}", pool.Threads * strip, scratch => pool.Run(
                ImageConvolution<TSimd, TVector>.Backward.Strips(height), new ImageConvolution<TSimd, TVector>.Backward
                {
                    DY = output, Filters = (float*)backward.Start, Padding = padding, DImage = (float*)image.Start,
                    Scratch = scratch, ScratchBytes = strip,
                }));
        }
    }

    // By each algorithm that takes the input; with a product D·F where gram is not empty.
    private static void CheckConvolutions<TSimd, TVector>(WorkerPool pool,
        Conv3x3Problem<TSimd, TVector, ForwardEpilogue<TSimd, TVector>> problem, GramGradient<TSimd, TVector> gram, string what)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        CheckWinograd<Winograd4x4, TSimd, TVector>(pool, problem, gram, $"F(4×4), {what}");
        CheckWinograd<Winograd2x2, TSimd, TVector>(pool, problem, gram, $"F(2×2), {what}");
        if (problem.IsUnpooled) return;
        long each = DirectConvolution<TSimd, TVector>.ScratchBytes(problem.X.Blocks, problem.OutputBlocks, problem.X.Width);
        GuardedWithSums(pool, $"direct, {what}", pool.Threads * each, gram,
            (scratch, g) => DirectConvolution<TSimd, TVector>.Run(pool, problem with { Gram = g }, scratch, each));
    }

    private static void CheckWinograd<TTile, TSimd, TVector>(WorkerPool pool,
        Conv3x3Problem<TSimd, TVector, ForwardEpilogue<TSimd, TVector>> problem, GramGradient<TSimd, TVector> gram, string what)
        where TTile : IWinogradTile where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        long each = WinogradConvolution<TTile, TSimd, TVector>.ScratchBytes(problem.X.Blocks, problem.OutputBlocks);
        GuardedWithSums(pool, what, pool.Threads * each, gram,
            (scratch, g) => WinogradConvolution<TTile, TSimd, TVector>.Run(pool, problem with { Gram = g }, scratch, each));
    }

    private static void CheckImageGram<TSimd, TVector>(WorkerPool pool, float* image, float* filters, Padding padding,
        BlockedMap dF, int channels, string what)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        long strip = ImageConvolution<TSimd, TVector>.ScratchBytes(dF.Blocks, dF.Width);
        long row = BlockedMap.Vectors(dF.Blocks, dF.Width) * TSimd.Lanes * sizeof(float);
        using HostMemory biases = new((dF.Blocks + 1L) * TSimd.Lanes * sizeof(float));
        using HostMemory bits = new(dF.Blocks * dF.Positions * LaneBits.BytesPerVector(TSimd.Lanes));
        using HostMemory packed = new(GramGradient<TSimd, TVector>.PackedLength(dF.Blocks) * sizeof(float));
        GramGradient<TSimd, TVector> gram = new() { DF = dF, Packed = (float*)packed.Start, Accumulate = true };
        what = $"image D·F, {channels} channels, {what}";
        Guarded(what, pool.Threads * row, rows => GuardedWithSums(pool, what, pool.Threads * strip, gram, (scratch, g) =>
            pool.Run(dF.Height, new ImageGramBackward<TSimd, TVector>
            {
                Image = new()
                {
                    Image = image, Filters = filters, Padding = padding, Height = dF.Height, Scratch = scratch,
                    ScratchBytes = strip,
                },
                Gram = g, Biases = (float*)biases.Start, ReluBits = new(bits.Start), Rows = rows, RowBytes = row,
            })));
    }

    private delegate void InScratch(byte* scratch);

    private delegate void InScratchWithSums<TSimd, TVector>(byte* scratch, GramGradient<TSimd, TVector> gram)
        where TSimd : ISimd<TVector> where TVector : unmanaged;

    /// <summary>Guards the scratch memory of a product D·F too, where there is one.</summary>
    private static void GuardedWithSums<TSimd, TVector>(WorkerPool pool, string what, long bytes,
        GramGradient<TSimd, TVector> gram, InScratchWithSums<TSimd, TVector> operation)
        where TSimd : ISimd<TVector> where TVector : unmanaged
    {
        if (gram.IsNone) Guarded(what, bytes, scratch => operation(scratch, gram));
        else
            Guarded($"sums, {what}", pool.Threads * GramGradient<TSimd, TVector>.ScratchBytes(gram.DF.Blocks),
                sums => Guarded(what, bytes, scratch => operation(scratch, gram with { Scratch = sums })));
    }

    /// <summary>Runs with exactly so many bytes, and fails where one of the next few thousand changed.</summary>
    private static void Guarded(string what, long bytes, InScratch operation)
    {
        using HostMemory memory = new(bytes + GuardBytes);
        Span<byte> guard = new(memory.Start + bytes, GuardBytes);
        guard.Fill(Guard);
        operation(memory.Start);
        int changed = guard.IndexOfAnyExcept(Guard);
        Assert.That(changed, Is.EqualTo(-1), $"{what}: byte {changed} behind {bytes} bytes of scratch memory was written");
    }

    private static HostMemory Copy(float[] values)
    {
        HostMemory memory = new(values.LongLength * sizeof(float));
        values.CopyTo(new Span<float>(memory.Start, values.Length));
        return memory;
    }
}
