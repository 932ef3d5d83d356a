namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>A kernel as the driver assembled it: what it needs of a multiprocessor. Made by <see cref="CudaModule.GetFunction"/>;
/// lives as long as its module.</summary>
public sealed unsafe partial class CudaFunction
{
    private readonly nint handle;
    private int maxDynamicSharedBytes;

    internal CudaFunction(CudaModule module, nint handle, string name)
    {
        Module = module;
        this.handle = handle;
        Name = name;
        Registers = Attribute(CudaFunctionAttribute.NumRegs);
        LocalBytes = Attribute(CudaFunctionAttribute.LocalSizeBytes);
        SharedBytes = Attribute(CudaFunctionAttribute.SharedSizeBytes);
        ConstantBytes = Attribute(CudaFunctionAttribute.ConstSizeBytes);
        MaxThreadsPerBlock = Attribute(CudaFunctionAttribute.MaxThreadsPerBlock);
        maxDynamicSharedBytes = Attribute(CudaFunctionAttribute.MaxDynamicSharedSizeBytes);
        PtxVersion = Attribute(CudaFunctionAttribute.PtxVersion);
        BinaryVersion = Attribute(CudaFunctionAttribute.BinaryVersion);
    }

    /// <summary>The module that it is in.</summary>
    public CudaModule Module { get; }

    /// <summary>Name of the PTX <c>.entry</c>.</summary>
    public string Name { get; }

    /// <summary>32-bit registers a thread.</summary>
    public int Registers { get; }

    /// <summary>Local memory a thread, bytes: arrays that are not in registers, and spilled registers.</summary>
    public int LocalBytes { get; }

    /// <summary>Shared memory that the kernel itself declares, bytes a block.</summary>
    public int SharedBytes { get; }

    /// <summary>Constant memory that the kernel's module declares, bytes.</summary>
    public int ConstantBytes { get; }

    /// <summary>Most threads of a block that the kernel's registers permit.</summary>
    public int MaxThreadsPerBlock { get; }

    /// <summary>Version of the PTX times 10: 75 of sm_75.</summary>
    public int PtxVersion { get; }

    /// <summary>Architecture that it was assembled for times 10: 86 of sm_86.</summary>
    public int BinaryVersion { get; }

    /// <summary>Blocks of this kernel that one multiprocessor holds at a time.</summary>
    /// <param name="threadsPerBlock">At least 1.</param>
    /// <param name="dynamicSharedBytes">Shared memory beyond <see cref="SharedBytes"/>, bytes a block.</param>
    /// <exception cref="ArgumentException">More threads or shared memory than a launch may have.</exception>
    /// <exception cref="CudaException">The driver refused.</exception>
    public int BlocksPerMultiprocessor(int threadsPerBlock, int dynamicSharedBytes = 0)
    {
        CudaApi api = Module.EnterForFunction();
        var shape = new CudaLaunchShape(new CudaDim3(1), new CudaDim3(threadsPerBlock), dynamicSharedBytes);
        CheckShape(shape);
        PermitDynamicShared(api, dynamicSharedBytes);
        int blocks;
        api.Check(api.OccupancyMaxActiveBlocksPerMultiprocessor(&blocks, handle, threadsPerBlock, (nuint)dynamicSharedBytes),
            "cuOccupancyMaxActiveBlocksPerMultiprocessor", $"kernel '{Name}', {shape}");
        return blocks;
    }

    // The driver refuses more than 48 KiB unless the kernel was told to permit it, once.
    private void PermitDynamicShared(CudaApi api, int bytes)
    {
        if (bytes <= maxDynamicSharedBytes) return;
        api.Check(api.FuncSetAttribute(handle, CudaFunctionAttribute.MaxDynamicSharedSizeBytes, bytes), "cuFuncSetAttribute",
            $"{bytes} bytes of dynamic shared memory for kernel '{Name}'");
        maxDynamicSharedBytes = bytes;
    }

    private int Attribute(CudaFunctionAttribute attribute)
    {
        CudaApi api = Module.EnterForFunction();
        int value;
        api.Check(api.FuncGetAttribute(&value, attribute, handle), "cuFuncGetAttribute", $"{attribute} of kernel '{Name}'");
        return value;
    }
}
