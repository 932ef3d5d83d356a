namespace GatysGpu.Kernels.Devices;

/// <summary>Whole operations of style transfer on one device's own memory.</summary>
/// <remarks>
/// <para>Letters: C input and K output channels, H×W positions, M = H·W. The gradient of a scalar loss with respect to x is dX.
/// Every operation is defined by the plain loops of its <c>…Reference</c> class in the folder of the operation.</para>
/// <para>Operations are queued in order; a device may run them later, but before anything is downloaded or read. Results are
/// bit-identical from run to run on one device. No operation allocates device memory except <see cref="Allocate"/> and the two
/// that prepare weights. Arguments are checked: a wrong shape is an <see cref="ArgumentException"/> that names both shapes.</para>
/// </remarks>
public interface IDevice : IDisposable
{
    /// <summary>A name for people, such as <c>CPU, 2 threads, 512-bit SIMD</c>.</summary>
    string Name { get; }

    /// <summary>Whether its memory is its own, and not the process's.</summary>
    bool HasOwnMemory => false;

    /// <summary>Takes memory, filled with zeros.</summary>
    /// <param name="bytes">Size, at least 0.</param>
    /// <exception cref="DeviceMemoryException">It does not fit; the message says how much was asked for and what to lower.</exception>
    DeviceMemory Allocate(long bytes);

    /// <summary>Bytes of a <see cref="FeatureMap"/>, a multiple of 64.</summary>
    long FeatureMapBytes(int channels, int height, int width);

    /// <summary>Bytes of the ReLU bits of a map of this shape, a multiple of 64.</summary>
    long ReluBitsBytes(int channels, int height, int width);

    /// <summary>Bytes of the switches of a 2×2 max pooling whose input has this shape, a multiple of 64.</summary>
    long SwitchesBytes(int channels, int height, int width);

    /// <summary>What one convolution between maps of this size makes the device take beside the maps.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    /// <param name="height">H.</param>
    /// <param name="width">W.</param>
    /// <param name="forwardOnly">Whether there is no backward pass.</param>
    /// <returns>Bytes that stay until the weights are trimmed or disposed of, and bytes that all operations share.</returns>
    (long Kept, long Shared) ConvolutionBytes(int outputs, int inputs, int height, int width, bool forwardOnly) => (9L * outputs * inputs * sizeof(float), 0);

    /// <summary>What the weights of a convolution take more for <see cref="Padding.Reflect"/>, in bytes.</summary>
    /// <param name="outputs">K.</param>
    /// <param name="inputs">C.</param>
    long ReflectionBytes(int outputs, int inputs) => 0;

    /// <summary>What a Gram matrix makes the device take beside the map and itself, in bytes that all operations share.</summary>
    /// <param name="channels">C.</param>
    /// <param name="positions">M.</param>
    long GramBytes(int channels, long positions) => 0;

    /// <summary>Operations that will be run many times: a device may record them, so that later runs cost less.</summary>
    /// <param name="operations">Queues operations of this device, the same with every run: none that takes or gives back memory,
    /// none that copies from or to the host or waits. Memory and weights must live until the last run.</param>
    RepeatedOperations Repeat(Action operations) => new(operations);

    // ---- transfers -------------------------------------------------------------------------------------------------------

    /// <summary>Copies host values to the device. Lengths must be equal.</summary>
    void Upload(ReadOnlySpan<float> source, DeviceVector destination);

    /// <summary>Copies device values to the host, after everything queued has run. Lengths must be equal.</summary>
    void Download(DeviceVector source, Span<float> destination);

    /// <summary>Copies [C, H, W] row-major host values into the device's layout.</summary>
    void Upload(ReadOnlySpan<float> source, FeatureMap destination);

    /// <summary>Copies a map to the host as [C, H, W] row-major, after everything queued has run.</summary>
    void Download(FeatureMap source, Span<float> destination);

    /// <summary>Reads the first float64 scalars of <paramref name="scalars"/>, after everything queued has run.</summary>
    void ReadScalars(DeviceMemory scalars, Span<double> destination);

    // ---- convolution -----------------------------------------------------------------------------------------------------

    /// <summary>Brings filters and biases into the device's layout, for both directions unless told otherwise.</summary>
    /// <param name="parameters">Filters [K, C, 3, 3] and biases [K].</param>
    /// <param name="forwardOnly">Leave out what only the backward pass needs.</param>
    Conv3x3Weights PrepareConv3x3(Conv3x3Parameters parameters, bool forwardOnly = false);

    /// <summary>y = ReLU(w ∗ x + b), 3×3, stride 1, padding 1.</summary>
    /// <param name="x">[C, H, W].</param>
    /// <param name="weights">Filters and biases for C inputs and K outputs.</param>
    /// <param name="y">[K, H, W]. Overwritten.</param>
    /// <param name="reluBits">Where y &gt; 0, one bit an element, overwritten; or none.</param>
    /// <param name="relu">False leaves out the ReLU (filters that are being calibrated).</param>
    void Conv3x3Forward(FeatureMap x, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true);

    /// <summary>dX = r ⊙ (wᵀ ∗ dY [+ dX]): the gradient through a convolution to its input, with the added loss gradient and the
    /// mask of the ReLU that made x.</summary>
    /// <param name="dY">[K, H, W], the gradient before the convolution's own ReLU (already masked).</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="reluBits">r, the bits of x's ReLU; none leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate);

    /// <summary>dX = r ⊙ (wᵀ ∗ dY + D·F [+ dX]): the same with a style loss's gradient at x.</summary>
    /// <param name="dY">[K, H, W], already masked.</param>
    /// <param name="weights">The weights of the forward pass.</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="reluBits">r, the bits of x's ReLU; none leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    /// <param name="gram">D and F, of x's shape.</param>
    void Conv3x3BackwardInput(FeatureMap dY, Conv3x3Weights weights, FeatureMap dX, DeviceBytes reluBits, bool accumulate, GramTerm gram)
    {
        GramBackward(gram.D, gram.F, dX, accumulate);
        Conv3x3BackwardInput(dY, weights, dX, reluBits, accumulate: true);
    }

    /// <summary>Brings conv1_1 into the device's layout: C = 3, channels R, G, B, pixels 0 to 255.</summary>
    /// <param name="parameters">Filters [K, 3, 3, 3] over R, G, B and biases [K].</param>
    /// <param name="mean">The mean colour R, G, B that is subtracted from every pixel; padding by zero means this colour.</param>
    Conv3x3Weights PrepareImageConv3x3(Conv3x3Parameters parameters, ReadOnlySpan<float> mean);

    /// <summary>y = ReLU(w ∗ (image − mean) + b).</summary>
    /// <param name="image">[3, H, W].</param>
    /// <param name="weights">From <see cref="PrepareImageConv3x3"/>.</param>
    /// <param name="y">[K, H, W]. Overwritten.</param>
    /// <param name="reluBits">Where y &gt; 0, overwritten; or none.</param>
    /// <param name="relu">False leaves out the ReLU.</param>
    void ImageConv3x3Forward(DeviceImage image, Conv3x3Weights weights, FeatureMap y, DeviceBytes reluBits, bool relu = true);

    /// <summary>dImage (+)= wᵀ ∗ dY.</summary>
    /// <param name="dY">[K, H, W], already masked.</param>
    /// <param name="weights">From <see cref="PrepareImageConv3x3"/>.</param>
    /// <param name="dImage">[3, H, W]. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dImage"/> already holds a gradient.</param>
    void ImageConv3x3Backward(FeatureMap dY, Conv3x3Weights weights, DeviceImage dImage, bool accumulate);

    /// <summary>dX = r ⊙ dX: the gradient through a ReLU alone.</summary>
    /// <param name="dX">[C, H, W]. Changed in place.</param>
    /// <param name="reluBits">r.</param>
    void ReluBackward(FeatureMap dX, DeviceBytes reluBits);

    // ---- pooling ---------------------------------------------------------------------------------------------------------

    /// <summary>2×2 pooling of stride 2; an odd last row or column is dropped (floor).</summary>
    /// <param name="x">[C, H, W], H and W at least 2.</param>
    /// <param name="y">[C, ⌊H/2⌋, ⌊W/2⌋]. Overwritten.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">Which of the four was the largest, two bits an output, overwritten; none for average pooling or
    /// where no backward pass follows.</param>
    void PoolForward(FeatureMap x, FeatureMap y, Pooling pooling, DeviceBytes switches);

    /// <summary>dX = r ⊙ (poolᵀ(dY) [+ dX]).</summary>
    /// <param name="dY">[C, ⌊H/2⌋, ⌊W/2⌋].</param>
    /// <param name="dX">[C, H, W]. Overwritten, or added to first when <paramref name="accumulate"/>.</param>
    /// <param name="pooling">Max or average.</param>
    /// <param name="switches">What the forward pass wrote; none for average pooling.</param>
    /// <param name="reluBits">r, the bits of x's ReLU; none leaves the mask out.</param>
    /// <param name="accumulate">Whether <paramref name="dX"/> already holds a loss gradient to add.</param>
    void PoolBackward(FeatureMap dY, FeatureMap dX, Pooling pooling, DeviceBytes switches, DeviceBytes reluBits, bool accumulate);

    // ---- losses ----------------------------------------------------------------------------------------------------------

    /// <summary>G = F·Fᵀ / M.</summary>
    /// <param name="f">F, [C, M].</param>
    /// <param name="gram">G, [C, C] row-major, symmetric. Overwritten.</param>
    /// <remarks>Gatys et al. 2016, Eq. 3, divided by the number of positions so that maps of different sizes compare.</remarks>
    void Gram(FeatureMap f, DeviceVector gram);

    /// <summary>loss = scale · Σ(G − A)² and D = (4 · scale / M) · (G − A), so that dF = D·F.</summary>
    /// <param name="gram">G, [C, C]. D overwrites it.</param>
    /// <param name="target">A, [C, C], per position like G.</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="positions">M of the map that G came from.</param>
    /// <param name="loss">Overwritten.</param>
    void GramLoss(DeviceVector gram, DeviceVector target, double scale, long positions, DeviceScalar loss);

    /// <summary>dF (+)= D·F with a symmetric D.</summary>
    /// <param name="d">D, [C, C].</param>
    /// <param name="f">F, [C, M].</param>
    /// <param name="dF">[C, M]. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds a gradient.</param>
    void GramBackward(DeviceVector d, FeatureMap f, FeatureMap dF, bool accumulate);

    /// <summary>loss = scale · Σ(F − P)² and dF (+)= 2 · scale · (F − P).</summary>
    /// <param name="f">F.</param>
    /// <param name="target">P, of the same shape.</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="dF">Of the same shape. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dF"/> already holds a gradient.</param>
    /// <param name="loss">Overwritten.</param>
    void ContentLoss(FeatureMap f, FeatureMap target, double scale, FeatureMap dF, bool accumulate, DeviceScalar loss);

    /// <summary>loss = scale · Σ of the squared differences of horizontal and of vertical neighbours, and its gradient.</summary>
    /// <param name="image">[3, H, W].</param>
    /// <param name="scale">Weight over normalisation.</param>
    /// <param name="dImage">[3, H, W]. Overwritten, or added to when <paramref name="accumulate"/>.</param>
    /// <param name="accumulate">Whether <paramref name="dImage"/> already holds a gradient.</param>
    /// <param name="loss">Overwritten.</param>
    void TotalVariation(DeviceImage image, double scale, DeviceImage dImage, bool accumulate, DeviceScalar loss);

    // ---- vectors ---------------------------------------------------------------------------------------------------------

    /// <summary>results[i] = a[i]·b, accumulated in float64 in a fixed order.</summary>
    /// <param name="a">Vectors of b's length, at most 64 of them.</param>
    /// <param name="b">One vector.</param>
    /// <param name="results">As many as <paramref name="a"/>. Overwritten; the device is waited for.</param>
    void Dots(ReadOnlySpan<DeviceVector> a, DeviceVector b, Span<double> results);

    /// <summary>result = Σᵢ coefficients[i] · vectors[i]; <paramref name="result"/> may be one of the vectors.</summary>
    /// <param name="coefficients">One a vector, 1 to 64 of them.</param>
    /// <param name="vectors">All of one length; one may occur more than once.</param>
    /// <param name="result">Of the same length. Overwritten.</param>
    void LinearCombination(ReadOnlySpan<double> coefficients, ReadOnlySpan<DeviceVector> vectors, DeviceVector result);

    /// <summary>x = min(max(x, low), high), in place.</summary>
    void Clamp(DeviceVector x, float low, float high);

    /// <summary>g = 0 where x stands at a bound and −g would push it outside: the free part of the gradient of a box.</summary>
    /// <param name="x">Stands at a bound where it is not above <paramref name="low"/>, or not below <paramref name="high"/>: values
    /// beyond are allowed.</param>
    /// <param name="low">Lower bound.</param>
    /// <param name="high">Upper bound.</param>
    /// <param name="g">Gradient at x. Changed in place.</param>
    void ProjectGradient(DeviceVector x, float low, float high, DeviceVector g);

    /// <summary>One step of Adam (Kingma, Ba 2015, Algorithm 1) with clamping and an averaged iterate.</summary>
    /// <remarks>m = β₁m + (1−β₁)g; v = β₂v + (1−β₂)g²; x = clamp(x − stepSize·(m/(1−β₁ᵗ)) / (√(v/(1−β₂ᵗ)) + ε));
    /// average = averageDecay·average + (1−averageDecay)·x. The average is uncorrected: divide by 1−averageDecayᵗ.</remarks>
    void AdamStep(DeviceVector x, DeviceVector g, DeviceVector m, DeviceVector v, DeviceVector average, in AdamSettings settings);
}

/// <summary>Constants of one <see cref="IDevice.AdamStep"/>.</summary>
/// <param name="Step">t, from 1.</param>
/// <param name="StepSize">α, in the units of x.</param>
/// <param name="Beta1">β₁, decay of the first moment.</param>
/// <param name="Beta2">β₂, decay of the second moment.</param>
/// <param name="Epsilon">ε, in the units of the gradient.</param>
/// <param name="AverageDecay">Decay of the averaged iterate, 0 to 1.</param>
/// <param name="Low">Lower bound of x.</param>
/// <param name="High">Upper bound of x.</param>
public readonly record struct AdamSettings(int Step, float StepSize, float Beta1, float Beta2, float Epsilon,
    float AverageDecay, float Low, float High);
