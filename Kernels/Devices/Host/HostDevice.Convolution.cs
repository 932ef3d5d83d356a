using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Simd;

namespace GatysGpu.Kernels.Devices.Host;

/// <summary>The CPU device: convolutions and pooling.</summary>
internal sealed unsafe partial class HostDevice<TSimd, TVector>
{
    public Conv3x3Weights PrepareConv3x3(Conv3x3Parameters parameters, bool forwardOnly = false)
    {
        OperationChecks.Parameters(parameters);
        return new HostConv3x3Weights(pool, parameters, TSimd.Lanes, forwardOnly);
    }

    public void Conv3x3Forward(FeatureMap x, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true)
    {
        HostConv3x3Weights w = OperationChecks.Weights<HostConv3x3Weights>(weights);
        OperationChecks.Convolution(x, w, y, "x", "y");
        ForwardEpilogue<TSimd, TVector> epilogue = new()
        {
            Y = Blocked(y), ReluBits = ReluBits(reluBits, y), Biases = (float*)w.Biases.Start, Relu = relu,
        };
        Conv3x3Problem<TSimd, TVector, ForwardEpilogue<TSimd, TVector>> problem = new()
        {
            X = Blocked(x), Padding = w.Padding, OutputBlocks = epilogue.Y.Blocks, Epilogue = epilogue,
        };
        Convolve(problem, w, transposed: false);
    }

    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate) =>
        BackwardInput(dY, Blocked(dY), default, weights, dX, reluBits, accumulate, null);

    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm gram) =>
        BackwardInput(dY, Blocked(dY), default, weights, dX, reluBits, accumulate, gram);

    public Conv3x3Weights PrepareImageConv3x3(Conv3x3Parameters parameters, ReadOnlySpan<float> mean)
    {
        OperationChecks.ImageParameters(parameters, mean.Length);
        return new HostImageConv3x3Weights(parameters, mean,
            ImageConvolution<TSimd, TVector>.PackForward(parameters.Filters, parameters.Outputs),
            ImageConvolution<TSimd, TVector>.PackBackward(parameters.Filters, parameters.Outputs),
            Conv3x3Packing.Blocks(parameters.Outputs, TSimd.Lanes) * TSimd.Lanes);
    }

    public void ImageConv3x3Forward(DeviceImage image, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true)
    {
        HostImageConv3x3Weights w = OperationChecks.Weights<HostImageConv3x3Weights>(weights);
        OperationChecks.Shape(y, w.Outputs, image.Height, image.Width, "y");
        ImageConvolution<TSimd, TVector>.Forward job = ImageForward(image, w);
        job.Epilogue = new() { Y = Blocked(y), ReluBits = ReluBits(reluBits, y), Biases = (float*)w.Biases.Start, Relu = relu };
        job.Scratch = Scratch(job.ScratchBytes * pool.Threads);
        pool.Run(image.Height, job);
    }

    private static ImageConvolution<TSimd, TVector>.Forward ImageForward(DeviceImage image, HostImageConv3x3Weights weights)
    {
        ImageConvolution<TSimd, TVector>.Forward job = new()
        {
            Image = Pointer(image),
            Filters = (float*)weights.Forward.Start,
            Padding = weights.Padding,
            Height = image.Height,
            ScratchBytes = Align(ImageConvolution<TSimd, TVector>.ScratchBytes(Conv3x3Packing.Blocks(weights.Outputs, TSimd.Lanes), image.Width)),
        };
        for (int c = 0; c < 3; c++) job.Mean[c] = weights.Mean[c];
        return job;
    }

    public void ImageConv3x3Backward(FeatureMap dY, Conv3x3Weights weights, DeviceImage dImage, bool accumulate)
    {
        HostImageConv3x3Weights w = OperationChecks.Weights<HostImageConv3x3Weights>(weights);
        OperationChecks.Shape(dY, w.Outputs, dImage.Height, dImage.Width, "dY");
        long scratchBytes = Align(ImageConvolution<TSimd, TVector>.ScratchBytes(Conv3x3Packing.Blocks(w.Outputs, TSimd.Lanes), dImage.Width));
        pool.Run(ImageConvolution<TSimd, TVector>.Backward.Strips(dImage.Height), new ImageConvolution<TSimd, TVector>.Backward
        {
            DY = Blocked(dY),
            Filters = (float*)w.Backward.Start,
            Padding = w.Padding,
            DImage = Pointer(dImage),
            Accumulate = accumulate,
            Scratch = Scratch(scratchBytes * pool.Threads),
            ScratchBytes = scratchBytes,
        });
    }

    public void ReluBackward(FeatureMap dX, DeviceBytes reluBits)
    {
        OperationChecks.ReluBits(reluBits);
        BlockedMap map = Blocked(dX);
        pool.Run(map.Blocks * map.Height, new Pool2x2Simd<TSimd, TVector>.Mask { DX = map, ReluBits = ReluBits(reluBits, dX) });
    }

    public void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches)
    {
        OperationChecks.PoolForward(x, y);
        BlockedMap to = Blocked(y);
        pool.Run(to.Blocks * to.Height, new Pool2x2Simd<TSimd, TVector>.Forward
        {
            X = Blocked(x), Y = to, Pooling = pooling, Switches = Switches(switches, y),
        });
    }

    public void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits, bool accumulate)
    {
        OperationChecks.PoolBackward(dY, dX, pooling, switches);
        BlockedMap to = Blocked(dX);
        pool.Run(to.Blocks * to.Height, new Pool2x2Simd<TSimd, TVector>.Backward
        {
            Gradient = Unpooled(dY, pooling, switches, reluBits, dX), DX = to, Accumulate = accumulate,
        });
    }

    private static UnpooledGradient<TSimd, TVector> Unpooled(FeatureMap dY, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits, FeatureMap dX) =>
        new() { DY = Blocked(dY), Pooling = pooling, Switches = Switches(switches, dY), ReluBits = ReluBits(reluBits, dX) };

    private static LaneBits Switches(DeviceBytes bytes, FeatureMap y) => Bits(bytes, 2 * Vectors(y.Channels, y.Height, y.Width));

    public (long Kept, long Shared) ConvolutionBytes(int outputs, int inputs, int height, int width, bool forwardOnly)
    {
        long kept = 0, shared = 0;
        foreach (bool transposed in forwardOnly ? [false] : new[] { false, true })
        {
            (int k, int c) = transposed ? (inputs, outputs) : (outputs, inputs);
            ConvolutionAlgorithm algorithm = ConvolutionRule.Choose(convolution, (long)height * width);
            long packed = Align(Conv3x3Packing.Length(k, c, TSimd.Lanes, ConvolutionRule.Points(algorithm)) * sizeof(float));
            bool keeps = ConvolutionRule.KeepsFilters((long)height * width, packed);
            long own = pool.Threads * WorkerBytes(algorithm, Conv3x3Packing.Blocks(c, TSimd.Lanes), Conv3x3Packing.Blocks(k, TSimd.Lanes), width);
            if (transposed) own += GradientBytes(k);
            (kept, shared) = (kept + (keeps ? packed : 0), Math.Max(shared, own + (keeps ? 0 : packed)));
        }
        return (kept, shared);
    }

    private static long WorkerBytes(ConvolutionAlgorithm algorithm, int inputBlocks, int outputBlocks, int width) => Align(algorithm switch
    {
        ConvolutionAlgorithm.Winograd4x4 => WinogradConvolution<Winograd4x4, TSimd, TVector>.ScratchBytes(inputBlocks, outputBlocks),
        ConvolutionAlgorithm.Winograd2x2 => WinogradConvolution<Winograd2x2, TSimd, TVector>.ScratchBytes(inputBlocks, outputBlocks),
        _ => DirectConvolution<TSimd, TVector>.ScratchBytes(inputBlocks, outputBlocks, width),
    });

    private void BackwardInput(FeatureMap dY, BlockedMap source, UnpooledGradient<TSimd, TVector> unpooled, Conv3x3Weights weights, FeatureMap dX,
        DeviceBytes reluBits, bool accumulate, GramTerm? gram)
    {
        HostConv3x3Weights w = OperationChecks.Weights<HostConv3x3Weights>(weights);
        OperationChecks.BothDirections(w.ForwardOnly);
        OperationChecks.Convolution(dX, w, dY, "dX", "dY");
        if (gram is { } term) OperationChecks.GramBackward(term.D, term.F, dX);
        BackwardEpilogue<TSimd, TVector> epilogue = new()
        {
            DX = Blocked(dX), ReluBits = ReluBits(reluBits, dX), Accumulate = accumulate || gram is not null,
        };
        GramGradient<TSimd, TVector> product = new() { F = gram is { } g ? Blocked(g.F) : default, DF = epilogue.DX, Accumulate = accumulate };
        int blocks = epilogue.DX.Blocks;
        if (w.Padding == Padding.Zero)
        {
            Conv3x3Problem<TSimd, TVector, BackwardEpilogue<TSimd, TVector>> problem = new()
            {
                X = source, Unpooled = unpooled, Padding = Padding.Zero, OutputBlocks = blocks, Epilogue = epilogue, Gram = product,
            };
            Convolve(problem, w, transposed: true, gram: gram);
            return;
        }
        long ringBytes = Align(blocks * ReflectBackwardEpilogue<TSimd, TVector>.RingLength(dX.Height, dX.Width) * TSimd.Lanes * sizeof(float));
        ReflectBackwardEpilogue<TSimd, TVector> reflect = new() { Inside = epilogue };
        Conv3x3Problem<TSimd, TVector, ReflectBackwardEpilogue<TSimd, TVector>> wide = new()
        {
            X = source, Unpooled = unpooled, Padding = Padding.Zero, OutputBlocks = blocks, Origin = -1, Epilogue = reflect, Gram = product,
        };
        Convolve(wide, w, transposed: true, ringBytes, gram);
        reflect.Ring = (float*)scratch.Start;
        pool.Run(blocks, new FoldJob { Epilogue = reflect });
    }

    /// <summary>Runs the algorithm that the rule names. Scratch memory holds the ring, the packed filters where they are not kept, each
    /// worker's own, and what a product D·F needs, in this order.</summary>
    private void Convolve<TEpilogue>(Conv3x3Problem<TSimd, TVector, TEpilogue> problem, HostConv3x3Weights weights, bool transposed,
        long ringBytes = 0, GramTerm? gram = null) where TEpilogue : unmanaged, IConv3x3Epilogue<TVector>
    {
        long positions = problem.X.Positions;
        ConvolutionAlgorithm algorithm = ConvolutionRule.Choose(convolution, positions);
        long packedBytes = weights.PackedBytes(algorithm, transposed);
        bool keeps = ConvolutionRule.KeepsFilters(positions, packedBytes);
        long filterBytes = keeps ? 0 : Align(packedBytes), each = WorkerBytes(algorithm, problem.X.Blocks, problem.OutputBlocks, problem.X.Width);
        long gramBytes = gram is { } t ? GradientBytes(t.F.Channels) : 0;
        byte* ring = Scratch(ringBytes + filterBytes + each * pool.Threads + gramBytes), filters = ring + ringBytes, own = filters + filterBytes;
        if (gram is { } term) Prepare(ref problem.Gram, term.D, term.F.Channels, own + each * pool.Threads);
        if (problem.Epilogue is ReflectBackwardEpilogue<TSimd, TVector>)
            System.Runtime.CompilerServices.Unsafe.As<TEpilogue, ReflectBackwardEpilogue<TSimd, TVector>>(ref problem.Epilogue).Ring = (float*)ring;
        problem.Filters = keeps ? weights.Kept<TSimd, TVector>(algorithm, transposed) : (float*)filters;
        if (!keeps) weights.Pack<TSimd, TVector>(algorithm, transposed, problem.Filters);
        switch (algorithm)
        {
            case ConvolutionAlgorithm.Winograd4x4: WinogradConvolution<Winograd4x4, TSimd, TVector>.Run(pool, problem, own, each); break;
            case ConvolutionAlgorithm.Winograd2x2: WinogradConvolution<Winograd2x2, TSimd, TVector>.Run(pool, problem, own, each); break;
            default: DirectConvolution<TSimd, TVector>.Run(pool, problem, own, each); break;
        }
    }

    /// <summary>An item is a block of channels.</summary>
    private struct FoldJob : IJob
    {
        public ReflectBackwardEpilogue<TSimd, TVector> Epilogue;

        public readonly void Run(int item, int worker) => Epilogue.FoldRing(item);
    }
}
