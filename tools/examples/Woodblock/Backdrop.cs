using System.Numerics;

namespace GatysGpu.Examples.Woodblock;

/// <summary>Behind the waves: sky with a red sun and bands of cloud, an island with pines and a gate, a boat.</summary>
internal static class Backdrop
{
    private const float Horizon = 0.655f;

    public static void Print(Plate plate, float line)
    {
        PrintSky(plate, line);
        PrintSea(plate, line);
        PrintIsland(plate, line);
        PrintGate(plate, new(0.305f, Horizon + 0.012f), 0.066f, line);
    }

    /// <summary>A boat under sail, heeling.</summary>
    public static void PrintBoat(Plate plate, Vector2 place, float size, float heel, float line)
    {
        var turn = Matrix3x2.CreateRotation(heel);
        Vector2[] Placed(params Vector2[] points) => [.. points.Select(p => place + Vector2.Transform(size * p, turn))];
        var hull = new Curve(Placed(new(-1, -0.22f), new(-0.6f, 0.1f), new(0, 0.2f), new(0.65f, 0.08f), new(1.12f, -0.36f)));
        var deck = new Curve(Placed(new(1.12f, -0.36f), new(0.6f, -0.1f), new(0, -0.03f), new(-0.6f, -0.08f), new(-1, -0.22f)));
        plate.Line(Placed(new(0.05f, 0), new(0.02f, -1.62f)), _ => 2.5f * line);
        var sail = new Curve(Placed(new(-0.45f, -0.22f), new(-0.52f, -0.8f), new(-0.42f, -1.5f), new(0.1f, -1.53f),
            new(0.55f, -1.5f), new(0.72f, -0.85f), new(0.58f, -0.22f), new(0.1f, -0.16f), new(-0.45f, -0.22f)));
        plate.Shape(sail.Walk(0, 1, 90), Ink.Paper, 1.6f * line);
        for (int k = 1; k < 6; k++)
            plate.Line(new Curve(Placed(new(-0.45f + (0.18f * k), -0.2f), new(-0.54f + (0.215f * k), -0.85f),
                new(-0.42f + (0.165f * k), -1.5f))).Walk(0, 1, 24), _ => 0.7f * line, Ink.Paper);
        plate.Tint([.. Placed(new(-0.6f, -1.08f), new(0.8f, -1.08f), new(0.8f, -0.9f), new(-0.6f, -0.9f))], Ink.Deep, Ink.Paper);
        plate.Shape([.. hull.Walk(0, 1, 40), .. deck.Walk(0, 1, 40)], Ink.Ochre, 1.8f * line);
        plate.Line(Placed(new(-0.85f, -0.1f), new(-0.3f, 0.07f), new(0.4f, 0.06f), new(0.95f, -0.2f)), _ => 0.8f * line);
        for (int k = 0; k < 3; k++) // the crew, bent forward
        {
            plate.Shape([.. Placed(new(-0.72f + (0.2f * k), -0.06f), new(-0.66f + (0.2f * k), -0.24f), new(-0.56f + (0.2f * k),
                -0.22f), new(-0.54f + (0.2f * k), -0.04f))], Ink.Deep, line);
            plate.Shape(Plate.Round(Placed(new Vector2(-0.58f + (0.2f * k), -0.28f))[0], 0.055f * size, 0.055f * size, 16),
                Ink.Ochre, line);
        }
    }

    private static void PrintSky(Plate plate, float line)
    {
        plate.Fill([new(0, 0), new(1.4f, 0), new(1.4f, 0.30f), new(0, 0.30f)], Ink.Sky);
        plate.Fill([new(0, 0.30f), new(1.4f, 0.30f), new(1.4f, Horizon), new(0, Horizon)], Ink.Dawn);
        plate.Shape(Plate.Round(new(0.365f, 0.345f), 0.128f, 0.128f, 120), Ink.Sun, 1.2f * line);
        PrintCloud(plate, 0.395f, 0.10f, 0.70f, 0.017f, line);
        PrintCloud(plate, 0.432f, -0.1f, 0.34f, 0.014f, line);
        PrintCloud(plate, 0.462f, 0.27f, 0.86f, 0.011f, line);
        PrintCloud(plate, 0.205f, -0.1f, 0.25f, 0.015f, line);
        foreach (var bird in (ReadOnlySpan<Vector3>)[new(0.17f, 0.13f, 0.026f), new(0.235f, 0.165f, 0.019f),
            new(0.11f, 0.185f, 0.016f), new(0.52f, 0.12f, 0.02f), new(0.575f, 0.09f, 0.014f)])
            foreach (int side in (ReadOnlySpan<int>)[-1, 1])
                plate.Line(new Curve(new(bird.X, bird.Y), new(bird.X + (0.5f * side * bird.Z), bird.Y - (0.45f * bird.Z)),
                    new(bird.X + (side * bird.Z), bird.Y - (0.2f * bird.Z))).Walk(0, 1, 20), u => 2.6f * line * (1 - (0.9f * u)));
    }

    // A lens of paper with three hair lines: mist as printers left it.
    private static void PrintCloud(Plate plate, float y, float from, float to, float half, float line)
    {
        var top = new Curve(new(from, y), new(Ramp.Mix(from, to, 0.2f), y - half), new(Ramp.Mix(from, to, 0.55f), y
            - (0.7f * half)), new(Ramp.Mix(from, to, 0.8f), y - half), new(to, y));
        var low = new Curve(new(to, y), new(Ramp.Mix(from, to, 0.7f), y + (0.8f * half)), new(Ramp.Mix(from, to, 0.35f), y
            + (0.6f * half)), new(from, y));
        plate.Shape([.. top.Walk(0, 1, 60), .. low.Walk(0, 1, 60)], Ink.Paper, line);
        for (int k = -1; k <= 1; k++)
            plate.Line([new(Ramp.Mix(from, to, 0.3f), y + (0.3f * k * half)), new(Ramp.Mix(from, to, 0.75f), y
                + (0.3f * k * half))], u => 0.6f * line * MathF.Sin(MathF.PI * u), Ink.Paper);
    }

    // Level hatching that opens towards the front.
    private static void PrintSea(Plate plate, float line)
    {
        plate.Fill([new(0, Horizon), new(1.4f, Horizon), new(1.4f, 1), new(0, 1)], Ink.Pale);
        plate.Line([new(0, Horizon), new(1.4f, Horizon)], _ => 1.4f * line);
        var dice = new Dice(71);
        for (int i = 0; i < 150; i++)
        {
            float depth = dice.Next(), y = Horizon + 0.006f + (0.17f * depth * depth), x = dice.Next(-0.1f, 1.2f), length =
                dice.Next(0.06f, 0.26f);
            plate.Line(new Curve(new(x, y), new(x + (0.5f * length), y + (0.004f * dice.Bell() * depth)),
                new(x + length, y)).Walk(0, 1, 20),
                u => line * Ramp.Mix(0.6f, 1.1f, depth) * MathF.Sin(MathF.PI * u), Ink.Pale);
        }
        plate.Tint([new(0, 0.735f), new(1.4f, 0.735f), new(1.4f, 1), new(0, 1)], Ink.Blue, Ink.Pale);
    }

    private static void PrintIsland(Plate plate, float line)
    {
        var far = new Curve(new(-0.05f, 0.57f), new(0.06f, 0.535f), new(0.17f, 0.585f), new(0.30f, 0.572f), new(0.44f, 0.625f),
            new(0.60f, 0.632f), new(0.74f, Horizon));
        plate.Shape([.. far.Walk(0, 1, 80), new(-0.05f, Horizon)], Ink.Hill, 1.2f * line);
        for (int i = 0; i < 46; i++) // slopes as slanting hatch
        {
            float s = i / 46f;
            var top = far.At(s);
            plate.Line([top, new(top.X + 0.02f, Ramp.Mix(top.Y, Horizon, 0.75f))], u => 0.8f * line * (1 - u), Ink.Hill);
        }
        var rock = new Curve(new(-0.05f, 0.50f), new(0.03f, 0.475f), new(0.085f, 0.505f), new(0.11f, 0.56f), new(0.165f, 0.575f),
            new(0.19f, 0.625f), new(0.235f, 0.64f), new(0.25f, 0.675f));
        plate.Shape([.. rock.Walk(0, 1, 80), new(0.2f, 0.69f), new(0.1f, 0.683f), new(-0.05f, 0.69f)], Ink.Moss, 2 * line);
        for (int i = 0; i < 34; i++)
        {
            var top = rock.At(i / 34f);
            plate.Line(new Curve(top, top + new Vector2(0.012f, 0.03f), top + new Vector2(0.009f, 0.08f)).Walk(0, 1, 12), u =>
                1.5f * line * (1 - u), Ink.Moss);
        }
        PrintPine(plate, new(0.045f, 0.49f), 0.105f, 0.35f, line, 3);
        PrintPine(plate, new(0.115f, 0.572f), 0.085f, 0.5f, line, 4);
        PrintPine(plate, new(0.18f, 0.61f), 0.06f, 0.45f, line, 5);
    }

    // A bent stem and cushions of needles.
    private static void PrintPine(Plate plate, Vector2 foot, float height, float lean, float line, ulong seed)
    {
        var dice = new Dice(seed);
        var stem = new Curve(foot, foot + (height * new Vector2(0.25f * lean, -0.4f)), foot
            + (height * new Vector2(-0.1f * lean, -0.7f)), foot + (height * new Vector2(lean, -1)));
        plate.Line(stem.Walk(0, 1, 40), u => height * 0.075f * (1.1f - u));
        for (int i = 0; i < 7; i++)
        {
            float s = Ramp.Mix(0.42f, 1, i / 6f), size = height * Ramp.Mix(0.34f, 0.2f, i / 6f);
            var centre = stem.At(s) + new Vector2((i % 2 == 0 ? 0.62f : -0.62f) * size * (i == 6 ? 0 : 1), 0.012f * dice.Bell());
            plate.Line([stem.At(s - 0.06f), centre], _ => 2 * line);
            var cushion = Plate.Round(centre, size, 0.36f * size, 40).Select((p, k) => p + new Vector2(0, k is > 20 and < 40
                ? -0.1f * size * MathF.Abs(MathF.Sin(k * 1.1f)) : 0)).ToArray();
            plate.Shape(cushion, Ink.Moss, 1.2f * line);
            for (int k = -4; k <= 4; k++)
                plate.Line([centre + new Vector2(0.08f * k * size, 0.25f * size), centre + new Vector2(0.2f * k * size,
                    -0.26f * size)], u => 1.1f * line * (1 - (0.6f * u)), Ink.Moss);
        }
    }

    private static void PrintGate(Plate plate, Vector2 foot, float height, float line)
    {
        Vector2 At(float x, float y) => foot + (height * new Vector2(x, -y));
        foreach (int side in (ReadOnlySpan<int>)[-1, 1])
            plate.Shape([At(0.52f * side, 0), At(0.4f * side, 0), At(0.34f * side, 1), At(0.44f * side, 1)], Ink.Sun, line);
        plate.Shape([At(-0.62f, 0.74f), At(0.62f, 0.74f), At(0.62f, 0.64f), At(-0.62f, 0.64f)], Ink.Sun, line);
        plate.Shape([.. new Curve(At(-0.85f, 1.13f), At(0, 1.03f), At(0.85f, 1.13f)).Walk(0, 1, 20),
            .. new Curve(At(0.78f, 0.98f), At(0, 0.92f), At(-0.78f, 0.98f)).Walk(0, 1, 20)], Ink.Sun, line);
    }
}
