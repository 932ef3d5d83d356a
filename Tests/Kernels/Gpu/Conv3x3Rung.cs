using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Conv3x3;
using GatysGpu.Kernels.Devices;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>One rung of the convolution's ladder.</summary>
/// <param name="Name">Of its class.</param>
/// <param name="Forward">Kernel.</param>
/// <param name="Backward">Kernel.</param>
/// <param name="Config">Groups and threads.</param>
/// <param name="Tf32">Whether inputs are rounded to TF32.</param>
/// <param name="BytesPerOutput">What the header says: global reads an output, over C.</param>
/// <param name="BiasBytes">Reads of the bias an output.</param>
internal sealed record Conv3x3Rung(string Name,
    Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, Conv3x3Shape, int> Forward,
    Action<ArrayView<float>, ArrayView<float>, ArrayView<float>, ArrayView<byte>, Conv3x3Shape, int> Backward,
    Func<Conv3x3Shape, KernelConfig> Config, bool Tf32, double BytesPerOutput,
    double BiasBytes)
{
    public static readonly Conv3x3Rung[] Ladder =
    [
        new("naive", Conv3x3Naive.Forward, Conv3x3Naive.BackwardInput, Conv3x3Naive.Config, false, 72, 4),
        new("shared tile", Conv3x3SharedTile.Forward, Conv3x3SharedTile.BackwardInput, Conv3x3SharedTile.Config, false, 349 * 4 / 256d,
            4),
        new("register tile", Conv3x3RegisterTile.Forward, Conv3x3RegisterTile.BackwardInput, Conv3x3RegisterTile.Config, false,
            780 * 4 / 8192d, 0.5),
        new("tensor core", Conv3x3TensorCore.Forward, Conv3x3TensorCore.BackwardInput, Conv3x3TensorCore.Config, true, 916 * 4 / 16384d,
            0.25),
    ];

    public static float[] Round(float[] values) => Array.ConvertAll(values, Conv3x3GpuFilters.RoundToTf32);

    /// <summary>y and its ReLU bits.</summary>
    public (float[] Y, byte[] Bits) RunForward(KernelBench bench, float[] x, Conv3x3Parameters p, int h, int w, bool relu, bool bits)
    {
        Conv3x3Shape shape = new(p.Inputs, p.Outputs, h, w, p.Padding);
        Output<float> y = bench.Output(p.Outputs * h * w);
        Output<byte> reluBits = bench.Output(new byte[bits ? p.Outputs * h * shape.BitsPitch : 0]);
        ArrayView<float> xs = bench.Input(x), filters = bench.Input(Pack(p.Filters, p.Outputs, p.Inputs)), bias = bench.Input(p.Biases);
        var kernel = bench.Accelerator.LoadStreamKernel(Forward);
        bench.Run(() => kernel(Config(shape), xs, filters, bias, y.View, reluBits.View, shape, relu ? 1 : 0));
        return (y.Read(), reluBits.Read());
    }

    /// <summary>dX, what reflection adds included.</summary>
    /// <param name="bench">Where.</param>
    /// <param name="dY">[K, H, W].</param>
    /// <param name="p">Of the forward pass.</param>
    /// <param name="h">H.</param>
    /// <param name="w">W.</param>
    /// <param name="before">What dX holds; null to overwrite.</param>
    /// <param name="mask">ReLU bits; empty for none.</param>
    public float[] RunBackward(KernelBench bench, float[] dY, Conv3x3Parameters p, int h, int w, float[]? before, byte[] mask)
    {
        Conv3x3Shape shape = new(p.Outputs, p.Inputs, h, w);
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, p.Outputs, p.Inputs);
        Output<float> dX = before is null ? bench.Output(p.Inputs * h * w) : bench.Output(before);
        ArrayView<byte> bits = mask.Length == 0 ? default : bench.Input(mask);
        ArrayView<float> dYs = bench.Input(dY), filters = bench.Input(Pack(transposed, p.Inputs, p.Outputs));
        ArrayView<float> plain = bench.Input(Conv3x3GpuFilters.Pack(Tf32 ? Round(transposed) : transposed, p.Inputs, p.Outputs));
        var kernel = bench.Accelerator.LoadStreamKernel(Backward);
        var border = bench.Accelerator.LoadStreamKernel<ArrayView<float>, ArrayView<float>, int, ArrayView<float>, ArrayView<byte>,
            Conv3x3Shape>(Conv3x3ReflectBorder.BackwardInput);
        bench.Run(() =>
        {
            kernel(Config(shape), dYs, filters, dX.View, bits, shape, before is null ? 0 : 1);
            if (p.Padding == Padding.Reflect)
                border(Conv3x3ReflectBorder.Config(shape), dYs, plain, Conv3x3GpuFilters.PaddedOutputs(p.Inputs), dX.View, bits, shape);
        });
        return dX.Read();
    }

    public override string ToString() => Name;

    private float[] Pack(float[] filters, int outputs, int inputs) =>
        Tf32 ? Conv3x3GpuFilters.PackFragments(filters, outputs, inputs) : Conv3x3GpuFilters.Pack(filters, outputs, inputs);
}
