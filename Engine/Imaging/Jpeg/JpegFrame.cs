using System.Buffers.Binary;

namespace GatysGpu.Engine.Imaging;

/// <summary>The frame header: size, kind and components (T.81, B.2.2).</summary>
internal sealed class JpegFrame
{
    private JpegFrame(bool progressive, int width, int height, JpegComponent[] components)
    {
        (IsProgressive, Width, Height, Components) = (progressive, width, height, components);
        MaxHorizontal = components.Max(c => c.HorizontalFactor);
        MaxVertical = components.Max(c => c.VerticalFactor);
        McusWide = JpegComponent.CeilingDivide(width, 8 * MaxHorizontal);
        McusHigh = JpegComponent.CeilingDivide(height, 8 * MaxVertical);
        foreach (JpegComponent c in components) c.Layout(width, height, MaxHorizontal, MaxVertical, McusWide, McusHigh);
    }

    /// <summary>Whether coefficients come in several scans.</summary>
    public bool IsProgressive { get; }

    /// <summary>Columns as stored, before the EXIF orientation.</summary>
    public int Width { get; }

    /// <summary>Rows as stored.</summary>
    public int Height { get; }

    /// <summary>1, 3 or 4 of them.</summary>
    public JpegComponent[] Components { get; }

    /// <summary>The largest horizontal sampling factor; a component with this one has full width.</summary>
    public int MaxHorizontal { get; }

    /// <summary>The largest vertical sampling factor.</summary>
    public int MaxVertical { get; }

    /// <summary>MCUs across in a scan of several components.</summary>
    public int McusWide { get; }

    /// <summary>MCUs down.</summary>
    public int McusHigh { get; }

    /// <summary>Blocks of all components that touch the picture: the fewest that its scans can hold.</summary>
    public long BlockCount => Components.Sum(c => (long)c.BlocksWide * c.BlocksHigh);

    /// <summary>Reads a frame header.</summary>
    /// <param name="content">The segment.</param>
    /// <param name="marker">Baseline, extended sequential or progressive.</param>
    /// <param name="maxPixels">A larger picture is refused.</param>
    /// <exception cref="PictureFormatException">A value is not one that the format allows, or not supported.</exception>
    public static JpegFrame Parse(ReadOnlySpan<byte> content, byte marker, long maxPixels)
    {
        if (content.Length < 6) throw JpegError.Damaged("its frame header is too short");
        int precision = content[0], count = content[5];
        int height = BinaryPrimitives.ReadUInt16BigEndian(content[1..]), width = BinaryPrimitives.ReadUInt16BigEndian(content[3..]);
        if (precision == 12) throw JpegError.Unsupported("12-bit JPEG");
        if (precision != 8) throw JpegError.Damaged($"it says that its samples have {precision} bits");
        if (height == 0 && width > 0) throw JpegError.Unsupported("a JPEG file that gives its height after its data");
        if (width == 0) throw JpegError.Damaged("it says that it has no columns");
        long pixels = (long)width * height;
        long limit = Math.Min(maxPixels, Array.MaxLength / 3);   // three samples a pixel in one array
        if (pixels > limit) throw new PictureFormatException($"it has {width}×{height} pixels, more than the {limit} that are allowed");
        if (count is 0 or > 4) throw JpegError.Damaged($"it says that it has {count} components");
        if (count == 2) throw JpegError.Unsupported("a JPEG file of two components");
        if (content.Length != 6 + 3 * count) throw JpegError.Damaged($"its frame header has the wrong length for {count} components");
        return new JpegFrame(marker == JpegMarker.Progressive, width, height, ParseComponents(content[6..], count));
    }

    private static JpegComponent[] ParseComponents(ReadOnlySpan<byte> content, int count)
    {
        var components = new JpegComponent[count];
        for (int i = 0; i < count; i++)
        {
            byte id = content[3 * i], factors = content[3 * i + 1], table = content[3 * i + 2];
            int horizontal = factors >> 4, vertical = factors & 15;
            if (horizontal is 0 or > 4 || vertical is 0 or > 4)
                throw JpegError.Damaged($"component {id} has the sampling factors {horizontal}×{vertical}; 1 to 4 are allowed");
            if (table > 3) throw JpegError.Damaged($"component {id} asks for quantisation table {table}; there are 0 to 3");
            for (int j = 0; j < i; j++)
                if (components[j].Id == id) throw JpegError.Damaged($"two components have the number {id}");
            components[i] = new JpegComponent
            {
                Id = id, HorizontalFactor = horizontal, VerticalFactor = vertical, QuantisationIndex = table,
            };
        }
        return components;
    }
}
