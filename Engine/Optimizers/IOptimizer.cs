using GatysGpu.Kernels.Devices;

namespace GatysGpu.Engine.Optimizers;

/// <summary>Makes a scalar function of a device vector smaller, one iteration at a time.</summary>
/// <remarks>An optimiser is made with a device, a function and the iterate x, which it changes in place. It takes all its device
/// memory when it is made (as much as its <c>BytesFor</c> says) and nothing afterwards, neither there nor on the managed heap.
/// x belongs to the caller and must not be changed by others between two steps.</remarks>
public interface IOptimizer : IDisposable
{
    /// <summary>The vector to show or to save: x, or what the method holds to be better than its last iterate.</summary>
    /// <remarks>May be brought up to date by reading this property, which queues work on the device; valid until the next step.</remarks>
    DeviceVector Result { get; }

    /// <summary>Does one iteration.</summary>
    /// <returns>What it came to.</returns>
    /// <exception cref="OptimizationException">The function has no finite value where it must have one.</exception>
    IterationResult Step();
}

/// <summary>What one iteration came to.</summary>
/// <param name="Iteration">Iterations so far, from 1.</param>
/// <param name="Loss">The function's value; each optimiser says at which iterate.</param>
/// <param name="GradientNorm">‖g‖₂ at the same iterate, without the components that push against a bound.</param>
/// <param name="Evaluations">Evaluations of the function so far, by all iterations.</param>
/// <param name="StepLength">The method's own measure of the step it took; 0 where it took none.</param>
/// <param name="Converged">Whether further steps are pointless: a tolerance was met, or no lower value is to be found.</param>
public readonly record struct IterationResult(int Iteration, double Loss, double GradientNorm, int Evaluations, double StepLength,
    bool Converged);

/// <summary>The same bounds for every unknown.</summary>
/// <param name="Low">Lower bound.</param>
/// <param name="High">Upper bound, above <paramref name="Low"/>.</param>
public readonly record struct Box(float Low, float High)
{
    /// <summary>The range of a pixel, 0 to 255.</summary>
    public static Box Pixels => new(0, 255);
}

/// <summary>The function that is minimised has no finite value where it must have one.</summary>
/// <param name="message">Where, which value, and what to change.</param>
public sealed class OptimizationException(string message) : Exception(message);
