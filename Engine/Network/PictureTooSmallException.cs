namespace GatysGpu.Engine.Network;

/// <summary>A picture is so small that nothing is left of it at a layer that is asked for.</summary>
public sealed class PictureTooSmallException : Exception
{
    /// <summary>Says so.</summary>
    /// <param name="width">Columns of the picture.</param>
    /// <param name="height">Rows of the picture.</param>
    /// <param name="layer">The first layer that cannot be computed.</param>
    public PictureTooSmallException(int width, int height, string layer) : base(
        $"a picture of {width}×{height} pixels is too small for {layer}: each block of layers halves it. Use a larger picture or a larger --size, or only earlier layers")
    {
    }
}
