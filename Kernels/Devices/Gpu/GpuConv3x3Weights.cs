using GatysGpu.Kernels.Conv3x3;

namespace GatysGpu.Kernels.Devices.Gpu;

/// <summary>Filters and biases of one convolution in the layouts of the GPU's kernels.</summary>
internal abstract class GpuConv3x3WeightsBase : Conv3x3Weights
{
    private readonly List<MemoryBuffer> buffers = [];
    private readonly Accelerator accelerator;

    protected GpuConv3x3WeightsBase(Accelerator accelerator, Conv3x3Parameters parameters)
        : base(parameters.Outputs, parameters.Inputs, parameters.Padding) => this.accelerator = accelerator;

    /// <summary>b, [K].</summary>
    public ArrayView<float> Biases { get; private set; }

    /// <summary>Whether they are of this accelerator.</summary>
    public bool IsOf(Accelerator other) => accelerator == other;

    public override void Dispose()
    {
        foreach (MemoryBuffer buffer in buffers) buffer.Dispose();
    }

    /// <summary>Takes the memory: all of it, or none where some does not fit.</summary>
    /// <param name="biases">b.</param>
    /// <param name="filters">Takes that of the filters.</param>
    protected void Take(float[] biases, Action filters)
    {
        try
        {
            Biases = Upload(biases);
            filters();
        }
        catch
        {
            Dispose();
            throw;
        }
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
        Take(p.Biases, () => TakeFilters(p, precision == GpuPrecision.Tf32));
    }

    /// <summary>Whether the backward pass was left out.</summary>
    public bool ForwardOnly { get; }

    /// <summary>For the forward pass, in the order of the precision's kernel.</summary>
    public ArrayView<float> Forward { get; private set; }

    /// <summary>Transposed, likewise.</summary>
    public ArrayView<float> Backward { get; private set; }

    /// <summary>Transposed, as <see cref="Conv3x3ReflectBorder"/> reads them; nothing where zeros stand outside.</summary>
    public ArrayView<float> Border { get; private set; }

    private void TakeFilters(Conv3x3Parameters p, bool tensorCores)
    {
        Forward = Upload(tensorCores
            ? Conv3x3GpuFilters.PackFragments(p.Filters, Outputs, Inputs)
            : Conv3x3GpuFilters.Pack(p.Filters, Outputs, Inputs));
        if (ForwardOnly) return;
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, Outputs, Inputs);
        bool needsPlain = !tensorCores || Padding == Padding.Reflect;
        ArrayView<float> plain = needsPlain ? Upload(Conv3x3GpuFilters.Pack(transposed, Inputs, Outputs)) : default;
        Backward = tensorCores ? Upload(Conv3x3GpuFilters.PackFragments(transposed, Inputs, Outputs)) : plain;
        Border = plain;
    }
}

/// <summary>Of the convolution from the picture.</summary>
internal sealed class GpuImageConv3x3Weights : GpuConv3x3WeightsBase
{
    public GpuImageConv3x3Weights(Accelerator accelerator, Conv3x3Parameters p, ReadOnlySpan<float> mean)
        : base(accelerator, p)
    {
        (Mean0, Mean1, Mean2) = (mean[0], mean[1], mean[2]);
        Take(p.Biases, () => TakeFilters(p));
    }

    /// <summary>Mean of the red plane.</summary>
    public float Mean0 { get; }

    /// <summary>Mean of the green plane.</summary>
    public float Mean1 { get; }

    /// <summary>Mean of the blue plane.</summary>
    public float Mean2 { get; }

    /// <summary>For the forward pass.</summary>
    public ArrayView<float> Forward { get; private set; }

    /// <summary>Transposed; read by <see cref="Conv3x3ReflectBorder"/> too.</summary>
    public ArrayView<float> Backward { get; private set; }

    private void TakeFilters(Conv3x3Parameters p)
    {
        Forward = Upload(Conv3x3GpuFilters.Pack(p.Filters, Outputs, Inputs));
        float[] transposed = Conv3x3GpuFilters.Transposed(p.Filters, Outputs, Inputs);
        Backward = Upload(Conv3x3GpuFilters.Pack(transposed, Inputs, Outputs, ImageConv3x3.BackwardFilterPitch));
    }
}
