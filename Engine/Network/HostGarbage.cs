namespace GatysGpu.Engine.Network;

/// <summary>Large arrays on the host that were let go, and whose room the next ones need.</summary>
internal static class HostGarbage
{
    // Collecting everything takes 10 ms and more, whatever there is: not for less than this.
    private const long WorthIt = 16 << 20;

    /// <summary>Gives their memory back to the system, where it is worth the time.</summary>
    /// <param name="bytes">About how many were let go.</param>
    public static void Collect(long bytes)
    {
        if (bytes >= WorthIt) GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
    }
}
