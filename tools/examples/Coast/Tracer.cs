using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>The light that comes back along a ray: sun with soft shadows, sky with one bounce, mirrors of water and
/// glass.</summary>
internal sealed class Tracer(Scene scene)
{
    private const float SunRadius = 0.012f; // wider than the true 0.0047: haze softens shadows
    private static readonly Vector3 bounce = new(0.20f, 0.17f, 0.11f); // what the ground around gives back of the sun

    /// <summary>Radiance along a ray.</summary>
    /// <param name="origin">Start, in metres.</param>
    /// <param name="direction">Unit vector.</param>
    /// <param name="spread">Width of a pixel at 1 m.</param>
    /// <param name="lot">The sample's random numbers.</param>
    /// <param name="target">What the ray met.</param>
    public Vector3 Radiance(Vector3 origin, Vector3 direction, float spread, ref Lot lot, out Target target)
    {
        var meeting = scene.Trace(origin, direction);
        target = meeting.Target;
        if (target == Target.Sky) return Sky.Radiance(direction, ref lot);
        var p = origin + (meeting.Distance * direction);
        float width = spread * meeting.Distance;
        var light = target == Target.Sea ? Water(p, direction, width, ref lot) : Solid(meeting, p, direction, width, ref lot);
        return Sky.Haze(light, direction, meeting.Distance);
    }

    private Vector3 Solid(Meeting meeting, Vector3 p, Vector3 direction, float width, ref Lot lot)
    {
        Vector3 normal;
        Material material;
        if (meeting.Target == Target.Land)
        {
            normal = scene.Terrain.Normal(p, width);
            material = Materials.Land(p, normal, scene.Terrain.At(p.X, p.Z), width);
        }
        else
        {
            ref readonly var triangle = ref scene.Thing(meeting.Index);
            normal = Vector3.Normalize(Vector3.Cross(triangle.EdgeU, triangle.EdgeV));
            material = Materials.Of(triangle, p);
        }
        if (Vector3.Dot(normal, direction) > 0) normal = -normal;
        return Lit(p, normal, direction, material, ref lot);
    }

    private Vector3 Lit(Vector3 p, Vector3 normal, Vector3 direction, Material material, ref Lot lot)
    {
        float facing = Vector3.Dot(normal, Sky.Sun);
        float taken = facing > 0 ? facing : -facing * material.Thin;
        var start = p + (0.03f * normal);
        var light = taken > 0 && !Shadowed(p, facing > 0 ? normal : -normal, ref lot) ? taken * Sky.Sunlight : Vector3.Zero;
        light += Ambient(start, normal, ref lot);
        var color = material.Albedo * light;
        if (material.Gloss <= 0) return color;
        var mirrored = Vector3.Reflect(direction, normal);
        float grazing = MathF.Pow(1 - MathF.Max(0, Vector3.Dot(mirrored, normal)), 5);
        float share = material.Gloss + ((1 - material.Gloss) * 0.6f * grazing);
        return Ramp.Mix(color, scene.Sky.Dome(mirrored), share);
    }

    private bool Shadowed(Vector3 p, Vector3 side, ref Lot lot)
    {
        var disc = lot.Disc() * SunRadius;
        var toward = Vector3.Normalize(Sky.Sun + (disc.X * Vector3.UnitY)
            + (disc.Y * Vector3.Normalize(Vector3.Cross(Sky.Sun, Vector3.UnitY))));
        return scene.Blocked(p + (0.04f * side), toward, 260);
    }

    // Two cosine-weighted rays to opposite sides: where one sees the bright half of the sky the other sees the dark one.
    private Vector3 Ambient(Vector3 start, Vector3 normal, ref Lot lot) =>
        0.5f * (Incoming(start, lot.Above(normal, 0)) + Incoming(start, lot.Above(normal, 0.5f)));

    // Sky where a ray is free, and the sunlit surroundings' colour where it is not.
    private Vector3 Incoming(Vector3 start, Vector3 ray)
    {
        if (scene.Blocked(start, ray, 16)) return bounce * 0.75f;
        // The sun's own glow is in the sun's light already; left in here it would only be noise.
        return ray.Y > 0 ? Vector3.Min(scene.Sky.Dome(ray), new(1)) : bounce;
    }

    private Vector3 Water(Vector3 p, Vector3 direction, float width, ref Lot lot)
    {
        float grazing = MathF.Max(0.03f, -direction.Y);
        var normal = scene.Sea.Normal(p, width / MathF.Sqrt(grazing));
        if (Vector3.Dot(normal, direction) > -0.02f)
            normal = Vector3.Normalize(normal - ((Vector3.Dot(normal, direction) + 0.03f) * direction));
        bool shaded = Shadowed(p, Vector3.UnitY, ref lot);
        var sun = shaded ? Vector3.Zero : Sky.Sunlight;

        float cosine = MathF.Max(0.06f, -Vector3.Dot(normal, direction));
        float mirror = 0.02f + (0.98f * MathF.Pow(1 - cosine, 5) * 0.82f);
        var color = Ramp.Mix(Body(p, sun), Reflection(p, direction, normal, sun, ref lot), mirror);
        float foam = scene.Sea.Foam(p, width);
        if (foam <= 0) return color;
        var white = new Vector3(0.82f, 0.85f, 0.86f) * ((sun * MathF.Max(0.08f, Vector3.Dot(normal, Sky.Sun)))
            + Ambient(p + (0.03f * normal), normal, ref lot));
        return Ramp.Mix(color, white, 0.93f * foam);
    }

    private Vector3 Reflection(Vector3 p, Vector3 direction, Vector3 normal, Vector3 sun, ref Lot lot)
    {
        var ray = Vector3.Reflect(direction, normal);
        ray = Vector3.Normalize(ray with { Y = MathF.Abs(ray.Y) + 0.01f });
        var start = p + new Vector3(0, 0.1f, 0);
        var meeting = scene.Mirror(start, ray);
        if (meeting.Target is Target.Land or Target.Thing)
            return Sky.Haze(Solid(meeting, start + (meeting.Distance * ray), ray, 0.02f * meeting.Distance, ref lot), ray,
                meeting.Distance);
        float glint = MathF.Pow(MathF.Max(0, Vector3.Dot(ray, Sky.Sun)), 420);
        return scene.Sky.Dome(ray) + (sun * 18 * glint);
    }

    // Light from the sea bed, dimmed by twice the depth, over the water's own blue-green.
    private Vector3 Body(Vector3 p, Vector3 sun)
    {
        float depth = MathF.Max(0, p.Y - scene.Terrain.At(p.X, p.Z).Height);
        var through = new Vector3(MathF.Exp(-0.85f * depth), MathF.Exp(-0.23f * depth), MathF.Exp(-0.19f * depth));
        var bed = new Vector3(0.30f, 0.27f, 0.19f) * (0.75f + (0.4f * Noise.Fbm(new Vector2(p.X, p.Z) / 3.5f, 3)));
        var scattered = Ramp.Mix(new Vector3(0.012f, 0.105f, 0.115f), new(0.006f, 0.040f, 0.068f), Ramp.Smooth(1, 9, depth));
        scattered += MathF.Max(0, p.Y) * new Vector3(0.01f, 0.07f, 0.06f); // light shines through the crests
        var light = (sun * Sky.Sun.Y) + new Vector3(0.45f, 0.55f, 0.68f);
        return light * ((bed * through) + (scattered * (Vector3.One - (0.9f * through))));
    }
}
