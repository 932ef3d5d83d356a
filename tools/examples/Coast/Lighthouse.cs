using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The lighthouse with its keeper's house, all straight and turned edges.</summary>
internal static class Lighthouse
{
    private const int Sides = 48;
    private const float Shaft = 15.5f, FootRadius = 2.9f, HeadRadius = 1.95f;

    /// <summary>Builds it on the ground.</summary>
    /// <param name="mesh">Receives the triangles.</param>
    /// <param name="foot">Centre of the tower's base.</param>
    public static void AddTo(Mesh mesh, Vector3 foot)
    {
        AddTower(mesh, foot);
        AddLantern(mesh, foot + (Shaft * Vector3.UnitY));
        AddHouse(mesh, foot + new Vector3(8.2f, -0.5f, 1.5f), new(8.5f, 3.3f, 5.4f), -0.3f);
        AddHouse(mesh, foot + new Vector3(15.2f, -0.9f, 3), new(4.2f, 2.5f, 3.6f), -0.3f);
    }

    // Bands of white and red; the tower's radius is linear in height.
    private static void AddTower(Mesh mesh, Vector3 foot)
    {
        mesh.AddTurned(foot, Sides, Substance.Whitewash, new(FootRadius + 0.5f, -3), new(FootRadius + 0.5f, 0.8f),
            new(FootRadius, 0.95f));
        ReadOnlySpan<float> edges = [0.9f, 5.2f, 8.4f, 11.6f, Shaft];
        for (int band = 0; band + 1 < edges.Length; band++)
            mesh.AddTurned(foot, Sides, band % 2 == 0 ? Substance.Whitewash : Substance.RedPaint,
                new(Radius(edges[band]), edges[band]), new(Radius(edges[band + 1]), edges[band + 1]));
        foreach (float height in (ReadOnlySpan<float>)[3.6f, 7, 10.2f, 13])
            AddWindow(mesh, foot + (height * Vector3.UnitY), Radius(height), -1.9f + (0.16f * height));
        AddWindow(mesh, foot + (1.3f * Vector3.UnitY), FootRadius + 0.12f, -1.25f, 1.6f);
    }

    private static float Radius(float height) => Ramp.Mix(FootRadius, HeadRadius, height / Shaft);

    private static void AddWindow(Mesh mesh, Vector3 centre, float radius, float angle, float scale = 1)
    {
        var outward = new Vector3(MathF.Cos(angle), 0, MathF.Sin(angle));
        mesh.AddBox(centre + ((radius - 0.02f) * outward), new Vector3(0.75f, 1.15f, 0.3f) * scale, angle + (MathF.PI / 2),
            Substance.Glass, 0.1f);
    }

    private static void AddLantern(Mesh mesh, Vector3 foot)
    {
        mesh.AddTurned(foot, Sides, Substance.Iron, new(HeadRadius, -0.5f), new(2.9f, 0), new(2.9f, 0.22f), new(1.5f, 0.22f));
        mesh.AddTurned(foot, Sides, Substance.Whitewash, new(1.5f, 0.2f), new(1.5f, 1.1f));
        mesh.AddTurned(foot, 12, Substance.Glass, new(1.42f, 1.1f), new(1.42f, 3.1f));
        mesh.AddTurned(foot, Sides, Substance.RedPaint, new(1.75f, 3.05f), new(1.8f, 3.2f), new(1.35f, 3.9f), new(0.5f, 4.45f),
            new(0.12f, 4.6f), new(0.1f, 5.5f), new(0, 5.6f));
        for (int k = 0; k < 12; k++)
        {
            var spoke = Spoke(k, 12);
            mesh.AddLimb(foot + (1.45f * spoke) + (1.1f * Vector3.UnitY), foot + (1.45f * spoke) + (3.1f * Vector3.UnitY), 0.06f,
                0.06f, 4, Substance.Iron);
        }
        AddRailing(mesh, foot + (0.22f * Vector3.UnitY), 2.8f);
    }

    private static void AddRailing(Mesh mesh, Vector3 foot, float radius)
    {
        const int Posts = 24;
        for (int k = 0; k < Posts; k++)
        {
            Vector3 now = foot + (radius * Spoke(k, Posts)), next = foot + (radius * Spoke(k + 1, Posts));
            mesh.AddLimb(now, now + (1.05f * Vector3.UnitY), 0.04f, 0.04f, 4, Substance.Iron);
            foreach (float height in (ReadOnlySpan<float>)[0.55f, 1.05f])
                mesh.AddLimb(now + (height * Vector3.UnitY), next + (height * Vector3.UnitY), 0.035f, 0.035f, 4, Substance.Iron);
        }
    }

    private static void AddHouse(Mesh mesh, Vector3 foot, Vector3 size, float turn)
    {
        var right = new Vector3(MathF.Cos(turn), 0, MathF.Sin(turn));
        var ahead = new Vector3(-MathF.Sin(turn), 0, MathF.Cos(turn));
        mesh.AddBox(foot - Vector3.UnitY, size + Vector3.UnitY, turn, Substance.Whitewash);

        Vector3 eaves = foot + (size.Y * Vector3.UnitY), ridge = eaves + (0.42f * size.Z * Vector3.UnitY);
        Vector3 along = 0.5f * size.X * right, over = 0.3f * right, depth = ((0.5f * size.Z) + 0.35f) * ahead;
        Vector3 drop = new(0, -0.28f, 0), left = ridge - along - over, end = ridge + along + over;
        mesh.AddQuad(eaves - along - over - depth + drop, eaves + along + over - depth + drop, end, left, Substance.Tile);
        mesh.AddQuad(eaves - along - over + depth + drop, eaves + along + over + depth + drop, end, left, Substance.Tile);
        mesh.Add(eaves - along - (0.5f * size.Z * ahead), eaves - along + (0.5f * size.Z * ahead), ridge - along,
            Substance.Whitewash);
        mesh.Add(eaves + along - (0.5f * size.Z * ahead), eaves + along + (0.5f * size.Z * ahead), ridge + along,
            Substance.Whitewash);
        mesh.AddBox(ridge + (0.55f * along) - (0.6f * Vector3.UnitY), new(0.8f, 1.7f, 0.8f), turn, Substance.Whitewash);

        var front = foot - ((0.5f * size.Z) * ahead);
        for (int k = -1; k <= 1; k++)
            mesh.AddBox(front + (0.29f * k * size.X * right) + ((k == 0 ? 0 : 1.1f) * Vector3.UnitY),
                new(0.95f, k == 0 ? 2.1f : 1.2f, 0.12f), turn,
                k == 0 ? Substance.Wood : Substance.Glass, 0.2f);
        mesh.AddBox(foot - along + (1.1f * Vector3.UnitY), new(0.12f, 1.2f, 0.95f), turn, Substance.Glass, 0.2f);
    }

    private static Vector3 Spoke(int k, int count)
    {
        float angle = MathF.Tau * k / count;
        return new(MathF.Cos(angle), 0, MathF.Sin(angle));
    }
}
