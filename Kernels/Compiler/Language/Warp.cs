namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>The 32 threads that run in step. Only inside a kernel; every thread of the warp must take part.</summary>
/// <remarks>A shuffled value has 32 or 64 bits. A lane whose partner lies outside the warp keeps its own value.</remarks>
public static class Warp
{
    /// <summary>Threads of a warp: 32.</summary>
    public static int WarpSize => KernelOnly.Throw<int>("Warp.WarpSize");

    /// <summary>This thread's place in its warp, 0 to 31.</summary>
    public static int LaneIdx => KernelOnly.Throw<int>("Warp.LaneIdx");

    /// <summary>This warp's place in its group, from 0.</summary>
    public static int WarpIdx => KernelOnly.Throw<int>("Warp.WarpIdx");

    /// <summary>Waits for the threads of the warp; what they wrote to memory is then seen by all of them.</summary>
    public static void Barrier() => KernelOnly.Throw("Warp.Barrier");

    /// <summary>The value of lane <paramref name="sourceLane"/>.</summary>
    public static T Shuffle<T>(T variable, int sourceLane)
        where T : unmanaged => KernelOnly.Throw<T>("Warp.Shuffle");

    /// <summary>The value of the lane <paramref name="delta"/> places up.</summary>
    public static T ShuffleDown<T>(T variable, int delta)
        where T : unmanaged => KernelOnly.Throw<T>("Warp.ShuffleDown");

    /// <summary>The value of the lane <paramref name="delta"/> places down.</summary>
    public static T ShuffleUp<T>(T variable, int delta)
        where T : unmanaged => KernelOnly.Throw<T>("Warp.ShuffleUp");

    /// <summary>The value of the lane whose number differs by the bits of <paramref name="mask"/>.</summary>
    public static T ShuffleXor<T>(T variable, int mask)
        where T : unmanaged => KernelOnly.Throw<T>("Warp.ShuffleXor");

    /// <summary>The value of lane <paramref name="laneIndex"/>, the same for every lane.</summary>
    public static T Broadcast<T>(T value, int laneIndex)
        where T : unmanaged => KernelOnly.Throw<T>("Warp.Broadcast");
}
