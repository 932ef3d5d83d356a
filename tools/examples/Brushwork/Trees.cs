using System.Numerics;

namespace GatysGpu.Examples.Brushwork;

/// <summary>Three dark trees on the right, bent by the same wind as the sky.</summary>
internal static class Trees
{
    private readonly record struct Tree(Vector2 Foot, float Height, float Width, float Lean, float Phase);

    private static readonly Tree[] trees =
    [
        new(new(1.165f, 0.99f), 0.72f, 0.064f, -0.110f, 0.3f),
        new(new(1.275f, 1.02f), 0.52f, 0.058f, -0.085f, 2.1f),
        new(new(1.060f, 0.98f), 0.33f, 0.042f, -0.060f, 4.4f),
    ];

    /// <summary>The tree at a place, if there is one.</summary>
    public static Sight? At(Vector2 p)
    {
        foreach (var tree in trees)
        {
            float s = (tree.Foot.Y - p.Y) / tree.Height;
            if (s is < 0 or > 1) continue;
            float across = p.X - Axis(tree, s);
            // Tongues of foliage: the outline breathes, more on one side than on the other.
            float tongues = 1 + (0.3f * MathF.Sin((s * 34) + (4 * MathF.Sign(across)) + tree.Phase))
                + (0.25f * Noise.Fbm(p * 22, 2));
            float half = tree.Width * MathF.Pow(MathF.Sin(MathF.PI * MathF.Pow((s * 0.97f) + 0.03f, 0.62f)), 0.8f) * tongues;
            if (MathF.Abs(across) > half) continue;
            float lit = across / MathF.Max(half, 1e-4f);
            float bend = (Axis(tree, s + 0.01f) - Axis(tree, s - 0.01f)) / (0.02f * tree.Height);
            float curl = 0.75f * MathF.Sin((s * 30) + (9 * across / tree.Width) + tree.Phase);
            float tone = 0.24f + (0.3f * Ramp.Smooth(0.1f, 1, lit)) + (0.16f * MathF.Sin((s * 60) + (12 * lit)));
            var flow = Vector2.Normalize(new(bend + (0.5f * lit * (1 - s)) + (0.35f * curl), -1));
            return new(Form.Tree, Pigments.Foliage, tone, flow);
        }
        return null;
    }

    private static float Axis(in Tree tree, float s) =>
        tree.Foot.X + (tree.Lean * s * s) + (0.014f * MathF.Sin((s * 8) + tree.Phase));
}
