using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Tests.Kernels.Compiler.Ptx;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>The parts that decide where lanes meet and in which order values move.</summary>
public class SchedulingTests
{
    [Test]
    public void PostDominators_RandomGraphs_EqualTheDefinition([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        int count = 3 + random.Next(12), found = 0;
        int[][] next = [.. Enumerable.Range(0, count).Select(_ =>
            random.Next(4) switch { 0 => (int[])[], 1 => [random.Next(count)], _ => [random.Next(count), random.Next(count)] })];
        KernelBuilder code = new();
        Block[] blocks = [code.Current, .. Enumerable.Range(1, count - 1).Select(_ => code.NewBlock())];
        for (int b = 0; b < count; b++)
            foreach (int to in next[b]) Kernel.Connect(blocks[b], blocks[to]);
        int[] actual = PostDominators.Compute(blocks, Enumerable.Range(0, count).ToDictionary(b => blocks[b]));
        for (int b = 0; b < count; b++)
        {
            // d post-dominates b where no way from b to an end avoids d; the nearest is the one that all the others post-dominate
            // too.
            int[] all = [.. Enumerable.Range(0, count).Where(d => d != b && Ends(next, b, -1) && !Ends(next, b, d))];
            int expected = all.Length == 0 ? PostDominators.Exit : all.Single(d => all.All(e => e == d || !Ends(next, d, e)));
            Assert.That(actual[b], Is.EqualTo(expected), $"seed {seed}, block {b}");
            if (expected >= 0) found++;
        }
        TestContext.Out.WriteLine($"{found} of {count} blocks have one.");
    }

    [Test]
    public void ParallelMoves_RandomPermutationsAndFans_EqualCopiesAtOnce([Range(1, 20)] int seed)
    {
        Random random = new(seed);
        int rows = 4 + random.Next(8);
        Move[] moves = [.. Enumerable.Range(0, rows).Where(_ => random.Next(4) > 0)
            .Select(r => new Move(r, seed % 2 == 0 ? random.Next(rows) : (r * 5 + 1) % rows, 4))];
        int[] values = [.. Enumerable.Range(100, rows + 1)], expected = [.. values];
        foreach (Move move in moves) expected[move.Destination] = values[move.Source];
        foreach (Move move in ParallelMoves.Order(moves, _ => rows)) values[move.Destination] = values[move.Source];
        Assert.That(values[..rows], Is.EqualTo(expected[..rows]), $"seed {seed}: {string.Join(", ", moves)}");
    }

    private static bool Ends(int[][] next, int from, int without)
    {
        HashSet<int> seen = [from];
        Queue<int> open = new([from]);
        while (open.TryDequeue(out int b))
        {
            if (next[b].Length == 0) return true;
            foreach (int to in next[b])
                if (to != without && seen.Add(to)) open.Enqueue(to);
        }
        return false;
    }
}
