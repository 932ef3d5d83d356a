using System.Numerics;

namespace GatysGpu.Examples;

/// <summary>Small seeded random numbers (SplitMix64, Steele et al. 2014): one per pixel or stroke, so that threads cannot change
/// them.</summary>
internal struct Dice(ulong seed)
{
    // Mixed first: neighbouring seeds would otherwise give the same numbers one place on.
    private ulong state = Mix(seed + 1);

    /// <summary>[0, 1).</summary>
    public float Next()
    {
        state += 0x9e3779b97f4a7c15ul;
        return (Mix(state) >> 40) * (1f / (1 << 24));
    }

    /// <summary>[from, to).</summary>
    public float Next(float from, float to) => from + ((to - from) * Next());

    /// <summary>A whole number in [0, count).</summary>
    public int Pick(int count) => Math.Min(count - 1, (int)(Next() * count));

    /// <summary>About normal with deviation 1: three uniform numbers are close enough for paint.</summary>
    public float Bell() => 2 * (Next() + Next() + Next() - 1.5f);

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ul;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebul;
        return z ^ (z >> 31);
    }

    /// <summary>Uniform in the unit disc.</summary>
    public Vector2 Disc()
    {
        float radius = MathF.Sqrt(Next()), angle = Next(0, MathF.Tau);
        return radius * new Vector2(MathF.Cos(angle), MathF.Sin(angle));
    }
}
