using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Devices;

/// <summary>What every device requires of the arguments of <see cref="IDevice"/>'s operations: each is an
/// <see cref="ArgumentException"/> that names both values. A message is put together only where it is needed.</summary>
internal static class OperationChecks
{
    /// <summary>Alignment of every view in bytes.</summary>
    public const int Alignment = 64;

    /// <summary>Most vectors of one operation.</summary>
    public const int MostVectors = 64;

    /// <summary>Bytes rounded up to <see cref="Alignment"/>.</summary>
    public static long Align(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    public static void Require(bool condition, string message)
    {
        if (!condition) throw new ArgumentException(message);
    }

    public static void Require(bool condition,
        [InterpolatedStringHandlerArgument(nameof(condition))] ref RequirementMessage message)
    {
        if (!condition) throw new ArgumentException(message.ToString());
    }

    /// <summary>A view lies inside its memory and is aligned.</summary>
    public static void View(long memoryBytes, long offset, long bytes)
    {
        Require(offset >= 0 && bytes >= 0 && offset <= memoryBytes - bytes,
            $"{bytes} bytes from byte {offset} reach beyond a memory of {memoryBytes} bytes");
        Require(offset % Alignment == 0, $"a view begins at byte {offset}, which is no multiple of {Alignment}");
    }

    public static void Scalar(DeviceScalar scalar) =>
        Require(scalar.Index >= 0 && (scalar.Index + 1L) * sizeof(double) <= scalar.Memory.Bytes,
        $"scalar {scalar.Index} lies outside a memory of {scalar.Memory.Bytes} bytes");

    public static void Scalars(DeviceMemory scalars, int count) =>
        Require((long)count * sizeof(double) <= scalars.Bytes, $"{scalars.Bytes} bytes hold fewer than {count} scalars");

    public static void Elements(FeatureMap map) => Require(map.Channels >= 1 && map.Height >= 1 && map.Width >= 1,
        $"a map of {map.Channels}×{map.Height}×{map.Width} has no elements");

    public static void Upload(int values, DeviceVector destination) =>
        Require(values == destination.Length, $"{values} values do not fill a vector of {destination.Length}");

    public static void Download(DeviceVector source, int room) =>
        Require(room == source.Length, $"a vector of {source.Length} does not fit into {room} values");

    public static void Transfer(FeatureMap map, int values) => Require(values == map.Channels * map.Positions,
        $"a map of {map.Channels}×{map.Height}×{map.Width} has {map.Channels * map.Positions} values, not {values}");

    public static void Shape(FeatureMap map, int channels, int height, int width, string what) =>
        Require(map.Channels == channels && map.Height == height && map.Width == width,
            $"{what} is {map.Channels}×{map.Height}×{map.Width}, expected {channels}×{height}×{width}");

    public static void Parameters(Conv3x3Parameters p)
    {
        Require(p.Outputs >= 1 && p.Inputs >= 1, $"a convolution from {p.Inputs} to {p.Outputs} channels");
        Require(p.Filters.LongLength == 9L * p.Outputs * p.Inputs,
            $"[{p.Outputs}, {p.Inputs}, 3, 3] is {9L * p.Outputs * p.Inputs} filter values, not {p.Filters.LongLength}");
        Require(p.Biases.Length == p.Outputs, $"{p.Outputs} output channels need as many biases, not {p.Biases.Length}");
    }

    public static void ImageParameters(Conv3x3Parameters p, int means)
    {
        Parameters(p);
        Require(p.Inputs == 3, $"the first layer has {p.Inputs} input channels, expected 3");
        Require(means == 3, $"a mean colour has 3 values, not {means}");
    }

    /// <summary>The weights as those of this device and kind of layer.</summary>
    public static T Weights<T>(Conv3x3Weights weights) where T : Conv3x3Weights =>
        weights as T ?? throw new ArgumentException("these weights belong to another device or layer");

    public static void Convolution(FeatureMap x, Conv3x3Weights weights, FeatureMap y, string xName, string yName)
    {
        Shape(x, weights.Inputs, x.Height, x.Width, xName);
        Shape(y, weights.Outputs, x.Height, x.Width, yName);
    }

    public static void BothDirections(bool forwardOnly) =>
        Require(!forwardOnly, "these weights were prepared for the forward pass only");

    public static void ReluBits(DeviceBytes reluBits) => Require(!reluBits.IsNone, "there are no ReLU bits to apply");

    public static void PoolForward(FeatureMap x, FeatureMap y) => Shape(y, x.Channels, x.Height / 2, x.Width / 2, "y");

    public static void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches)
    {
        Shape(dY, dX.Channels, dX.Height / 2, dX.Width / 2, "dY");
        Require(pooling == Pooling.Average || !switches.IsNone,
            "max pooling goes backward only with the switches of its forward pass");
    }

    public static void Square(DeviceVector matrix, int channels, string what) =>
        Require(matrix.Length == (long)channels * channels,
            $"{what} has {matrix.Length} elements, expected {channels}×{channels}");

    public static void GramLoss(DeviceVector gram, DeviceVector target, long positions)
    {
        Require(gram.Length == target.Length, $"G has {gram.Length} elements, A has {target.Length}");
        Require(positions >= 1, $"a map of {positions} positions");
    }

    public static void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF)
    {
        Square(d, f.Channels, "D");
        Shape(dF, f.Channels, f.Height, f.Width, "dF");
    }

    public static void ContentLoss(FeatureMap f, FeatureMap target, FeatureMap dF)
    {
        Shape(target, f.Channels, f.Height, f.Width, "P");
        Shape(dF, f.Channels, f.Height, f.Width, "dF");
    }

    public static void TotalVariation(DeviceImage image, DeviceImage dImage) =>
        Require(image.Height == dImage.Height && image.Width == dImage.Width,
            $"the gradient is {dImage.Width}×{dImage.Height}, the image {image.Width}×{image.Height}");

    public static void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, int results)
    {
        Require(a.Length == results, $"{a.Length} vectors give as many results, not {results}");
        Require(a.Length <= MostVectors, $"{a.Length} vectors at once, at most {MostVectors} are possible");
        Lengths(a, b.Length);
    }

    public static void LinearCombination(int coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result)
    {
        Require(coefficients == vectors.Length, $"{vectors.Length} vectors need as many coefficients, not {coefficients}");
        Require(vectors.Length is >= 1 and <= MostVectors,
            $"a combination of {vectors.Length} vectors, 1 to {MostVectors} are possible");
        Lengths(vectors, result.Length);
    }

    public static void Clamp(float low, float high) =>
        Require(low <= high, $"the lower bound {low} is above the upper bound {high}");

    public static void ProjectGradient(DeviceVector x, DeviceVector g) =>
        Require(x.Length == g.Length, $"x has {x.Length} elements, g has {g.Length}");

    public static void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average, int step)
    {
        Require(g.Length == x.Length && m.Length == x.Length && v.Length == x.Length && average.Length == x.Length,
            $"x has {x.Length} elements; g, m, v and the average have {g.Length}, {m.Length}, {v.Length}, {average.Length}");
        Require(step >= 1, $"steps of Adam count from 1, not {step}");
    }

    private static void Lengths(ReadOnlySpan<DeviceVector> vectors, long length)
    {
        for (int k = 0; k < vectors.Length; k++)
            Require(vectors[k].Length == length, $"vector {k} has {vectors[k].Length} elements, expected {length}");
    }
}
