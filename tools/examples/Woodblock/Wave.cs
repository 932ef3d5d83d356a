using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>A breaking wave between two lines: its hollow face and its back, which meet at the lip.</summary>
/// <param name="Face">From the foot up the hollow to the lip.</param>
/// <param name="Back">From behind up to the same lip.</param>
internal sealed record Wave(Curve Face, Curve Back)
{
    private static readonly Ink[] stripes = [Ink.Deep, Ink.Pale, Ink.Blue, Ink.Deep, Ink.Paper, Ink.Blue, Ink.Pale, Ink.Deep];

    /// <summary>Draws the body: stripes that follow the water up into the lip.</summary>
    public void PrintBody(Plate plate, int stripeCount, float line, ulong seed)
    {
        Vector2[] outline = [.. Face.Walk(0, 1, 140), .. Back.Walk(1, 0, 140)];
        plate.Shape(outline, Ink.Blue, 2 * line);
        var dice = new Dice(seed);
        for (int i = 0; i < stripeCount; i++)
        {
            float t = (i + 0.5f) / stripeCount, half = dice.Next(0.30f, 0.47f) / stripeCount, from = dice.Next(0, 0.22f), to =
                dice.Next(0.82f, 1);
            var stripe = Band(t, half, from, to, dice.Next(0, MathF.Tau));
            plate.Fill(stripe, stripes[i % stripes.Length]);
            plate.Line([.. stripe, stripe[0], stripe[1]], _ => 0.8f * line);
        }
        Hatch(plate, stripeCount, line, ref dice);
    }

    /// <summary>The water between face (0) and back (1) at a share of the way up.</summary>
    public Vector2 Inside(float t, float s) => Vector2.Lerp(Face.At(s), Back.At(s), t);

    /// <summary>Foam along the lip: a scalloped cap over the back, fingers under it.</summary>
    /// <param name="foam">Receives it.</param>
    /// <param name="from">Where on the way up it begins.</param>
    /// <param name="depth">How far down the face the cap reaches, 0 to 1.</param>
    /// <param name="fingers">How many hang from it.</param>
    /// <param name="length">Length of the longest.</param>
    /// <param name="curl">How far they turn.</param>
    /// <param name="seed">Their irregularity.</param>
    public void AddFoam(Foam foam, float from, float depth, int fingers, float length, float curl, ulong seed)
    {
        var dice = new Dice(seed);
        foam.Add([.. Back.Walk(from, 1, 90), .. Enumerable.Range(0, 60).Select(i => Cap(1 - (i * (1 - from) / 59f), from,
            depth))]);
        for (int i = 0; i < 3 * fingers; i++)
        {
            float s = Ramp.Mix(from, 1, (i + dice.Next()) / (3 * fingers)), radius = length * dice.Next(0.09f, 0.2f);
            foam.AddDrop(Back.At(s), radius);
        }
        for (int i = 0; i < 4 * fingers; i++)
        {
            float s = dice.Next(from + 0.06f, 0.99f);
            foam.AddCurl(Cap(s, from, depth * dice.Next(0.1f, 0.9f)), length * dice.Next(0.07f, 0.19f), dice.Next(0, MathF.Tau));
        }
        for (int i = 0; i < fingers; i++)
        {
            float s = Ramp.Mix(from + 0.04f, 1, (i + dice.Next(0.2f, 0.8f)) / fingers);
            var down = Vector2.Normalize(Face.At(s) - Back.At(s) + (0.25f * length * Face.Direction(s))
                + new Vector2(0, 0.5f * length));
            float size = length * dice.Next(0.6f, 1) * Ramp.Mix(0.6f, 1, Ramp.Smooth(from, 0.85f, s));
            foam.AddFinger(Cap(s, from, 0.8f * depth), MathF.Atan2(down.Y, down.X) + (0.2f * dice.Bell()), size, 0.42f * size,
                curl * dice.Next(0.6f, 1.3f), 2);
        }
    }

    private Vector2 Cap(float s, float from, float depth) => Inside(1 - (depth * Ramp.Smooth(from, from + 0.22f, s)), s);

    private Vector2[] Band(float t, float half, float from, float to, float phase)
    {
        const int Points = 80;
        Vector2 Edge(int i, float sign)
        {
            float u = i / (Points - 1f), s = Ramp.Mix(from, to, u);
            float swell = MathF.Pow(MathF.Sin(0.78f * MathF.PI * u), 0.75f) * (0.85f + (0.25f * MathF.Sin((7 * u) + phase)));
            return Inside(Math.Clamp(t + (sign * half * swell), 0.004f, 0.996f), s);
        }
        return [.. Enumerable.Range(0, Points).Select(i => Edge(i, -1)), .. Enumerable.Range(0, Points).Select(i =>
            Edge(Points - 1 - i, 1))];
    }

    // Fine lines with the water, close together in the shade of the hollow.
    private void Hatch(Plate plate, int stripeCount, float line, ref Dice dice)
    {
        for (int i = 0; i < 9 * stripeCount; i++)
        {
            float t = dice.Next(), from = dice.Next(0, 0.7f), to = MathF.Min(0.97f, from + dice.Next(0.15f, 0.4f));
            if (t > 0.35f && dice.Next() < 0.45f) continue;
            var course = Enumerable.Range(0, 40).Select(k => Inside(t, Ramp.Mix(from, to, k / 39f))).ToArray();
            plate.Line(course, u => 0.62f * line * MathF.Sin(MathF.PI * u), Ink.Blue, Ink.Pale, Ink.Paper);
        }
    }
}
