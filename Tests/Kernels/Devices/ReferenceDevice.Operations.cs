using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Pool2x2;
using GatysGpu.Kernels.Vectors;

namespace GatysGpu.Tests.Kernels.Devices;

// Every operation: check the shapes, read into float64, call the definition, write back in float32.
internal sealed partial class ReferenceDevice
{
    public Conv3x3Weights PrepareConv3x3(Conv3x3Parameters parameters, bool forwardOnly = false) =>
        new Prepared(parameters, null, forwardOnly);

    public Conv3x3Weights PrepareImageConv3x3(Conv3x3Parameters parameters, ReadOnlySpan<float> mean)
    {
        Require(parameters.Inputs == 3, $"an image has 3 channels, the filters have {parameters.Inputs}");
        Require(mean.Length == 3, $"a mean colour has 3 values, there are {mean.Length}");
        return new Prepared(parameters, mean.ToArray(), forwardOnly: false);
    }

    public void Conv3x3Forward(FeatureMap x, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true)
    {
        RequireConvolution(x, weights, y, image: false);
        WriteForward(Conv3x3Reference.Forward(Read(x), x.Height, x.Width, ((Prepared)weights).Parameters, relu), y, reluBits);
    }

    public void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate)
    {
        RequireConvolution(dX, weights, dY, image: false);
        Require(!((Prepared)weights).ForwardOnly, "these weights were prepared for the forward pass only");
        double[] gradient = Read(dX);
        Conv3x3Reference.BackwardInput(Read(dY), dY.Height, dY.Width, ((Prepared)weights).Parameters, gradient,
            ReadBits(reluBits, gradient.Length), accumulate);
        Write(gradient, dX);
    }

    public void ImageConv3x3Forward(DeviceImage image, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true)
    {
        RequireConvolution(AsMap(image), weights, y, image: true);
        var prepared = (Prepared)weights;
        double[] values = Conv3x3Reference.ImageForward(Read(image.Vector), image.Height, image.Width, prepared.Parameters, prepared.Mean!, relu);
        WriteForward(values, y, reluBits);
    }

    public void ImageConv3x3Backward(FeatureMap dY, Conv3x3Weights weights, DeviceImage dImage, bool accumulate)
    {
        RequireConvolution(AsMap(dImage), weights, dY, image: true);
        double[] gradient = Read(dImage.Vector);
        Conv3x3Reference.BackwardInput(Read(dY), dY.Height, dY.Width, ((Prepared)weights).Parameters, gradient, null, accumulate);
        Write(gradient, dImage.Vector);
    }

    public void ReluBackward(FeatureMap dX, DeviceBytes reluBits)
    {
        Require(!reluBits.IsNone, "a ReLU without its bits");
        double[] gradient = Read(dX);
        Conv3x3Reference.ReluBackward(gradient, ReadBits(reluBits, gradient.Length)!);
        Write(gradient, dX);
    }

    public void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches)
    {
        RequirePooling(x, y);
        var chosen = new int[y.Channels * y.Positions];
        Write(Pool2x2Reference.Forward(Read(x), x.Channels, x.Height, x.Width, pooling, chosen), y);
        if (switches.Memory is null || pooling == Pooling.Average) return;
        Span<byte> bytes = Bytes(switches.Memory, switches.Offset, chosen.Length);
        for (int i = 0; i < chosen.Length; i++) bytes[i] = (byte)chosen[i];
    }

    public void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits, bool accumulate)
    {
        RequirePooling(dX, dY);
        Require(pooling == Pooling.Average || !switches.IsNone, "max pooling backward without its switches");
        double[] gradient = Read(dX), upstream = Read(dY);
        int[]? chosen = switches.Memory is null || pooling == Pooling.Average ? null
            : Array.ConvertAll(Bytes(switches.Memory, switches.Offset, upstream.Length).ToArray(), b => (int)b);
        Pool2x2Reference.Backward(upstream, dX.Channels, dX.Height, dX.Width, pooling, chosen, gradient,
            ReadBits(reluBits, gradient.Length), accumulate);
        Write(gradient, dX);
    }

    public void Gram(FeatureMap f, DeviceVector gram)
    {
        RequireSquare(gram, f.Channels);
        Write(GramReference.Forward(Read(f), f.Channels, (int)f.Positions), gram);
    }

    public void GramLoss(DeviceVector gram, DeviceVector target, double scale, long positions, DeviceScalar loss)
    {
        Require(gram.Length == target.Length, $"a Gram matrix of {gram.Length} values, its target has {target.Length}");
        Require(positions > 0, $"{positions} positions");
        double[] g = Read(gram);
        Write(GramReference.Loss(g, Read(target), scale, positions), loss);
        Write(g, gram);
    }

    public void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF, bool accumulate)
    {
        RequireSquare(d, f.Channels);
        RequireSame(f, dF);
        double[] gradient = Read(dF);
        GramReference.Backward(Read(d), Read(f), f.Channels, (int)f.Positions, gradient, accumulate);
        Write(gradient, dF);
    }

    public void ContentLoss(FeatureMap f, FeatureMap target, double scale, FeatureMap dF, bool accumulate, DeviceScalar loss)
    {
        RequireSame(f, target);
        RequireSame(f, dF);
        double[] gradient = Read(dF);
        Write(ContentLossReference.Loss(Read(f), Read(target), scale, gradient, accumulate), loss);
        Write(gradient, dF);
    }

    public void TotalVariation(DeviceImage image, double scale, DeviceImage dImage, bool accumulate, DeviceScalar loss)
    {
        RequireSame(AsMap(image), AsMap(dImage));
        double[] gradient = Read(dImage.Vector);
        Write(TotalVariationReference.Loss(Read(image.Vector), image.Height, image.Width, scale, gradient, accumulate), loss);
        Write(gradient, dImage.Vector);
    }

    public void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, Span<double> results)
    {
        Require(a.Length == results.Length && a.Length <= 64, $"{a.Length} vectors, at most 64, and {results.Length} results");
        foreach (DeviceVector vector in a) RequireSame(vector, b);
        for (int i = 0; i < a.Length; i++) results[i] = VectorReference.Dot(Read(a[i]), Read(b));
    }

    public void LinearCombination(ReadOnlySpan<double> coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result)
    {
        Require(coefficients.Length == vectors.Length && vectors.Length > 0, $"{coefficients.Length} coefficients, {vectors.Length} vectors");
        var values = new double[vectors.Length][];
        for (int i = 0; i < values.Length; i++)
        {
            RequireSame(vectors[i], result);
            values[i] = Read(vectors[i]);
        }
        Write(VectorReference.LinearCombination(coefficients, values), result);
    }

    public void Clamp(DeviceVector x, float low, float high)
    {
        double[] values = Read(x);
        VectorReference.Clamp(values, low, high);
        Write(values, x);
    }

    public void ProjectGradient(DeviceVector x, float low, float high, DeviceVector g)
    {
        RequireSame(x, g);
        double[] gradient = Read(g);
        VectorReference.ProjectGradient(Read(x), low, high, gradient);
        Write(gradient, g);
    }

    public void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average, in AdamSettings settings)
    {
        foreach (DeviceVector other in (ReadOnlySpan<DeviceVector>)[g, m, v, average]) RequireSame(other, x);
        double[] xs = Read(x), ms = Read(m), vs = Read(v), averages = Read(average);
        VectorReference.AdamStep(xs, Read(g), ms, vs, averages, settings);
        Write(xs, x);
        Write(ms, m);
        Write(vs, v);
        Write(averages, average);
    }

    private static void WriteForward(double[] values, FeatureMap y, DeviceBytes reluBits)
    {
        Write(values, y);
        if (reluBits.Memory is null) return;
        // From the stored float, so that bit and value cannot disagree.
        Span<float> stored = Floats(Flat(y));
        Span<byte> bytes = Bytes(reluBits.Memory, reluBits.Offset, stored.Length);
        for (int i = 0; i < stored.Length; i++) bytes[i] = (byte)(stored[i] > 0 ? 1 : 0);
    }

    private static FeatureMap AsMap(DeviceImage image) => new(image.Memory, image.Offset, 3, image.Height, image.Width);

    private static void RequireConvolution(FeatureMap x, Conv3x3Weights weights, FeatureMap y, bool image)
    {
        Require((((Prepared)weights).Mean is not null) == image, "weights of an image convolution for feature maps, or the reverse");
        Require(x.Channels == weights.Inputs && y.Channels == weights.Outputs && x.Height == y.Height && x.Width == y.Width,
            $"filters [{weights.Outputs},{weights.Inputs},3,3] between {Shape(x)} and {Shape(y)}");
    }

    private static void RequirePooling(FeatureMap x, FeatureMap y) =>
        Require(x.Height >= 2 && x.Width >= 2 && y.Channels == x.Channels && y.Height == x.Height / 2 && y.Width == x.Width / 2,
            $"2×2 pooling between {Shape(x)} and {Shape(y)}");

    private static void RequireSquare(DeviceVector gram, int channels) =>
        Require(gram.Length == (long)channels * channels, $"a Gram matrix of {gram.Length} values for {channels} channels");

    private static void RequireSame(FeatureMap a, FeatureMap b) =>
        Require(a.Channels == b.Channels && a.Height == b.Height && a.Width == b.Width, $"{Shape(a)} and {Shape(b)}");

    private static void RequireSame(DeviceVector a, DeviceVector b) => Require(a.Length == b.Length, $"vectors of {a.Length} and {b.Length}");

    private sealed class Prepared : Conv3x3Weights
    {
        public Prepared(Conv3x3Parameters parameters, float[]? mean, bool forwardOnly)
            : base(parameters.Outputs, parameters.Inputs, parameters.Padding)
        {
            Require(parameters.Filters.Length == Outputs * Inputs * 9 && parameters.Biases.Length == Outputs,
                $"filters [{Outputs},{Inputs},3,3] with {parameters.Filters.Length} values and {parameters.Biases.Length} biases");
            (Parameters, Mean, ForwardOnly) = (parameters, mean, forwardOnly);
        }

        public Conv3x3Parameters Parameters { get; }

        public float[]? Mean { get; }

        public bool ForwardOnly { get; }

        public override void Dispose()
        {
        }
    }
}
