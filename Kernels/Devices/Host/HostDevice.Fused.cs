using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>The CPU device: two operations in one pass over memory.</summary>
internal sealed unsafe partial class HostDevice<TSimd, TVector> : IFusedDevice
{
    // Direct convolution makes a row at a time, which is half a window. It is for small maps, where memory is near anyway.
    public bool FusesPooling(int height, int width) =>
        ConvolutionRule.Choose(convolution, (long)height * width) != ConvolutionAlgorithm.Direct;

    public void Conv3x3PoolForward(FeatureMap x, Conv3x3Weights weights, DeviceBytes reluBits, FeatureMap y, Pooling pooling, DeviceBytes switches)
    {
        HostConv3x3Weights w = OperationChecks.Weights<HostConv3x3Weights>(weights);
        FeatureMap before = new(x.Memory, x.Offset, w.Outputs, x.Height, x.Width);
        OperationChecks.Convolution(x, w, before, "x", "y");
        OperationChecks.PoolForward(before, y);
        RequireFusing(x);
        PoolEpilogue<TSimd, TVector> epilogue = new()
        {
            Y = Blocked(y), Height = x.Height, Width = x.Width, ReluBits = ReluBits(reluBits, before), Switches = Switches(switches, y),
            Biases = (float*)w.Biases.Start, Pooling = pooling,
        };
        Conv3x3Problem<TSimd, TVector, PoolEpilogue<TSimd, TVector>> problem = new()
        {
            X = Blocked(x), Padding = w.Padding, OutputBlocks = epilogue.Y.Blocks, Epilogue = epilogue,
        };
        Convolve(problem, w, transposed: false);
    }

    public void PoolConv3x3BackwardInput(FeatureMap dY, Pooling pooling, DeviceBytes switches, DeviceBytes innerBits, Conv3x3Weights weights,
        FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm? gram)
    {
        FeatureMap before = new(dY.Memory, dY.Offset, dY.Channels, dX.Height, dX.Width);
        OperationChecks.PoolBackward(dY, before, pooling, switches);
        RequireFusing(dX);
        // Only its shape: the map is not there.
        BlockedMap shape = new(null, Conv3x3Packing.Blocks(dY.Channels, TSimd.Lanes), dX.Height, dX.Width);
        BackwardInput(before, shape, Unpooled(dY, pooling, switches, innerBits, before), weights, dX, reluBits, accumulate, gram);
    }

    public void ImageGramBackward(DeviceImage image, Conv3x3Weights weights, DeviceVector d, FeatureMap dF, DeviceBytes reluBits)
    {
        HostImageConv3x3Weights w = OperationChecks.Weights<HostImageConv3x3Weights>(weights);
        OperationChecks.Shape(dF, w.Outputs, image.Height, image.Width, "dF");
        OperationChecks.GramBackward(d, dF, dF);
        OperationChecks.ReluBits(reluBits);
        BlockedMap map = Blocked(dF);
        long rowBytes = Align(BlockedMap.Vectors(map.Blocks, image.Width) * TSimd.Lanes * sizeof(float));
        ImageGramBackward<TSimd, TVector> job = new()
        {
            Image = ImageForward(image, w),
            Gram = new() { DF = map, Accumulate = true },
            Biases = (float*)w.Biases.Start,
            ReluBits = ReluBits(reluBits, dF),
            RowBytes = rowBytes,
        };
        long patchBytes = job.Image.ScratchBytes * pool.Threads, gramBytes = GradientBytes(dF.Channels);
        byte* memory = Scratch(patchBytes + gramBytes + rowBytes * pool.Threads);
        job.Image.Scratch = memory;
        Prepare(ref job.Gram, d, dF.Channels, memory + patchBytes);
        job.Rows = memory + patchBytes + gramBytes;
        pool.Run(image.Height, job);
    }

    private void RequireFusing(FeatureMap map)
    {
        if (!FusesPooling(map.Height, map.Width))
            throw new InvalidOperationException($"a map of {map.Height}×{map.Width} is convolved directly, and then pooled by itself");
    }
}
