using System.Numerics;

namespace GatysGpu.Examples.Mosaic;

/// <summary>Square tiles laid close along the borders of the regions.</summary>
/// <remarks>Hausner 2001, "Simulating Decorative Mosaics": Lloyd's iteration with a metric whose unit ball is the tile itself,
/// a square turned to the direction field. Differs in that a pixel may only belong to a tile of its own region, which keeps
/// tiles off the borders without pushing them.</remarks>
internal sealed class Tesserae
{
    private const int Cell = 12; // pixels of a bucket; a tile's owner is looked for one bucket around
    private readonly int width, height, across, down;
    private readonly int[] regions;
    private readonly DistanceField field;
    private readonly List<int>[] buckets;
    private int[] owners = []; // the region of each tile

    /// <summary>Lays tiles of about <paramref name="side"/> pixels.</summary>
    public Tesserae(int[] regions, int width, int height, DistanceField field, float side)
    {
        (this.regions, this.width, this.height, this.field) = (regions, width, height, field);
        (across, down) = ((width / Cell) + 1, (height / Cell) + 1);
        buckets = [.. Enumerable.Range(0, across * down).Select(_ => new List<int>())];
        Centres = Scatter(side);
        Areas = new float[Centres.Length];
        Axes = new Vector2[Centres.Length];
        const int Rounds = 14;
        for (int round = 0; round < Rounds; round++) Settle();
        Index();
    }

    /// <summary>Middle of each tile, in pixels.</summary>
    public Vector2[] Centres { get; }

    /// <summary>One edge direction of each tile, unit length.</summary>
    public Vector2[] Axes { get; }

    /// <summary>Pixels nearest to each tile; 0 for a tile that found no room.</summary>
    public float[] Areas { get; }

    /// <summary>The tile that a place belongs to, or -1, with the place in the tile's own axes.</summary>
    public (int Tile, Vector2 Local) At(Vector2 p)
    {
        int region = regions[(Math.Clamp((int)p.Y, 0, height - 1) * width) + Math.Clamp((int)p.X, 0, width - 1)];
        int best = -1;
        float least = float.MaxValue;
        var place = Vector2.Zero;
        int u = Math.Clamp((int)p.X / Cell, 0, across - 1), v = Math.Clamp((int)p.Y / Cell, 0, down - 1);
        for (int j = Math.Max(0, v - 1); j <= Math.Min(down - 1, v + 1); j++)
            for (int i = Math.Max(0, u - 1); i <= Math.Min(across - 1, u + 1); i++)
                foreach (int tile in buckets[(j * across) + i])
                {
                    if (owners[tile] != region) continue;
                    var local = Local(tile, p);
                    float d = MathF.Max(MathF.Abs(local.X), MathF.Abs(local.Y));
                    if (d < least) (least, best, place) = (d, tile, local);
                }
        return (best, place);
    }

    private Vector2 Local(int tile, Vector2 p)
    {
        Vector2 to = p - Centres[tile], axis = Axes[tile];
        return new(Vector2.Dot(to, axis), (to.Y * axis.X) - (to.X * axis.Y));
    }

    private Vector2[] Scatter(float side)
    {
        var dice = new Dice(6007);
        var centres = new List<Vector2>();
        for (float y = 0.5f * side; y < height; y += side)
            for (float x = 0.5f * side; x < width; x += side)
                centres.Add(new(Math.Clamp(x + (0.4f * side * dice.Bell()), 0, width - 1),
                    Math.Clamp(y + (0.4f * side * dice.Bell()), 0, height - 1)));
        AddMissing(centres);
        return [.. centres];
    }

    // A region smaller than a tile may have been missed: it gets one where it is widest.
    private void AddMissing(List<Vector2> centres)
    {
        var laid = centres.Select(c => regions[((int)c.Y * width) + (int)c.X]).ToHashSet();
        var widest = new SortedDictionary<int, int>();
        for (int at = 0; at < regions.Length; at++)
        {
            if (laid.Contains(regions[at])) continue;
            if (!widest.TryGetValue(regions[at], out int best)
                || field.At(at % width, at / width) > field.At(best % width, best / width))
                widest[regions[at]] = at;
        }
        foreach (int at in widest.Values) centres.Add(new((at % width) + 0.5f, (at / width) + 0.5f));
    }

    // Sorts tiles into buckets and turns each to the border nearest to it.
    private void Index()
    {
        foreach (var bucket in buckets) bucket.Clear();
        owners = new int[Centres.Length];
        for (int i = 0; i < Centres.Length; i++)
        {
            var c = Centres[i];
            buckets[((int)c.Y / Cell * across) + ((int)c.X / Cell)].Add(i);
            owners[i] = regions[((int)c.Y * width) + (int)c.X];
            Axes[i] = field.Away(c);
        }
    }

    // One round: every tile moves to the middle of the pixels that are nearest to it.
    private void Settle()
    {
        Index();
        var nearest = new int[width * height];
        Parallel.For(0, height, y =>
        {
            for (int x = 0; x < width; x++) nearest[(y * width) + x] = At(new(x + 0.5f, y + 0.5f)).Tile;
        });
        var sums = new Vector2[Centres.Length];
        Array.Clear(Areas);
        for (int at = 0; at < nearest.Length; at++)
        {
            if (nearest[at] < 0) continue;
            sums[nearest[at]] += new Vector2((at % width) + 0.5f, (at / width) + 0.5f);
            Areas[nearest[at]]++;
        }
        for (int i = 0; i < Centres.Length; i++)
        {
            if (Areas[i] == 0) continue;
            var middle = sums[i] / Areas[i];
            // The middle of a crescent can lie outside its region; such a tile stays where it is.
            if (regions[((int)middle.Y * width) + (int)middle.X] == owners[i]) Centres[i] = middle;
        }
    }
}
