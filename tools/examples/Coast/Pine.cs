using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>A pine of the coast: bare stem, crown in uneven tiers bent by the wind, needles in tufts.</summary>
internal static class Pine
{
    /// <summary>Grows one.</summary>
    /// <param name="mesh">Receives the triangles.</param>
    /// <param name="foot">Where it stands.</param>
    /// <param name="height">Metres.</param>
    /// <param name="detail">1 for a tree close by; less has fewer and larger needles.</param>
    /// <param name="seed">Which tree.</param>
    public static void AddTo(Mesh mesh, Vector3 foot, float height, float detail, ulong seed)
    {
        var dice = new Dice(seed);
        var lean = new Vector3(dice.Next(0.02f, 0.12f), 0, dice.Next(-0.06f, 0.06f)) * height;
        float sway = dice.Next(0, MathF.Tau);
        Vector3 Stem(float t) => foot + (t * height * Vector3.UnitY) + (t * t * lean)
            + (0.018f * height * MathF.Sin((5 * t) + sway) * new Vector3(MathF.Cos(sway), 0, MathF.Sin(sway)));

        const int Pieces = 9;
        for (int i = 0; i < Pieces; i++)
            mesh.AddLimb(Stem((float)i / Pieces), Stem((i + 1f) / Pieces), Girth(height, (float)i / Pieces),
                Girth(height, (i + 1f) / Pieces), 9, Substance.Bark);

        int branches = (int)(12 + (34 * detail));
        float angle = dice.Next(0, MathF.Tau);
        for (int i = 0; i < branches; i++)
        {
            float t = Ramp.Mix(0.3f, 0.99f, MathF.Pow((i + dice.Next()) / branches, 0.85f));
            angle += 2.4f + dice.Next(-0.5f, 0.5f); // about the golden angle, as buds are set
            AddBranch(mesh, ref dice, Stem(t), angle, t, height, detail);
        }
    }

    private static float Girth(float height, float t) => height * Ramp.Mix(0.021f, 0.003f, MathF.Pow(t, 0.8f));

    private static void AddBranch(Mesh mesh, ref Dice dice, Vector3 root, float angle, float t, float height, float detail)
    {
        // Longest a third up the crown; the windward side (from the left) is shorter.
        float crown = MathF.Pow(MathF.Max(0.02f, 1 - t), 0.62f) * Ramp.Smooth(0.16f, 0.42f, t);
        float length = height * (0.06f + (0.3f * crown)) * dice.Next(0.6f, 1.1f) * (1 + (0.22f * MathF.Cos(angle)));
        var outward = new Vector3(MathF.Cos(angle), 0, MathF.Sin(angle));
        float climb = Ramp.Mix(0.02f, 0.75f, t * t) + dice.Next(-0.15f, 0.2f);
        var wind = new Vector3(0.12f, 0, 0.03f);
        Vector3 Along(float s) => root + (s * length * outward) + (length * ((climb * s) + (0.22f * s * s * s)
            - (0.16f * s)) * Vector3.UnitY) + (s * s * length * wind);

        const int Pieces = 4;
        float thick = 0.016f * length + 0.02f;
        for (int i = 0; i < Pieces; i++)
            mesh.AddLimb(Along((float)i / Pieces), Along((i + 1f) / Pieces), thick * (1 - ((float)i / Pieces)) + 0.01f,
                thick * (1 - ((i + 1f) / Pieces)) + 0.008f, 4, Substance.Bark);

        int twigs = (int)(4 + (5.5f * length * detail));
        for (int i = 0; i < twigs; i++)
        {
            float s = Ramp.Mix(0.3f, 1.02f, MathF.Sqrt((i + dice.Next()) / twigs));
            var side = new Vector3(-outward.Z, 0, outward.X) * dice.Next(-1f, 1f);
            float reach = length * 0.3f * (1.15f - s) + 0.12f;
            var tip = Along(s) + (reach * Vector3.Normalize(side + (0.5f * outward) + (dice.Next(0, 0.55f) * Vector3.UnitY)));
            AddTuft(mesh, ref dice, tip, Vector3.Normalize(tip - Along(s) + (0.3f * Vector3.UnitY)), detail);
        }
    }

    private static void AddTuft(Mesh mesh, ref Dice dice, Vector3 centre, Vector3 axis, float detail)
    {
        int needles = (int)(7 + (17 * detail));
        float tint = dice.Next();
        for (int i = 0; i < needles; i++)
        {
            var spread = new Vector3(dice.Bell(), dice.Bell(), dice.Bell());
            var along = Vector3.Normalize((1.1f * axis) + spread);
            var width = Vector3.Normalize(Vector3.Cross(along, spread + new Vector3(0.01f, 0.3f, 0.1f)));
            float length = dice.Next(0.24f, 0.46f) * (1.5f - (0.5f * detail)), half = 0.017f + (0.035f * (1 - detail));
            var root = centre + (0.13f * spread);
            mesh.Add(root - (half * width), root + (half * width), root + (length * along), Substance.Needle,
                Math.Clamp(tint + (0.15f * dice.Bell()), 0, 1));
        }
    }
}
