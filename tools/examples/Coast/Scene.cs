using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>Where a ray ended.</summary>
internal enum Target
{
    Sky,
    Land,
    Sea,
    Thing,
}

/// <summary>The nearest meeting of a ray with the world; <paramref name="Index"/> is the triangle of a thing.</summary>
internal readonly record struct Meeting(Target Target, float Distance, int Index = -1);

/// <summary>Everything that stands in the light.</summary>
internal sealed class Scene
{
    private const float Farthest = 6500;
    private readonly TriangleTree things;

    public Scene()
    {
        Terrain = new();
        Sea = new(Terrain);
        Sky = new();
        var mesh = new Mesh();
        Lighthouse.AddTo(mesh, Standing(-19, 134, 0.1f));
        PlantPines(mesh);
        Meadow.AddTo(mesh, Terrain);
        things = new(mesh);
    }

    public Terrain Terrain { get; }

    public Sea Sea { get; }

    public Sky Sky { get; }

    /// <summary>A triangle that a meeting names.</summary>
    public ref readonly Triangle Thing(int index) => ref things[index];

    /// <summary>The nearest thing along a ray from the camera.</summary>
    public Meeting Trace(Vector3 origin, Vector3 direction)
    {
        float limit = Farthest;
        int index = things.Trace(origin, direction, ref limit);
        float sea = Sea.Trace(origin, direction);
        float land = Terrain.Trace(origin, direction, 3, MathF.Min(limit, sea + 1), Terrain.Sharp);
        if (index >= 0 && limit < land && limit < sea) return new(Target.Thing, limit, index);
        if (land < sea) return new(Target.Land, land);
        return float.IsFinite(sea) ? new(Target.Sea, sea) : new(Target.Sky, float.PositiveInfinity);
    }

    /// <summary>What water at <paramref name="origin"/> mirrors: land, things or sky, roughly.</summary>
    public Meeting Mirror(Vector3 origin, Vector3 direction)
    {
        float limit = 220;
        int index = things.Trace(origin, direction, ref limit);
        float land = Terrain.Trace(origin, direction, 0.3f, limit, Terrain.Rough);
        if (float.IsFinite(land)) return new(Target.Land, land);
        return index >= 0 ? new(Target.Thing, limit, index) : new(Target.Sky, float.PositiveInfinity);
    }

    /// <summary>Whether anything solid lies on the way; water does not count.</summary>
    public bool Blocked(Vector3 origin, Vector3 direction, float limit)
    {
        float reach = limit;
        return things.Trace(origin, direction, ref reach, any: true) >= 0
            || float.IsFinite(Terrain.Trace(origin, direction, 0.05f, limit, Terrain.Rough));
    }

    private void PlantPines(Mesh mesh)
    {
        ReadOnlySpan<Vector3> front = [new(11.2f, 33, 13.6f), new(15.2f, 37, 16), new(13.2f, 30.5f, 9.2f), new(18.5f, 41, 13.5f),
            new(9.3f, 37, 7.2f), new(21, 38, 17)];
        ulong seed = 31;
        foreach (var tree in front) Pine.AddTo(mesh, Standing(tree.X, tree.Y, 0.3f), tree.Z, 1, seed++);
        var dice = new Dice(557);
        for (int i = 0; i < 46; i++)
        {
            float x = dice.Next(14, 105), z = 138 + (0.16f * x) + (dice.Bell() * 12);
            if (Noise.Fbm(new Vector2(x, z) / 22, 2) < -0.05f || Terrain.At(x, z).Relief > 0.1f) continue;
            Pine.AddTo(mesh, Standing(x, z, 0.3f), dice.Next(4.5f, 9.5f), 0.25f, seed++);
        }
    }

    private Vector3 Standing(float x, float z, float sunk) => new(x, Terrain.At(x, z).Height - sunk, z);
}
