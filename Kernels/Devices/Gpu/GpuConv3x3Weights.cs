using GatysGpu.Kernels.Conv3x3;

namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>Filters and biases of one convolution in the layouts of the GPU's kernels.</summary>
internal abstract class GpuConv3x3WeightsBase : Conv3x3Weights
{
    private readonly List<MemoryBuffer> buffers = [];
    private readonly Accelerator accelerator;

    protected GpuConv3x3WeightsBase(Accelerator accelerator, Conv3x3Parameters parameters)
        : base(parameters.Outputs, parameters.Inputs, parameters.Padding)
    {
        this.accelerator = accelerator;
        Biases = Upload(parameters.Biases);
    }

    /// <summary>b, [K].</summary>
    public ArrayView<float> Biases { get; }

    /// <summary>Whether they are of this accelerator.</summary>
    public bool IsOf(Accelerator other) => accelerator == other;

    public override void Dispose()
    {
        foreach (MemoryBuffer buffer in buffers) buffer.Dispose();
    }

    /// <summary>Memory with a copy of values; an array that is empty needs none.</summary>
    protected ArrayView<float> Upload(float[] values)
    {
        if (values.Length == 0) return default;
        MemoryBuffer1D<float, Stride1D.Dense> buffer = accelerator.Allocate1D<float>(values.Length);
        buffers.Add(buffer);
        buffer.CopyFromCPU(values);
        return buffer.View.BaseView;
    }
}

/// <summary>Of a convolution between feature maps.</summary>
internal sealed class GpuConv3x3Weights : GpuConv3x3WeightsBase
{
    public GpuConv3x3Weights(Accelerator accelerator, Conv3x3Parameters p, GpuPrecision precision, bool forwardOnly)
        : base(accelerator, p)
    {
        ForwardOnly = forwardOnly;
        bool tensorCores = precision == GpuPrecision.Tf32;
        Forward = Upload(tensorCores
            ? Conv3x3GpuFilters.PackFragments(p.Filters, Outputs, Inputs)
            : Conv3x3GpuFilters.Pack(p.Filters, Outputs, Inputs));
        if (forwardOnly) return;
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, Outputs, Inputs);
        bool needsPlain = !tensorCores || Padding == Padding.Reflect;
        ArrayView<float> plain = needsPlain ? Upload(Conv3x3GpuFilters.Pack(transposed, Inputs, Outputs)) : default;
        Backward = tensorCores ? Upload(Conv3x3GpuFilters.PackFragments(transposed, Inputs, Outputs)) : plain;
        Border = plain;
    }

    /// <summary>Whether the backward pass was left out.</summary>
    public bool ForwardOnly { get; }

    /// <summary>For the forward pass, in the order of the precision's kernel.</summary>
    public ArrayView<float> Forward { get; }

    /// <summary>Transposed, likewise.</summary>
    public ArrayView<float> Backward { get; }

    /// <summary>Transposed, as <see cref="Conv3x3ReflectBorder"/> reads them; nothing where zeros stand outside.</summary>
    public ArrayView<float> Border { get; }
}

/// <summary>Of the convolution from the picture.</summary>
internal sealed class GpuImageConv3x3Weights : GpuConv3x3WeightsBase
{
    public GpuImageConv3x3Weights(Accelerator accelerator, Conv3x3Parameters p, ReadOnlySpan<float> mean)
        : base(accelerator, p)
    {
        (Mean0, Mean1, Mean2) = (mean[0], mean[1], mean[2]);
        Forward = Upload(Conv3x3GpuFilters.Pack(p.Filters, Outputs, Inputs));
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, Outputs, Inputs);
        Backward = Upload(Conv3x3GpuFilters.Pack(transposed, Inputs, Outputs, ImageConv3x3.BackwardFilterPitch));
    }

    /// <summary>Mean of the red plane.</summary>
    public float Mean0 { get; }

    /// <summary>Mean of the green plane.</summary>
    public float Mean1 { get; }

    /// <summary>Mean of the blue plane.</summary>
    public float Mean2 { get; }

    /// <summary>For the forward pass.</summary>
    public ArrayView<float> Forward { get; }

    /// <summary>Transposed; read by <see cref="Conv3x3ReflectBorder"/> too.</summary>
    public ArrayView<float> Backward { get; }
}
