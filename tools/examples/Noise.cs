using System.Numerics;
using System.Runtime.CompilerServices;

namespace GatysGpu.Examples;

/// <summary>Lattice noise from an integer hash: no tables and no state, so that every thread draws the same picture.</summary>
/// <remarks>Gradient noise after Perlin 1985/2002 (quintic fade), cellular noise after Worley 1996.</remarks>
internal static class Noise
{
    /// <summary>Mixes three lattice coordinates into 32 bits.</summary>
    public static uint Hash(int x, int y, int z = 0)
    {
        uint h = (uint)x * 0x8da6b343u ^ (uint)y * 0xd8163841u ^ (uint)z * 0xcb1ab31fu;
        h = (h ^ (h >> 16)) * 0x7feb352du;
        h = (h ^ (h >> 15)) * 0x846ca68bu;
        return h ^ (h >> 16);
    }

    /// <summary>A hash as a number in [0, 1).</summary>
    public static float Unit(uint hash) => (hash >> 8) * (1f / (1 << 24));

    /// <summary>White noise of a lattice point, [0, 1).</summary>
    public static float White(int x, int y, int z = 0) => Unit(Hash(x, y, z));

    /// <summary>Gradient noise of the plane, about -1 to 1.</summary>
    public static float Gradient(Vector2 p)
    {
        int x = Floor(p.X), y = Floor(p.Y);
        float fx = p.X - x, fy = p.Y - y, u = Fade(fx), v = Fade(fy);
        float low = Ramp.Mix(Corner(x, y, fx, fy), Corner(x + 1, y, fx - 1, fy), u);
        float high = Ramp.Mix(Corner(x, y + 1, fx, fy - 1), Corner(x + 1, y + 1, fx - 1, fy - 1), u);
        return 1.6f * Ramp.Mix(low, high, v);
    }

    /// <summary>Gradient noise of space, about -1 to 1.</summary>
    public static float Gradient(Vector3 p)
    {
        int x = Floor(p.X), y = Floor(p.Y), z = Floor(p.Z);
        float fx = p.X - x, fy = p.Y - y, fz = p.Z - z, u = Fade(fx), v = Fade(fy);
        return 1.5f * Ramp.Mix(Slice(x, y, z, fx, fy, fz, u, v), Slice(x, y, z + 1, fx, fy, fz - 1, u, v), Fade(fz));
    }

    /// <summary>Sum of octaves of the plane's noise, each turned by 37° so that no lattice direction shows.</summary>
    public static float Fbm(Vector2 p, int octaves, float gain = 0.5f)
    {
        float sum = 0, amplitude = 1, total = 0;
        for (int i = 0; i < octaves; i++)
        {
            sum += amplitude * Gradient(p);
            total += amplitude;
            amplitude *= gain;
            p = 2.03f * new Vector2((0.8f * p.X) - (0.6f * p.Y), (0.6f * p.X) + (0.8f * p.Y)) + new Vector2(17.3f, 5.1f);
        }
        return sum / total;
    }

    /// <summary>Sum of octaves of space's noise.</summary>
    public static float Fbm(Vector3 p, int octaves, float gain = 0.5f)
    {
        float sum = 0, amplitude = 1, total = 0;
        for (int i = 0; i < octaves; i++)
        {
            sum += amplitude * Gradient(p);
            total += amplitude;
            amplitude *= gain;
            p = 2.03f * new Vector3((0.8f * p.X) - (0.6f * p.Z), p.Y, (0.6f * p.X) + (0.8f * p.Z))
                + new Vector3(17.3f, 5.1f, 9.7f);
        }
        return sum / total;
    }

    /// <summary>Ridged octaves, 0 to 1 with sharp crests: 1 - |noise|.</summary>
    public static float Ridged(Vector3 p, int octaves)
    {
        float sum = 0, amplitude = 1, total = 0;
        for (int i = 0; i < octaves; i++)
        {
            sum += amplitude * (1 - MathF.Abs(Gradient(p)));
            total += amplitude;
            amplitude *= 0.5f;
            p = 2.1f * new Vector3(p.Z, p.Y, -p.X) + new Vector3(3.7f, 11.9f, 7.3f);
        }
        return sum / total;
    }

    /// <summary>Distances to the nearest and second nearest of one scattered point per unit square, and the nearest one's
    /// hash.</summary>
    public static (float First, float Second, uint Id) Cells(Vector2 p)
    {
        int x = Floor(p.X), y = Floor(p.Y);
        float first = 9, second = 9;
        uint id = 0;
        for (int j = y - 1; j <= y + 1; j++)
            for (int i = x - 1; i <= x + 1; i++)
            {
                uint hash = Hash(i, j, 77);
                var point = new Vector2(i + ((hash & 0xffff) / 65536f), j + ((hash >> 16) / 65536f));
                float d = Vector2.DistanceSquared(p, point);
                if (d < first) (second, first, id) = (first, d, hash);
                else if (d < second) second = d;
            }
        return (MathF.Sqrt(first), MathF.Sqrt(second), id);
    }

    private static int Floor(float v)
    {
        int i = (int)v;
        return v < i ? i - 1 : i;
    }

    private static float Fade(float t) => t * t * t * ((t * ((t * 6) - 15)) + 10);

    // Two 16-bit fields of the hash are the gradient: not of unit length, which only makes the noise less regular.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Corner(int x, int y, float dx, float dy)
    {
        uint h = Hash(x, y);
        return ((((h & 0xffff) * (2f / 65536f)) - 1) * dx) + ((((h >> 16) * (2f / 65536f)) - 1) * dy);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Corner(int x, int y, int z, float dx, float dy, float dz)
    {
        uint h = Hash(x, y, z);
        return ((((h & 1023) * (2f / 1024f)) - 1) * dx) + (((((h >> 10) & 1023) * (2f / 1024f)) - 1) * dy)
            + ((((h >> 20) & 1023) * (2f / 1024f)) - 1) * dz;
    }

    private static float Slice(int x, int y, int z, float fx, float fy, float fz, float u, float v)
    {
        float low = Ramp.Mix(Corner(x, y, z, fx, fy, fz), Corner(x + 1, y, z, fx - 1, fy, fz), u);
        float high = Ramp.Mix(Corner(x, y + 1, z, fx, fy - 1, fz), Corner(x + 1, y + 1, z, fx - 1, fy - 1, fz), u);
        return Ramp.Mix(low, high, v);
    }
}
