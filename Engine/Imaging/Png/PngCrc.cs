namespace GatysGpu.Engine.Imaging;

/// <summary>The checksum at the end of every PNG chunk.</summary>
/// <remarks>CRC-32 with the reflected polynomial x³²+x²⁶+x²³+x²²+x¹⁶+x¹²+x¹¹+x¹⁰+x⁸+x⁷+x⁵+x⁴+x²+x+1, started at all ones and
/// complemented at the end; PNG specification (W3C, third edition), annex D. Four tables take four bytes a step.</remarks>
internal static class PngCrc
{
    private const uint Polynomial = 0xEDB88320;
    private static readonly uint[][] Tables = MakeTables();

    /// <summary>The checksum of a chunk's type and data.</summary>
    public static uint Of(ReadOnlySpan<byte> type, ReadOnlySpan<byte> data) => ~Continue(Continue(~0u, type), data);

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        uint[] t0 = Tables[0], t1 = Tables[1], t2 = Tables[2], t3 = Tables[3];
        int i = 0;
        for (; i + 4 <= bytes.Length; i += 4)
        {
            crc ^= (uint)(bytes[i] | bytes[i + 1] << 8 | bytes[i + 2] << 16 | bytes[i + 3] << 24);
            crc = t3[crc & 255] ^ t2[crc >> 8 & 255] ^ t1[crc >> 16 & 255] ^ t0[crc >> 24];
        }
        for (; i < bytes.Length; i++) crc = t0[(crc ^ bytes[i]) & 255] ^ crc >> 8;
        return crc;
    }

    // Tables[k][b] is what byte b does to the checksum when k zero bytes follow it.
    private static uint[][] MakeTables()
    {
        uint[][] tables = [new uint[256], new uint[256], new uint[256], new uint[256]];
        for (uint b = 0; b < 256; b++)
        {
            uint crc = b;
            for (int bit = 0; bit < 8; bit++) crc = (crc & 1) != 0 ? crc >> 1 ^ Polynomial : crc >> 1;
            tables[0][b] = crc;
        }
        for (int k = 1; k < 4; k++)
            for (int b = 0; b < 256; b++) tables[k][b] = tables[k - 1][b] >> 8 ^ tables[0][tables[k - 1][b] & 255];
        return tables;
    }
}
