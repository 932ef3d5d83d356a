using GatysGpu.Kernels.Devices;

namespace GatysGpu.Kernels.Vectors;

/// <summary>What a step of Adam needs of its <see cref="AdamSettings"/>: what is the same for every element is computed once, in
/// float64.</summary>
public readonly struct AdamConstants(in AdamSettings settings)
{
    /// <summary>α.</summary>
    public readonly float StepSize = settings.StepSize;

    /// <summary>β₁.</summary>
    public readonly float Beta1 = settings.Beta1;

    /// <summary>1 − β₁.</summary>
    public readonly float OneMinusBeta1 = (float)(1.0 - settings.Beta1);

    /// <summary>β₂.</summary>
    public readonly float Beta2 = settings.Beta2;

    /// <summary>1 − β₂.</summary>
    public readonly float OneMinusBeta2 = (float)(1.0 - settings.Beta2);

    /// <summary>1/(1 − β₁ᵗ).</summary>
    public readonly float Correction1 = (float)(1 / (1 - Math.Pow(settings.Beta1, settings.Step)));

    /// <summary>1/(1 − β₂ᵗ).</summary>
    public readonly float Correction2 = (float)(1 / (1 - Math.Pow(settings.Beta2, settings.Step)));

    /// <summary>ε.</summary>
    public readonly float Epsilon = settings.Epsilon;

    /// <summary>Decay d of the average.</summary>
    public readonly float AverageDecay = settings.AverageDecay;

    /// <summary>1 − d.</summary>
    public readonly float OneMinusAverageDecay = (float)(1.0 - settings.AverageDecay);

    /// <summary>Lower bound of x.</summary>
    public readonly float Low = settings.Low;

    /// <summary>Upper bound of x.</summary>
    public readonly float High = settings.High;
}
