using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Transfer;

namespace GatysGpu.Cli.Commands;

/// <summary>Whether pictures are large enough for the network, and the painting small enough, told before any work in terms of the options.</summary>
/// <param name="size">Value of <c>--size</c>.</param>
/// <param name="layer">The deepest layer that will be computed.</param>
internal sealed class PaintingSizes(int size, string layer)
{
    private readonly int side = LeastSize.Side(layer);
    private long firstScale = 1;

    /// <summary>The pyramid's first scale: as usual, or as large as the narrowest picture needs.</summary>
    public int FirstSize(int usual) =>
        // A pyramid may begin at three quarters of the size that it is asked to begin at.
        (int)Math.Min(size, Math.Max(usual, (4 * firstScale + 2) / 3));

    /// <summary>Checks the content picture.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="content">The picture.</param>
    /// <param name="maxPixels">Value of <c>--max-pixels</c>.</param>
    /// <exception cref="InputException">The painting would be too narrow for the network, or too large.</exception>
    public void CheckContent(string file, Picture content, long maxPixels)
    {
        (int width, int height) = Resampler.FitSize(content.Width, content.Height, size);
        if ((long)width * height > maxPixels)
            throw new InputException($"--size '{size}': the painting would have {width}×{height} = {width * (long)height / 1e6:0.#} megapixels, "
                + $"the limit is {maxPixels / 1e6:0.#}; use a smaller --size or raise --max-pixels");
        if (Math.Min(width, height) >= side)
        {
            firstScale = Math.Max(firstScale, LeastSize.Scale(content.Width, content.Height, side));
            return;
        }
        throw new InputException($"{file}: {content.Width}×{content.Height} pixels become {width}×{height} at --size {size}, "
            + $"too small for {layer}, which needs {side}×{side} or more; "
            + $"use --size {LeastSize.Scale(content.Width, content.Height, side)} or more, a less narrow picture, or only earlier layers "
            + "with --content-layers and --style-layers");
    }

    /// <summary>Checks a style picture, which is made smaller where it is larger than the painting, but never larger.</summary>
    /// <param name="file">Its file.</param>
    /// <param name="style">The picture.</param>
    /// <exception cref="InputException">It is too small or too narrow for the network.</exception>
    public void CheckStyle(string file, Picture style)
    {
        long least = LeastSize.Scale(style.Width, style.Height, side);
        if (Math.Min(style.Width, style.Height) < side)
            throw new InputException($"{file}: the style picture has {style.Width}×{style.Height} pixels, "
                + $"too few for {layer}, which needs {side}×{side} or more; use a larger picture, or only earlier layers with --style-layers and --content-layers");
        if (least > size)
            throw new InputException($"{file}: the style picture's {style.Width}×{style.Height} pixels are too narrow for {layer} "
                + $"at --size {size}; use --size {least} or more, a less narrow picture, or only earlier layers with --style-layers and --content-layers");
        firstScale = Math.Max(firstScale, least);
    }
}
