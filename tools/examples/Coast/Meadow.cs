using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The grass in front: single blades where the camera is close enough to see them.</summary>
internal static class Meadow
{
    /// <summary>Plants tufts on the land between the given distances.</summary>
    public static void AddTo(Mesh mesh, Terrain terrain)
    {
        var dice = new Dice(811);
        const int Tufts = 26000;
        for (int i = 0; i < Tufts; i++)
        {
            // Even on the screen, not on the ground: near tufts are larger there and so need to be fewer.
            float z = 7 / (1 - (0.9f * dice.Next())), x = z * dice.Next(-0.55f, 0.62f);
            var ground = terrain.At(x, z);
            if (ground.Relief > 0.15f || ground.Height < 4) continue;
            float lush = Noise.Fbm(new Vector2(x, z) / 5, 3);
            if (lush + dice.Next(-0.5f, 0.75f) < -0.1f) continue;
            AddTuft(mesh, ref dice, new(x, ground.Height - 0.05f, z), lush, Ramp.Linear(8, 60, z));
        }
    }

    private static void AddTuft(Mesh mesh, ref Dice dice, Vector3 foot, float lush, float distance)
    {
        int blades = (int)Ramp.Mix(16, 9, distance);
        float tint = Math.Clamp(0.5f + (0.7f * lush) + (0.2f * dice.Bell()), 0, 1), size = dice.Next(0.6f, 1.2f);
        for (int i = 0; i < blades; i++)
        {
            var around = dice.Disc();
            var root = foot + (Ramp.Mix(0.22f, 0.4f, distance) * new Vector3(around.X, 0, around.Y));
            float tall = size * dice.Next(0.2f, 0.55f), half = Ramp.Mix(0.011f, 0.03f, distance), turn = dice.Next(0, MathF.Tau);
            var width = half * new Vector3(MathF.Cos(turn), 0, MathF.Sin(turn));
            var bend = new Vector3((0.5f * around.X) + 0.28f, 0, 0.5f * around.Y) * tall; // the wind is from the left
            var middle = root + (0.55f * tall * Vector3.UnitY) + (0.3f * bend);
            mesh.AddQuad(root - width, root + width, middle + (0.75f * width), middle - (0.75f * width), Substance.Blade, tint);
            mesh.Add(middle - (0.75f * width), middle + (0.75f * width), root + (tall * Vector3.UnitY) + bend, Substance.Blade,
                tint);
        }
        if (dice.Next() < 0.09f && lush > -0.1f) AddFlower(mesh, ref dice, foot + (0.5f * size * Vector3.UnitY), distance);
    }

    // Heads of thrift and yellow vetch: a few petals that only have to be a dot of colour.
    private static void AddFlower(Mesh mesh, ref Dice dice, Vector3 centre, float distance)
    {
        float radius = Ramp.Mix(0.05f, 0.1f, distance), tint = dice.Next();
        for (int i = 0; i < 5; i++)
        {
            float angle = MathF.Tau * i / 5;
            Vector3 a = new(MathF.Cos(angle), 0.4f, MathF.Sin(angle));
            Vector3 b = new(MathF.Cos(angle + 1.1f), 0.4f, MathF.Sin(angle + 1.1f));
            mesh.Add(centre, centre + (radius * a), centre + (radius * b), Substance.Flower, tint);
        }
    }
}
