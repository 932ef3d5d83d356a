using System.Numerics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples.Brushwork;

/// <summary>The first style picture: a night valley in thick strokes, large brushes first.</summary>
/// <remarks>Layers of ever smaller brushes after Hertzmann 1998, but painted from a composition instead of a
/// photograph.</remarks>
internal static class BrushworkPicture
{
    private const int Width = 1600, Height = 1200; // twice the picture's size

    // Radius of the brush in pixels, distance between strokes in radii, how far tones wander from stroke to stroke.
    private readonly record struct Layer(float Radius, float Spacing, float Wander, float Chance);

    private static readonly Layer[] layers =
    [
        new(40, 1.5f, 0.06f, 1), new(23, 1.5f, 0.12f, 1), new(14, 1.45f, 0.15f, 1), new(9, 1.7f, 0.17f, 0.8f), new(5, 1, 0.1f, 1),
    ];

    /// <summary>Paints it, 800×600.</summary>
    public static Picture Draw()
    {
        var easel = new Easel(Width, Height);
        for (int i = 0; i < layers.Length; i++) Paint(easel, layers[i], i);
        return easel.Light().Shrink(2).ToPicture();
    }

    // Strokes begin on a jittered grid and are laid in random order, as a hand wanders over the canvas.
    private static void Paint(Easel easel, Layer layer, int number)
    {
        var dice = new Dice((ulong)(9001 + number));
        float step = layer.Radius * layer.Spacing;
        var places = new List<(float Order, Vector2 Place)>();
        for (float y = 0; y < Height + step; y += step)
            for (float x = 0; x < Width + step; x += step)
                places.Add((dice.Next(), new(x + (step * dice.Next(-0.6f, 0.6f)), y + (step * dice.Next(-0.6f, 0.6f)))));
        var strokes = new List<Stroke>();
        foreach (var (_, place) in places.OrderBy(p => p.Order))
            if (dice.Next() < layer.Chance && Begin(place, layer, ref dice) is { } stroke) strokes.Add(stroke);
        easel.Lay(strokes);
    }

    private static Stroke? Begin(Vector2 place, Layer layer, ref Dice dice)
    {
        var sight = See(place);
        bool small = sight.Form is Form.House or Form.Roof or Form.Window;
        if (layer.Radius < 6 && !small && !(sight.Form is Form.Orb or Form.Tree or Form.Lake && dice.Next() < 0.13f)
            && dice.Next() > 0.015f) return null;
        if (small && layer.Radius > 6) return null; // houses wait for the small brush
        float wander = small ? 0.05f : layer.Wander;
        var color = sight.Pigments.At(sight.Tone + (wander * dice.Bell()));
        // Now and then the brush picks up a neighbour's colour.
        if (dice.Next() < 0.06f && !small) color = Ramp.Mix(color, Accent(sight.Form, ref dice), 0.55f);
        var second = sight.Pigments.At(sight.Tone + dice.Next(-0.22f, 0.3f));
        float reach = layer.Radius * (small ? 1.8f : dice.Next(5.5f, 10.5f));
        var path = Follow(place, sight, reach, layer, ref dice);
        return path.Length < 2 ? null : new(path, layer.Radius * (small ? 0.75f : dice.Next(0.8f, 1.1f)), color, second,
            dice.Next(0.35f, 0.9f), dice.Pick(100000));
    }

    private static Vector2[] Follow(Vector2 start, Sight sight, float reach, Layer layer, ref Dice dice)
    {
        float step = MathF.Max(3, layer.Radius), turn = 0.12f * dice.Bell();
        bool strict = layer.Radius < 30;
        var path = new List<Vector2> { start };
        var (p, flow) = (start, sight.Flow);
        for (float gone = 0; gone < reach; gone += step)
        {
            p += step * Vector2.TransformNormal(flow, Matrix3x2.CreateRotation(turn));
            var next = See(p);
            if (strict && next.Form != sight.Form) break;
            path.Add(p);
            // A brush never turns back on itself.
            flow = Vector2.Dot(next.Flow, flow) < 0 ? -next.Flow : next.Flow;
            if (next.Form != sight.Form) flow = sight.Flow;
        }
        if (path.Count == 1) path.Add(start + (0.6f * layer.Radius * sight.Flow));
        return [.. path];
    }

    private static Vector3 Accent(Form form, ref Dice dice) => form switch
    {
        Form.Sky or Form.Lake => (dice.Pick(3) == 0 ? Pigments.Glow : Pigments.Night).At(dice.Next(0.6f, 1)),
        Form.Tree => Pigments.Clay.At(0.4f),
        Form.Field => Pigments.Slope.At(dice.Next(0.2f, 0.6f)),
        _ => Pigments.Lake.At(dice.Next(0.3f, 0.9f)),
    };

    private static Sight See(Vector2 pixel) => Landscape.At(pixel / Height);
}
