namespace GatysGpu.Kernels.Gpu;

/// <summary>Two neighbouring floats, moved by one instruction through <see cref="ArrayView{T}.Cast{TOther}"/>.</summary>
/// <param name="x">First.</param>
/// <param name="y">Second.</param>
public struct Float2(float x, float y)
{
    /// <summary>The one at the lower address.</summary>
    public float X = x;

    /// <summary>The one at the higher address.</summary>
    public float Y = y;
}

/// <summary>Four neighbouring floats, moved by one instruction through <see cref="ArrayView{T}.Cast{TOther}"/>.</summary>
/// <param name="x">First.</param>
/// <param name="y">Second.</param>
/// <param name="z">Third.</param>
/// <param name="w">Fourth.</param>
public struct Float4(float x, float y, float z, float w)
{
    /// <summary>The one at the lowest address.</summary>
    public float X = x;

    /// <summary>The second.</summary>
    public float Y = y;

    /// <summary>The third.</summary>
    public float Z = z;

    /// <summary>The one at the highest address.</summary>
    public float W = w;
}
