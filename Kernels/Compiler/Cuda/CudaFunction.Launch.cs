namespace GatysGpu.Kernels.Compiler.Cuda;

// The launch and what is checked before it.
public sealed unsafe partial class CudaFunction
{
    /// <summary>Most bytes of arguments that PTX before version 8.1 permits.</summary>
    public const int MaxArgumentBytes = 4096;

    /// <summary>Enqueues the kernel in a stream. Allocates nothing on the managed heap.</summary>
    /// <param name="stream">A stream of the module's context.</param>
    /// <param name="shape">Grid, block and dynamic shared memory.</param>
    /// <param name="argumentBytes">The arguments' values one after another, each as the kernel's PTX declares it: little-endian,
    /// an address as 8 bytes. The driver copies them before this returns.</param>
    /// <param name="argumentOffsets">First byte of each argument in <paramref name="argumentBytes"/>, rising. The driver reads as
    /// many bytes of each as the kernel declares, so too few are an error that nobody can see here.</param>
    /// <exception cref="ArgumentException">The shape exceeds what the kernel or the device permits, or the offsets do not rise
    /// within the bytes. The message has both values.</exception>
    /// <exception cref="CudaException">The driver refused, or a kernel that ran before failed.</exception>
    public void Launch(
        CudaStream stream, in CudaLaunchShape shape, ReadOnlySpan<byte> argumentBytes, ReadOnlySpan<int> argumentOffsets)
    {
        CudaApi api = Module.EnterForFunction();
        nint streamHandle = stream.HandleIn(Module.Context);
        CheckShape(shape);
        CheckArguments(argumentBytes, argumentOffsets);
        PermitDynamicShared(api, shape.DynamicSharedBytes);
        // At most MaxArgumentBytes pointers, since every offset is a byte of its own.
        void** parameters = stackalloc void*[argumentOffsets.Length];
        fixed (byte* bytes = argumentBytes)
        {
            for (int i = 0; i < argumentOffsets.Length; i++) parameters[i] = bytes + argumentOffsets[i];
            CudaResult result = api.LaunchKernel(handle,
                (uint)shape.Grid.X, (uint)shape.Grid.Y, (uint)shape.Grid.Z,
                (uint)shape.Block.X, (uint)shape.Block.Y, (uint)shape.Block.Z,
                (uint)shape.DynamicSharedBytes, streamHandle, parameters, null);
            api.Check(result, "cuLaunchKernel", $"kernel '{Name}', {shape}");
        }
    }

    private void CheckShape(in CudaLaunchShape shape)
    {
        CudaDeviceInfo device = Module.Context.Device;
        CheckDimensions(shape.Grid, device.MaxGrid, "a grid", "blocks", device);
        CheckDimensions(shape.Block, device.MaxBlock, "a block", "threads", device);
        if (shape.Block.Count > MaxThreadsPerBlock)
            throw new ArgumentException(
                $"kernel '{Name}': a block of {shape.Block} has {shape.Block.Count} threads, the kernel permits {MaxThreadsPerBlock} "
                + $"on {device.Name} with its {Registers} registers a thread. Launch smaller blocks.", nameof(shape));
        long shared = (long)SharedBytes + shape.DynamicSharedBytes;
        if (shape.DynamicSharedBytes < 0 || shared > device.SharedBytesPerBlockOptIn)
            throw new ArgumentException(
                $"kernel '{Name}': {SharedBytes} bytes of its own and {shape.DynamicSharedBytes} dynamic ones make {shared} of shared "
                + $"memory, a block on {device.Name} has {device.SharedBytesPerBlockOptIn}. Launch it with less.", nameof(shape));
    }

    private void CheckDimensions(CudaDim3 size, CudaDim3 most, string what, string unit, CudaDeviceInfo device)
    {
        if (size.X < 1 || size.Y < 1 || size.Z < 1 || size.X > most.X || size.Y > most.Y || size.Z > most.Z)
            throw new ArgumentException(
                $"kernel '{Name}': {what} of {size} {unit} was asked for, {device.Name} has 1×1×1 to {most}.", nameof(size));
    }

    private void CheckArguments(ReadOnlySpan<byte> bytes, ReadOnlySpan<int> offsets)
    {
        if (bytes.Length > MaxArgumentBytes)
            throw new ArgumentException(
                $"kernel '{Name}': {bytes.Length} bytes of arguments, a kernel takes {MaxArgumentBytes}. Pass a view of them.",
                nameof(bytes));
        int previous = -1;
        foreach (int offset in offsets)
        {
            if (offset <= previous || offset >= bytes.Length)
                throw new ArgumentException(
                    $"kernel '{Name}': an argument begins at byte {offset}, after one at byte {previous}, of {bytes.Length} bytes of "
                    + "arguments. Offsets must rise and lie within the bytes.", nameof(offsets));
            previous = offset;
        }
    }
}
