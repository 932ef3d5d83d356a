namespace GatysGpu.Tests.Engine.Optimizers;

/// <summary>Proves that a step allocates neither on the managed heap nor on the device.</summary>
internal static class AllocationMeter
{
    /// <summary>Runs some steps to warm up and some more that must allocate nothing; what the reference device's own operations
    /// allocate in simulating a device is not counted.</summary>
    public static void AssertNone(HostFunction f, Action step)
    {
        for (int i = 0; i < 6; i++) step();
        int deviceAllocations = f.Device.Allocations;
        long before = GC.GetAllocatedBytesForCurrentThread() - f.Device.HeapBytes;
        for (int i = 0; i < 10; i++) step();
        long bytes = GC.GetAllocatedBytesForCurrentThread() - f.Device.HeapBytes - before;
        Assert.That((bytes, f.Device.Allocations - deviceAllocations), Is.EqualTo((0L, 0)), "bytes on the heap, allocations on the device");
    }
}
