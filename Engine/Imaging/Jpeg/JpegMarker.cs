namespace GatysGpu.Engine.Imaging;

/// <summary>The second byte of a marker; the first is FF (T.81, table B.1).</summary>
internal static class JpegMarker
{
    public const byte Temporary = 0x01;
    public const byte Baseline = 0xC0;
    public const byte ExtendedSequential = 0xC1;
    public const byte Progressive = 0xC2;
    public const byte HuffmanTables = 0xC4;
    public const byte ArithmeticConditioning = 0xCC;
    public const byte Restart0 = 0xD0;
    public const byte Restart7 = 0xD7;
    public const byte StartOfImage = 0xD8;
    public const byte EndOfImage = 0xD9;
    public const byte StartOfScan = 0xDA;
    public const byte QuantisationTables = 0xDB;
    public const byte RestartInterval = 0xDD;
    public const byte App0 = 0xE0;
    public const byte App1 = 0xE1;
    public const byte App14 = 0xEE;

    /// <summary>Whether no length and no content follow.</summary>
    public static bool StandsAlone(byte marker) => marker is Temporary or (>= Restart0 and <= EndOfImage);

    /// <summary>The feature that a marker announces and this decoder does not have, or null.</summary>
    public static string? UnsupportedFeature(byte marker) => marker switch
    {
        0xC3 => "lossless JPEG",
        0xC5 or 0xC6 or 0xC7 or 0xDE or 0xDF => "hierarchical JPEG",
        0xC8 => "JPEG with extensions",
        0xC9 or 0xCA or ArithmeticConditioning => "arithmetic coding",
        0xCB => "lossless JPEG with arithmetic coding",
        0xCD or 0xCE or 0xCF => "hierarchical JPEG with arithmetic coding",
        _ => null,
    };
}
