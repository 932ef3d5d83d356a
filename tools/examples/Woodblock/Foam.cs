using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>Breaking foam: hooked fingers that split into smaller ones, outlined as one body.</summary>
internal sealed class Foam(ulong seed)
{
    private readonly List<Vector2[]> outlines = [];
    private readonly List<Vector2[]> shadows = [];
    private readonly List<Vector2[]> creases = [];
    private Dice dice = new(seed);

    /// <summary>Adds a part that only belongs to the common outline.</summary>
    public void Add(Vector2[] outline) => outlines.Add(outline);

    /// <summary>Adds a finger.</summary>
    /// <param name="root">Where it leaves the wave.</param>
    /// <param name="angle">Direction there, in radians.</param>
    /// <param name="length">Its length; its children are shorter.</param>
    /// <param name="width">Its width at the root.</param>
    /// <param name="curl">How far it turns over its length, in radians.</param>
    /// <param name="splits">Generations of children.</param>
    public void AddFinger(Vector2 root, float angle, float length, float width, float curl, int splits)
    {
        const int Points = 12;
        var spine = new Vector2[Points];
        var p = root;
        float heading = angle;
        for (int i = 0; i < Points; i++)
        {
            spine[i] = p;
            heading = angle + (curl * i * i / ((Points - 1f) * (Points - 1)));
            p += length / (Points - 1) * Toward(heading);
        }
        float tip = splits > 0 ? 0.5f : 0.12f;
        outlines.Add(Plate.Ribbon(spine, u => width * Ramp.Mix(1, tip, MathF.Pow(u, 1.2f))));
        // A drop at the end: a claw of foam is never quite pointed.
        outlines.Add(Plate.Round(spine[^1], 0.5f * width * (tip + 0.16f), 0.5f * width * (tip + 0.16f), 16));
        if (length > 0.03f) Detail(spine, width);
        if (splits == 0) return;
        int children = 2 + dice.Pick(2);
        for (int k = 0; k < children; k++)
        {
            float share = k / (children - 1f), spread = Ramp.Mix(-1.05f, 0.85f, share) + (0.18f * dice.Bell());
            AddFinger(spine[^(1 + dice.Pick(3))], heading + spread, length * dice.Next(0.4f, 0.55f), width * 0.66f, (curl * 0.8f)
                + (0.9f * dice.Next(-0.3f, 1)), splits - 1);
        }
    }

    /// <summary>Adds a curl drawn inside the foam: an arc that winds in, with a pale shadow in it.</summary>
    public void AddCurl(Vector2 centre, float radius, float angle)
    {
        var arc = Enumerable.Range(0, 24).Select(i => centre + (radius * (1 - (0.022f * i)) * Toward(angle
            + (0.19f * i)))).ToArray();
        creases.Add(arc);
        shadows.Add(Plate.Ribbon(arc[4..20], u => 0.5f * radius * MathF.Sin(MathF.PI * u)));
    }

    /// <summary>A drop that flew off.</summary>
    public void AddDrop(Vector2 centre, float radius) => outlines.Add(Plate.Round(centre, radius, radius, 18));

    /// <summary>Prints it: lines first, so that the white of each part covers the lines of its neighbours.</summary>
    public void Print(Plate plate, float line)
    {
        foreach (var outline in outlines) plate.Line([.. outline, outline[0], outline[1]], _ => 2 * line);
        foreach (var outline in outlines) plate.Fill(outline, Ink.Paper);
        foreach (var shadow in shadows) plate.Tint(shadow, Ink.Pale, Ink.Paper);
        foreach (var crease in creases) plate.Line(crease, u => 1.3f * line * MathF.Sin(MathF.PI * u), Ink.Paper, Ink.Pale);
    }

    // A pale shadow along one side of the finger and a crease beside it.
    private void Detail(Vector2[] spine, float width)
    {
        var side = new Vector2[spine.Length - 2];
        for (int i = 0; i < side.Length; i++)
        {
            var along = Vector2.Normalize(spine[i + 1] - spine[i]);
            side[i] = spine[i] + (0.2f * width * new Vector2(-along.Y, along.X));
        }
        shadows.Add(Plate.Ribbon(side, u => 0.42f * width * (1 - u)));
        creases.Add(side[..^2]);
    }

    private static Vector2 Toward(float angle) => new(MathF.Cos(angle), MathF.Sin(angle));
}
