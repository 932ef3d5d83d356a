using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Devices.Gpu;

namespace GatysGpu.Kernels.Gpu;

/// <summary>A kernel's time on one shape, and how near to the roof that is.</summary>
/// <param name="Kernel">Its name in <see cref="KernelCatalog"/>.</param>
/// <param name="Shape">Layer and shape, for people.</param>
/// <param name="Work">What it has to do at least.</param>
/// <param name="Time">What it took; nothing where it failed.</param>
/// <param name="Bound">The roof: <c>FMA</c>, <c>TF32</c>, <c>memory</c> or <c>L2</c>, whichever allows less.</param>
/// <param name="Share">The time that the roof allows over the time that it took. More than 1 is possible: what a kernel must
/// move can lie in the cache in part, and a short kernel's launch overlaps the end of the one before.</param>
/// <param name="Failure">Why there is no time; null where there is one.</param>
public sealed record RooflineRow(string Kernel, string Shape, RooflineWork Work, LaunchTime Time, string Bound, double Share,
    string? Failure = null)
{
    /// <summary>Operations a second.</summary>
    public double FlopsPerSecond => Work.Flops / Time.Seconds;

    /// <summary>Bytes a second.</summary>
    public double BytesPerSecond => Work.Bytes / Time.Seconds;

    /// <summary>A case that was timed.</summary>
    internal static RooflineRow Of(RooflineCase test, LaunchTime time, RooflinePeaks peaks)
    {
        bool cached = test.Work.Bytes <= peaks.CacheBytes;
        double moving = test.Work.Bytes / (cached ? peaks.CacheBytesPerSecond : peaks.MemoryBytesPerSecond);
        double computing = test.Work.Flops / (test.TensorCores ? peaks.Tf32PerSecond : peaks.FmaPerSecond);
        string bound = computing > moving ? test.TensorCores ? "TF32" : "FMA" : cached ? "L2" : "memory";
        return new RooflineRow(test.Kernel, test.Shape, test.Work, time, bound, Math.Max(moving, computing) / time.Seconds);
    }
}

/// <summary>Times every kernel of the project on a GPU at the shapes of VGG-19 and compares it with what the GPU was seen to do
/// at most.</summary>
/// <remarks>Nothing here checks results: the tests do.</remarks>
public sealed class RooflineBench : IDisposable
{
    /// <summary>Side of the picture.</summary>
    public const int Side = 512;

    private readonly Context context;
    private readonly Accelerator accelerator;
    private readonly LaunchTimer timer;
    private readonly bool tensorCores;
    private readonly RooflineLayer[] layers;

    internal RooflineBench(Context context, CudaAccelerator accelerator, RooflineLayer[] layers)
    {
        (this.context, this.accelerator, this.layers) = (context, accelerator, layers);
        Device = accelerator.Cuda.Device;
        Driver = accelerator.Cuda.Driver.Version;
        timer = new CudaLaunchTimer(accelerator);
        tensorCores = Device.ComputeCapabilityMajor >= 8;
        Peaks = RooflinePeaks.Measure(accelerator, timer, Device.L2CacheBytes, tensorCores);
    }

    /// <summary>The GPU.</summary>
    public CudaDeviceInfo Device { get; }

    /// <summary>The newest CUDA that the driver knows.</summary>
    public Version Driver { get; }

    /// <summary>What the GPU was seen to do at most.</summary>
    public RooflinePeaks Peaks { get; }

    /// <summary>Takes a GPU and measures its peaks.</summary>
    /// <param name="ordinal">Its number, from 0.</param>
    /// <exception cref="GpuUnavailableException">There is no driver or no such GPU, or the driver does not give it.</exception>
    public static RooflineBench Open(int ordinal)
    {
        if (!CudaDriver.TryLoad(out CudaDriver? driver, out string reason)) throw new GpuUnavailableException(reason);
        if (ordinal < 0 || ordinal >= driver.Devices.Count)
            throw new GpuUnavailableException($"there is no GPU {ordinal}: there are {driver.Devices.Count}, counted from 0");
        Context context = Context.Create(builder => builder.Cuda());
        try
        {
            return new RooflineBench(context, context.CreateCudaAccelerator(ordinal), RooflineCases.Vgg19(Side));
        }
        catch (Exception e)
        {
            context.Dispose();
            if (e is CudaException) throw new GpuUnavailableException(e.Message, e);
            throw;
        }
    }

    /// <summary>Times all kernels, or one. Those of tensor cores are left out where there are none.</summary>
    /// <param name="kernel">A name of <see cref="KernelCatalog"/>; none for all.</param>
    /// <returns>A row a shape, as they come.</returns>
    public IEnumerable<RooflineRow> Run(string? kernel = null)
    {
        foreach (RooflineCase test in RooflineCases.All(layers))
            if ((kernel is null || test.Kernel == kernel) && (tensorCores || !test.TensorCores)) yield return Time(test);
    }

    /// <inheritdoc/>
    public void Dispose() => context.Dispose();

    // One kernel that cannot be launched shall not hide the others.
    private RooflineRow Time(RooflineCase test)
    {
        try
        {
            using RooflineMemory memory = new(accelerator);
            return RooflineRow.Of(test, timer.Measure(test.Prepare(memory)), Peaks);
        }
        catch (Exception e) when (e is CudaException or KernelCompileException or DeviceOutOfMemoryException)
        {
            return new RooflineRow(test.Kernel, test.Shape, test.Work, default, "", double.NaN,
                e.Message.ReplaceLineEndings(" "));
        }
    }
}
