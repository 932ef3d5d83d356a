using System.Numerics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples.Woodblock;

/// <summary>The second style picture: a wave breaking before a red sun, as a print from carved blocks.</summary>
internal static class WoodblockPicture
{
    private const int Width = 2400, Height = 1800; // three times the picture's size
    private const float Line = 0.0021f;

    /// <summary>Carves and prints it, 800×600.</summary>
    public static Picture Draw()
    {
        var plate = new Plate(Width, Height);
        Backdrop.Print(plate, Line);
        PrintFarWave(plate);
        Backdrop.PrintBoat(plate, new(0.475f, 0.722f), 0.095f, -0.16f, Line);
        PrintGreatWave(plate);
        PrintNearWave(plate);
        return Printing.Pull(plate, 3).ToPicture();
    }

    private static void PrintGreatWave(Plate plate)
    {
        var wave = new Wave(
            new Curve(new(0.18f, 0.90f), new(0.42f, 0.845f), new(0.65f, 0.755f), new(0.81f, 0.625f), new(0.885f, 0.475f),
                new(0.865f, 0.355f), new(0.785f, 0.292f), new(0.69f, 0.30f), new(0.615f, 0.335f)),
            new Curve(new(1.36f, 1.15f), new(1.42f, 0.75f), new(1.37f, 0.43f), new(1.21f, 0.215f), new(1.02f, 0.105f),
                new(0.85f, 0.085f), new(0.72f, 0.145f), new(0.645f, 0.235f), new(0.61f, 0.335f)));
        wave.PrintBody(plate, 13, Line, 5);
        var foam = new Foam(17);
        wave.AddFoam(foam, 0.5f, 0.3f, 19, 0.098f, 0.9f, 23);
        AddSpray(foam, wave.Back, 0.42f, 1, 46, 0.085f, 29);
        foam.Print(plate, Line);
    }

    private static void PrintFarWave(Plate plate)
    {
        var wave = new Wave(
            new Curve(new(0.90f, 0.78f), new(0.78f, 0.765f), new(0.695f, 0.715f), new(0.675f, 0.665f), new(0.705f, 0.638f),
                new(0.745f, 0.642f)),
            new Curve(new(0.45f, 0.80f), new(0.54f, 0.74f), new(0.60f, 0.66f), new(0.655f, 0.61f), new(0.71f, 0.61f),
                new(0.75f, 0.643f)));
        wave.PrintBody(plate, 7, 0.8f * Line, 8);
        var foam = new Foam(19);
        wave.AddFoam(foam, 0.55f, 0.3f, 9, 0.034f, -0.9f, 31);
        foam.Print(plate, 0.8f * Line);
    }

    private static void PrintNearWave(Plate plate)
    {
        var wave = new Wave(
            new Curve(new(0.86f, 1.04f), new(0.66f, 0.985f), new(0.50f, 0.93f), new(0.40f, 0.87f), new(0.375f, 0.81f),
                new(0.42f, 0.775f), new(0.475f, 0.785f)),
            new Curve(new(-0.10f, 1.15f), new(-0.05f, 0.93f), new(0.10f, 0.815f), new(0.25f, 0.735f), new(0.36f, 0.715f),
                new(0.44f, 0.735f), new(0.48f, 0.787f)));
        wave.PrintBody(plate, 9, Line, 11);
        var foam = new Foam(37);
        wave.AddFoam(foam, 0.5f, 0.28f, 14, 0.062f, -0.9f, 41);
        AddSpray(foam, wave.Back, 0.5f, 1, 16, 0.05f, 43);
        foam.Print(plate, Line);
    }

    // Drops thrown off the back, smaller the farther they fly.
    private static void AddSpray(Foam foam, Curve back, float from, float to, int count, float reach, ulong seed)
    {
        var dice = new Dice(seed);
        for (int i = 0; i < count; i++)
        {
            float s = dice.Next(from, to), far = dice.Next();
            var along = back.Direction(s);
            var outward = new Vector2(along.Y, -along.X) * (along.X < 0 ? 1 : -1);
            if (outward.Y > 0) outward = -outward;
            foam.AddDrop(back.At(s) + (reach * (0.25f + far) * outward) + (0.5f * reach * dice.Bell() * along),
                Ramp.Mix(0.0046f, 0.0016f, far));
        }
    }
}
