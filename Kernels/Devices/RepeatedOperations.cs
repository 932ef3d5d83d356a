namespace GatysGpu.Kernels.Devices;

/// <summary>Operations that are run many times with the same memory, weights and numbers. Made by
/// <see cref="IDevice.Repeat"/>.</summary>
/// <param name="operations">Queues them.</param>
public class RepeatedOperations(Action operations) : IDisposable
{
    /// <summary>Queues all of them once.</summary>
    public virtual void Run() => operations();

    /// <summary>Gives back what the device keeps of them in order to be faster. The memory they use stays.</summary>
    public virtual void Dispose() => GC.SuppressFinalize(this);
}
