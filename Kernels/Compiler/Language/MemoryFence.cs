namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Orders this thread's memory accesses. Only inside a kernel. A fence is no barrier.</summary>
public static class MemoryFence
{
    /// <summary>As seen by the threads of the group.</summary>
    public static void GroupLevel() => KernelOnly.Throw("MemoryFence.GroupLevel");

    /// <summary>As seen by all threads of the device.</summary>
    public static void DeviceLevel() => KernelOnly.Throw("MemoryFence.DeviceLevel");

    /// <summary>As seen by the host and other devices too.</summary>
    public static void SystemLevel() => KernelOnly.Throw("MemoryFence.SystemLevel");
}
