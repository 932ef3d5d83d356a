using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Objective;

/// <summary>Evaluations by the vectors that they read and write: for one pair they are the same operations every time.</summary>
/// <param name="device">Where the vectors lie.</param>
/// <param name="evaluate">Queues the operations for x and the gradient.</param>
internal sealed class RepeatedEvaluations(IDevice device, Action<DeviceVector, DeviceVector> evaluate) : IDisposable
{
    // Optimisers have one trial and two gradients that change places, and begin at a vector of their own.
    private const int MostPairs = 4;

    private readonly List<(DeviceVector X, DeviceVector Gradient, RepeatedOperations Operations)> known = new(MostPairs);

    /// <summary>Queues an evaluation.</summary>
    public void Run(DeviceVector x, DeviceVector gradient)
    {
        foreach ((DeviceVector knownX, DeviceVector knownGradient, RepeatedOperations operations) in known)
            if (knownX == x && knownGradient == gradient)
            {
                operations.Run();
                return;
            }
        Add(x, gradient).Run();
    }

    /// <summary>Forgets all of them.</summary>
    public void Dispose()
    {
        foreach ((_, _, RepeatedOperations operations) in known) operations.Dispose();
        known.Clear();
    }

    private RepeatedOperations Add(DeviceVector x, DeviceVector gradient)
    {
        if (known.Count == MostPairs)
        {
            known[0].Operations.Dispose();
            known.RemoveAt(0);
        }
        RepeatedOperations operations = device.Repeat(() => evaluate(x, gradient));
        known.Add((x, gradient, operations));
        return operations;
    }
}
