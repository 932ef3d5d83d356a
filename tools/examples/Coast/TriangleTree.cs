using System.Numerics;

namespace GatysGpu.Examples.Coast;

/// <summary>Triangles in a tree of boxes, halved at the median of the longest axis.</summary>
internal sealed class TriangleTree
{
    private const int LeafSize = 4;

    // A leaf has Count triangles from First on; an inner node has its left child next to it and its right child at First.
    private readonly record struct Node(Vector3 Low, Vector3 High, int First, int Count, int Axis = 0);

    private readonly Triangle[] triangles;
    private readonly Node[] nodes;
    private int nodeCount;

    public TriangleTree(Mesh mesh)
    {
        triangles = [.. mesh.Triangles];
        nodes = new Node[2 * triangles.Length]; // halves down to leaves of two or more
        Build(0, triangles.Length, new float[triangles.Length]);
    }

    /// <summary>The triangle of an index that <see cref="Trace"/> gave.</summary>
    public ref readonly Triangle this[int index] => ref triangles[index];

    /// <summary>The nearest triangle before <paramref name="limit"/>.</summary>
    /// <returns>Its index, or -1; <paramref name="limit"/> becomes its distance.</returns>
    public int Trace(Vector3 origin, Vector3 direction, ref float limit, bool any = false)
    {
        var inverse = Vector3.One / direction;
        Span<int> stack = stackalloc int[64];
        int depth = 0, found = -1;
        stack[depth++] = 0;
        while (depth > 0)
        {
            int index = stack[--depth];
            ref readonly var node = ref nodes[index];
            if (!Meets(node, origin, inverse, limit)) continue;
            if (node.Count == 0)
            {
                // The half that the ray enters first is looked at first.
                bool ahead = direction[node.Axis] > 0;
                stack[depth++] = ahead ? node.First : index + 1;
                stack[depth++] = ahead ? index + 1 : node.First;
                continue;
            }
            for (int i = node.First; i < node.First + node.Count; i++)
                if (Hit(triangles[i], origin, direction, ref limit))
                {
                    found = i;
                    if (any) return found;
                }
        }
        return found;
    }

    private static bool Meets(in Node node, Vector3 origin, Vector3 inverse, float limit)
    {
        var a = (node.Low - origin) * inverse;
        var b = (node.High - origin) * inverse;
        var enter = Vector3.Min(a, b);
        var leave = Vector3.Max(a, b);
        float first = MathF.Max(MathF.Max(enter.X, enter.Y), MathF.Max(enter.Z, 0));
        return first <= MathF.Min(MathF.Min(leave.X, leave.Y), MathF.Min(leave.Z, limit));
    }

    // Möller and Trumbore 1997.
    private static bool Hit(in Triangle triangle, Vector3 origin, Vector3 direction, ref float limit)
    {
        var across = Vector3.Cross(direction, triangle.EdgeV);
        float det = Vector3.Dot(triangle.EdgeU, across);
        if (MathF.Abs(det) < 1e-12f) return false;
        var from = origin - triangle.Corner;
        float u = Vector3.Dot(from, across) / det;
        if (u is < 0 or > 1) return false;
        var other = Vector3.Cross(from, triangle.EdgeU);
        float v = Vector3.Dot(direction, other) / det;
        if (v < 0 || u + v > 1) return false;
        float t = Vector3.Dot(triangle.EdgeV, other) / det;
        if (t < 0.002f || t >= limit) return false;
        limit = t;
        return true;
    }

    private void Build(int first, int count, float[] keys)
    {
        Vector3 low = new(float.MaxValue), high = new(float.MinValue);
        for (int i = first; i < first + count; i++)
        {
            var t = triangles[i];
            Vector3 b = t.Corner + t.EdgeU, c = t.Corner + t.EdgeV;
            low = Vector3.Min(low, Vector3.Min(t.Corner, Vector3.Min(b, c)));
            high = Vector3.Max(high, Vector3.Max(t.Corner, Vector3.Max(b, c)));
        }
        int index = nodeCount++;
        nodes[index] = new(low, high, first, count);
        if (count <= LeafSize) return;

        var size = high - low;
        int axis = size.X >= size.Y && size.X >= size.Z ? 0 : size.Y >= size.Z ? 1 : 2;
        for (int i = first; i < first + count; i++)
            keys[i] = triangles[i].Corner[axis] + ((triangles[i].EdgeU[axis] + triangles[i].EdgeV[axis]) / 3);
        Array.Sort(keys, triangles, first, count);
        int left = count / 2;
        Build(first, left, keys);
        nodes[index] = new(low, high, nodeCount, 0, axis);
        Build(first + left, count - left, keys);
    }
}
