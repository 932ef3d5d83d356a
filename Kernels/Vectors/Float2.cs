namespace GatysGpu.Kernels.Vectors;

/// <summary>Two neighbours that are read or written as one, from an address that is a multiple of 8.</summary>
public struct Float2(float x, float y)
{
    /// <summary>The first.</summary>
    public float X = x;

    /// <summary>The second.</summary>
    public float Y = y;
}
