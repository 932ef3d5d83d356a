using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Kernels.GradientChecks;

// A style loss's gradient at x is D·x. With a D that does not change with x, the function of that gradient is
//
//   q(x) = ½ Σ_m x_mᵀ·D·x_m    for D symmetric and x_m the column of C channels at position m,
//
// which the host computes: the D of a real loss is checked by GramLoss.

/// <summary>Operations that add a style loss's gradient on their way.</summary>
internal static partial class GradientCases
{
    // f(z) = ⟨u, w ∗ x⟩ + q(x) [+ ⟨a, x⟩] with x = ReLU(z), so that df/dz = r ⊙ (wᵀ ∗ u + D·x [+ a])
    private static GradientCase GramConvolution(int k, int c, int h, int w, Padding padding, bool accumulate)
    {
        Random random = new(k + 100 * c + 10_000 * h + w);
        float[] z = Signed(random, c * h * w), u = Grid(random, k * h * w), d = Symmetric(random, c);
        float[] before = Grid(random, z.Length), a = accumulate ? before : new float[z.Length];
        Conv3x3Parameters parameters = new(k, c, Grid(random, k * c * 9), new float[k], padding);
        return new("Conv3x3GramBackwardInput", $"K{k} C{c} {h}×{w} {padding}", [c, h, w], z, 0.25, 2,
            (on, at) =>
            {
                float[] x = Rectified(at);
                using Conv3x3Weights weights = on.Device.PrepareConv3x3(parameters, forwardOnly: true);
                FeatureMap y = on.Map(k, h, w);
                on.Device.Conv3x3Forward(on.Map(c, h, w, x), weights, y, DeviceBytes.None, relu: false);
                return Dot(u, on.Read(y)) + Quadratic(d, x, c) + Dot(a, x);
            },
            on =>
            {
                (_, DeviceBytes bits) = on.Rectified(c, h, w, z);
                GramTerm gram = new(on.Vector(d), on.Map(c, h, w, Rectified(z)));
                using Conv3x3Weights weights = on.Device.PrepareConv3x3(parameters);
                FeatureMap dX = on.Map(c, h, w, before);
                on.Device.Conv3x3BackwardInput(on.Map(k, h, w, u), weights, dX, bits, accumulate, gram);
                return on.Read(dX);
            },
            () =>
            {
                double[] dX = Double(a);
                GramReference.Backward(Double(d), Double(Rectified(z)), c, h * w, dX, accumulate: true);
                Conv3x3Reference.BackwardInput(Double(u), h, w, parameters, dX, Passed(z), accumulate: true);
                return dX;
            });
    }

    // f(z) = ⟨u, pool(ReLU(w ∗ x))⟩ + q(x) [+ ⟨a, x⟩] with x = ReLU(z), so that
    // df/dz = r ⊙ (wᵀ ∗ (s ⊙ poolᵀ(u)) + D·x [+ a])
    private static GradientCase PoolConvolution(int k, int c, int h, int w, Padding padding, Pooling pooling, bool accumulate)
    {
        const double Step = 0.125;
        Random random = new(k + 100 * c + 10_000 * h + w);
        float[] z = Signed(random, c * h * w), d = Symmetric(random, c);
        float[] before = Grid(random, z.Length), a = accumulate ? before : new float[z.Length];
        Conv3x3Parameters parameters = new(k, c, Grid(random, k * c * 9), new float[k], padding);
        double[] inner = Conv3x3Reference.Forward(Double(Rectified(z)), h, w, parameters, relu: false);
        // Filters are at most 1; a mirrored element stands under up to four taps of one output.
        double reach = padding == Padding.Reflect ? 4 * Step : Step;
        float[] u = Smooth(Grid(random, k * (h / 2) * (w / 2)), inner, h, w, pooling, reach);
        return new("PoolConv3x3BackwardInput", $"{pooling} K{k} C{c} {h}×{w} {padding}", [c, h, w], z, Step, 2,
            (on, at) =>
            {
                float[] x = Rectified(at);
                using Conv3x3Weights weights = on.Device.PrepareConv3x3(parameters, forwardOnly: true);
                FeatureMap y = on.Map(k, h / 2, w / 2);
                FeatureMap input = on.Map(c, h, w, x);
                ((IFusedDevice)on.Device).Conv3x3PoolForward(input, weights, DeviceBytes.None, y, pooling, DeviceBytes.None);
                return Dot(u, on.Read(y)) + Quadratic(d, x, c) + Dot(a, x);
            },
            on =>
            {
                IFusedDevice device = (IFusedDevice)on.Device;
                (_, DeviceBytes bits) = on.Rectified(c, h, w, z);
                GramTerm gram = new(on.Vector(d), on.Map(c, h, w, Rectified(z)));
                using Conv3x3Weights weights = device.PrepareConv3x3(parameters);
                DeviceBytes innerBits = on.Bytes(device.ReluBitsBytes(k, h, w));
                DeviceBytes switches = pooling == Pooling.Max ? on.Bytes(device.SwitchesBytes(k, h, w)) : DeviceBytes.None;
                device.Conv3x3PoolForward(gram.F, weights, innerBits, on.Map(k, h / 2, w / 2), pooling, switches);
                FeatureMap dX = on.Map(c, h, w, before);
                FeatureMap dY = on.Map(k, h / 2, w / 2, u);
                device.PoolConv3x3BackwardInput(dY, pooling, switches, innerBits, weights, dX, bits, accumulate, gram);
                return on.Read(dX);
            },
            () =>
            {
                double[] dX = Double(a), dInner = new double[inner.Length];
                bool[] passed = Array.ConvertAll(inner, v => v > 0);
                int[] switches = new int[u.Length];
                Pool2x2Reference.Forward(Array.ConvertAll(inner, v => Math.Max(0, v)), k, h, w, pooling, switches);
                Pool2x2Reference.Backward(Double(u), k, h, w, pooling, switches, dInner, passed, accumulate: false);
                GramReference.Backward(Double(d), Double(Rectified(z)), c, h * w, dX, accumulate: true);
                Conv3x3Reference.BackwardInput(dInner, h, w, parameters, dX, Passed(z), accumulate: true);
                return dX;
            })
        { Fused = device => device.FusesPooling(h, w), LeastTolerance = GradientSuite.Winograd4x4Tolerance };
    }

    // f(image) = q(x) + ⟨a, x⟩ with x = ReLU(w ∗ (image − mean) + b), so that df/dimage = wᵀ ∗ (r ⊙ (D·x + a))
    private static GradientCase ImageGram(int k, int h, int w, Padding padding)
    {
        const double Step = 8;
        Random random = new(k + 100 * h + w);
        // Pixels are 32 to 96 from the mean: so far does the middle tap alone bring an output from the ReLU's kink. The others
        // bring it back by at most 26·96/128, the bias by 1, a step by little more than 8.
        float[] image = Signed(random, 3 * h * w);
        for (int i = 0; i < image.Length; i++) image[i] = 64 * image[i] + Mean[i / (h * w)];
        float[] filters = [.. Enumerable.Range(0, k * 27).Select(_ => random.Next(-4, 5) / 512f)];
        for (int i = 0; i < k; i++) filters[i * 27 + i % 3 * 9 + 4] = 1 - 2 * random.Next(2);
        float[] d = Symmetric(random, k), a = Grid(random, k * h * w);
        Conv3x3Parameters parameters = new(k, 3, filters, Grid(random, k), padding);
        return new("ImageGramBackward", $"K{k} {h}×{w} {padding}", [3, h, w], image, Step, 2,
            (on, at) =>
            {
                using Conv3x3Weights weights = on.Device.PrepareImageConv3x3(parameters, Mean);
                FeatureMap map = on.Map(k, h, w);
                on.Device.ImageConv3x3Forward(on.Image(h, w, at), weights, map, DeviceBytes.None);
                float[] x = on.Read(map);
                return Quadratic(d, x, k) + Dot(a, x);
            },
            on =>
            {
                using Conv3x3Weights weights = on.Device.PrepareImageConv3x3(parameters, Mean);
                DeviceImage picture = on.Image(h, w, image), dImage = on.Image(h, w);
                DeviceBytes bits = on.Bytes(on.Device.ReluBitsBytes(k, h, w));
                on.Device.ImageConv3x3Forward(picture, weights, on.Map(k, h, w), bits);
                FeatureMap dX = on.Map(k, h, w, a);
                ((IFusedDevice)on.Device).ImageGramBackward(picture, weights, on.Vector(d), dX, bits);
                on.Device.ImageConv3x3Backward(dX, weights, dImage, accumulate: false);
                return on.Read(dImage.Vector);
            },
            () =>
            {
                double[] x = Conv3x3Reference.ImageForward(Double(image), h, w, parameters, Mean, relu: true);
                double[] dX = Double(a), dImage = new double[image.Length];
                GramReference.Backward(Double(d), x, k, h * w, dX, accumulate: true);
                Conv3x3Reference.ReluBackward(dX, Array.ConvertAll(x, v => v > 0));
                Conv3x3Reference.BackwardInput(dX, h, w, parameters, dImage, null, accumulate: false);
                return dImage;
            })
        { Fused = _ => true };
    }

    // ---- values ---------------------------------------------------------------------------------------------------------------

    private static float[] Rectified(float[] z) => Array.ConvertAll(z, v => MathF.Max(v, 0));

    // Multiples of 1/16 in −1 … 1.
    private static float[] Symmetric(Random random, int side)
    {
        float[] values = Grid(random, side * side);
        for (int i = 0; i < side; i++)
            for (int j = 0; j < i; j++) values[i * side + j] = values[j * side + i];
        return values;
    }

    // q(x)
    private static double Quadratic(float[] d, float[] x, int channels)
    {
        int positions = x.Length / channels;
        double sum = 0;
        for (int a = 0; a < channels; a++)
            for (int b = 0; b < channels; b++)
            {
                double dot = 0;
                for (int m = 0; m < positions; m++) dot += (double)x[a * positions + m] * x[b * positions + m];
                sum += d[a * channels + b] * dot;
            }
        return sum / 2;
    }

    // u, but 0 for each window in which a ReLU opens or closes, or another value becomes the largest, where every value before
    // the ReLU moves by up to reach: f has no kink within a step of z.
    private static float[] Smooth(float[] u, double[] inner, int h, int w, Pooling pooling, double reach)
    {
        for (int i = 0; i < u.Length; i++)
        {
            int column = i % (w / 2), row = i / (w / 2) % (h / 2), channel = i / (w / 2) / (h / 2);
            int first = (channel * h + 2 * row) * w + 2 * column;
            double[] window = [inner[first], inner[first + 1], inner[first + w], inner[first + w + 1]];
            Array.Sort(window);
            bool smooth = pooling == Pooling.Average
                ? window.All(v => Math.Abs(v) > reach)
                : window[3] < -reach || window[3] > reach && window[3] - window[2] > 2 * reach;
            if (!smooth) u[i] = 0;
        }
        return u;
    }
}
