using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Gram;
using GatysGpu.Kernels.Losses;
using GatysGpu.Kernels.Pool2x2;

namespace GatysGpu.Kernels.GradientChecks;

/// <summary>Pooling, ReLU and the losses.</summary>
internal static partial class GradientCases
{
    // f(z) = ⟨u, pool(ReLU(z))⟩ + ⟨a, ReLU(z)⟩
    private static GradientCase Pool(int c, int h, int w, Pooling pooling)
    {
        Random random = new(c + 100 * h + w);
        float[] z = Levels(random, c, h, w);
        float[] u = Grid(random, c * (h / 2) * (w / 2)), a = Grid(random, z.Length);
        return new("PoolBackward", $"{pooling} C{c} {h}×{w}", [c, h, w], z, 0.25, 2,
            (on, at) =>
            {
                float[] x = Rectified(at);
                FeatureMap y = on.Map(c, h / 2, w / 2);
                on.Device.PoolForward(on.Map(c, h, w, x), y, pooling, DeviceBytes.None);
                return Dot(u, on.Read(y)) + Dot(a, x);
            },
            on =>
            {
                (FeatureMap x, DeviceBytes bits) = on.Rectified(c, h, w, z);
                DeviceBytes switches = pooling == Pooling.Max ? on.Bytes(on.Device.SwitchesBytes(c, h, w)) : DeviceBytes.None;
                on.Device.PoolForward(x, on.Map(c, h / 2, w / 2), pooling, switches);
                FeatureMap dX = on.Map(c, h, w, a);
                on.Device.PoolBackward(on.Map(c, h / 2, w / 2, u), dX, pooling, switches, bits, accumulate: true);
                return on.Read(dX);
            },
            () =>
            {
                double[] dX = Double(a);
                int[] switches = new int[u.Length];
                Pool2x2Reference.Forward(Array.ConvertAll(z, v => Math.Max(0.0, v)), c, h, w, pooling, switches);
                Pool2x2Reference.Backward(Double(u), c, h, w, pooling, switches, dX, Passed(z), accumulate: true);
                return dX;
            });
    }

    // f(z) = ⟨u, ReLU(z)⟩
    private static GradientCase Relu(int c, int h, int w)
    {
        Random random = new(c + 100 * h + w);
        float[] z = Signed(random, c * h * w), u = Grid(random, z.Length);
        return new("ReluBackward", $"C{c} {h}×{w}", [c, h, w], z, 0.25, 2,
            (on, at) => Dot(u, on.Read(on.Rectified(c, h, w, at).Map)),
            on =>
            {
                (_, DeviceBytes bits) = on.Rectified(c, h, w, z);
                FeatureMap dX = on.Map(c, h, w, u);
                on.Device.ReluBackward(dX, bits);
                return on.Read(dX);
            },
            () =>
            {
                double[] dX = Double(u);
                Conv3x3Reference.ReluBackward(dX, Passed(z));
                return dX;
            });
    }

    // f(F) = s · Σ(F·Fᵀ/M − A)² + ⟨a, F⟩
    private static GradientCase GramLoss(int c, int h, int w)
    {
        const double Scale = 0.75;
        Random random = new(c + 100 * h + w);
        int m = h * w;
        float[] f = Grid(random, c * m), a = Grid(random, f.Length), target = new float[c * c];
        for (int i = 0; i < c; i++)
            for (int j = 0; j <= i; j++) target[i * c + j] = target[j * c + i] = random.Next(-16, 17) / 16f;
        return new("GramBackward", $"C{c} {h}×{w}", [c, h, w], f, 0.5, 4,
            (on, at) =>
            {
                DeviceVector gram = on.Vector(new float[c * c]), goal = on.Vector(target);
                on.Device.Gram(on.Map(c, h, w, at), gram);
                return on.Scalar(loss => on.Device.GramLoss(gram, goal, Scale, m, loss)) + Dot(a, at);
            },
            on =>
            {
                FeatureMap map = on.Map(c, h, w, f), dF = on.Map(c, h, w, a);
                DeviceVector gram = on.Vector(new float[c * c]), goal = on.Vector(target);
                on.Device.Gram(map, gram);
                on.Scalar(loss => on.Device.GramLoss(gram, goal, Scale, m, loss));
                on.Device.GramBackward(gram, map, dF, accumulate: true);
                return on.Read(dF);
            },
            () =>
            {
                double[] dF = Double(a), gram = GramReference.Forward(Double(f), c, m);
                GramReference.Loss(gram, Double(target), Scale, m);
                GramReference.Backward(gram, Double(f), c, m, dF, accumulate: true);
                return dF;
            });
    }

    // f(F) = s · Σ(F − P)² + ⟨a, F⟩
    private static GradientCase ContentLoss(int c, int h, int w)
    {
        const double Scale = 1.25;
        Random random = new(c + 100 * h + w);
        float[] f = Grid(random, c * h * w), p = Grid(random, f.Length), a = Grid(random, f.Length);
        return new("ContentLoss", $"C{c} {h}×{w}", [c, h, w], f, 0.5, 2,
            (on, at) => Dot(a, at) + on.Scalar(loss =>
                on.Device.ContentLoss(on.Map(c, h, w, at), on.Map(c, h, w, p), Scale, on.Map(c, h, w), accumulate: false, loss)),
            on =>
            {
                FeatureMap dF = on.Map(c, h, w, a);
                on.Scalar(loss => on.Device.ContentLoss(on.Map(c, h, w, f), on.Map(c, h, w, p), Scale, dF, accumulate: true, loss));
                return on.Read(dF);
            },
            () =>
            {
                double[] dF = Double(a);
                ContentLossReference.Loss(Double(f), Double(p), Scale, dF, accumulate: true);
                return dF;
            });
    }

    // f(image) = s · Σ of squared differences of neighbours + ⟨a, image⟩
    private static GradientCase TotalVariation(int h, int w)
    {
        const double Scale = 0.5;
        Random random = new(100 * h + w);
        float[] image = Grid(random, 3 * h * w), a = Grid(random, image.Length);
        return new("TotalVariation", $"{h}×{w}", [3, h, w], image, 0.5, 2,
            (on, at) => Dot(a, at) + on.Scalar(loss =>
                on.Device.TotalVariation(on.Image(h, w, at), Scale, on.Image(h, w), accumulate: false, loss)),
            on =>
            {
                DeviceImage dImage = on.Image(h, w, a);
                on.Scalar(loss => on.Device.TotalVariation(on.Image(h, w, image), Scale, dImage, accumulate: true, loss));
                return on.Read(dImage.Vector);
            },
            () =>
            {
                double[] dImage = Double(a);
                TotalVariationReference.Loss(Double(image), h, w, Scale, dImage, accumulate: true);
                return dImage;
            });
    }

    // Values of one 2×2 window differ by at least 1, so that a step of 1/4 does not change which is the largest; none is near 0.
    private static float[] Levels(Random random, int c, int h, int w)
    {
        float[] z = new float[c * h * w];
        for (int i = 0; i < z.Length; i++)
        {
            int column = i % w, row = i / w % h;
            int level = 2 * (row % 2) + column % 2;
            z[i] = level + 0.5f;
        }
        for (int channel = 0; channel < c; channel++)
            for (int row = 0; row + 1 < h; row += 2)
                for (int column = 0; column + 1 < w; column += 2)
                {
                    int at = (channel * h + row) * w + column;
                    float[] window = [z[at], z[at + 1], z[at + w], z[at + w + 1]];
                    random.Shuffle(window);
                    float shift = random.Next(-4, 1);
                    (z[at], z[at + 1], z[at + w], z[at + w + 1]) = (window[0] + shift, window[1] + shift, window[2] + shift, window[3] + shift);
                }
        return z;
    }
}
