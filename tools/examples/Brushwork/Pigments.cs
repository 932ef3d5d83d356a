using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>A row of pigments from dark to light, sRGB-encoded; a painter moves along it instead of adding black or
/// white.</summary>
internal sealed class Pigments(params int[] colors)
{
    private readonly Vector3[] row = [.. colors.Select(Ramp.Hex)];

    public static readonly Pigments Night = new(0x0e1a45, 0x17306f, 0x1f4c95, 0x2f79b0, 0x55a8b4, 0x9fd0bb, 0xdfe6bf);
    public static readonly Pigments Glow = new(0xa8501c, 0xd9741a, 0xeb9a22, 0xf3bd3e, 0xf8dc7c, 0xfdf3c8);
    public static readonly Pigments Ridge = new(0x161f4a, 0x25336f, 0x3a4f8c, 0x57689f, 0x7b86ac);
    public static readonly Pigments Slope = new(0x0c2630, 0x15434a, 0x24655c, 0x4a8a62, 0x86a75c, 0xc0bf6a);
    public static readonly Pigments Field = new(0x4a3016, 0x7d5420, 0xa9772a, 0xcf9c3a, 0xe6c566, 0xf1dd9c);
    public static readonly Pigments Vineyard = new(0x26341a, 0x45552a, 0x6b7a34, 0x99994a, 0xc9bd6a);
    public static readonly Pigments Clay = new(0x5c2416, 0x92401c, 0xc2602a, 0xdd8746, 0xecb47c);
    public static readonly Pigments Lake = new(0x0c1a44, 0x153a6e, 0x235f92, 0x3d8ea8, 0x7fbfb2);
    public static readonly Pigments Foliage = new(0x070d14, 0x0e1f22, 0x17352c, 0x2b4d2e, 0x55642e, 0x8a7a3a);
    public static readonly Pigments Plaster = new(0x4d5a78, 0x7a86a0, 0xb0b4b8, 0xdcd3b8, 0xf2e8cc);

    /// <summary>The colour at a tone from 0 dark to 1 light, mixed from the two pigments beside it.</summary>
    public Vector3 At(float tone)
    {
        float at = Math.Clamp(tone, 0, 1) * (row.Length - 1);
        int i = Math.Min((int)at, row.Length - 2);
        return Ramp.Mix(row[i], row[i + 1], at - i);
    }
}
