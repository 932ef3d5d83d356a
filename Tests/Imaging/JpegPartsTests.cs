using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>The transforms against their definition, and the Huffman tables against theirs.</summary>
public class JpegPartsTests
{
    /// <summary>IEEE 1180's kind of test. The result is rounded, so ½ is unavoidable; its own arithmetic may add to that: 1 at most, and
    /// seldom (the standard's limits are a mean square of 0.02 at most, no bias above 0.0015).</summary>
    [TestCase(256, 1)]
    [TestCase(5, 1)]
    [TestCase(300, 2)]
    public void InverseDct_RandomBlocks_MatchesDefinition(int range, int step)
    {
        const int Blocks = 2000;
        Random random = new(3);
        int[] steps = [.. Enumerable.Repeat(step, 64)];
        double squares = 0, bias = 0;
        for (int n = 0; n < Blocks; n++)
        {
            // Coefficients of real samples, so that clamping at 0 and 255 is the exception.
            double[] samples = [.. Enumerable.Range(0, 64).Select(_ => (double)random.Next(-range / 2, range / 2))];
            short[] block = [.. Forward(samples).Select(c => (short)Math.Round(c / step))];
            double[] expected = [.. Inverse([.. block.Select(c => (double)c * step)]).Select(s => Math.Clamp(s + 128, 0, 255))];
            var actual = new byte[64 + 7 * 3];
            InverseDct.Transform(block, steps, actual, 8 + 3);
            for (int i = 0; i < 64; i++)
            {
                double difference = actual[i / 8 * 11 + i % 8] - Math.Round(expected[i]);
                Assert.That(Math.Abs(difference), Is.LessThanOrEqualTo(1), $"seed 3, block {n}, sample {i}");
                squares += difference * difference / (64.0 * Blocks);
                bias += difference / (64.0 * Blocks);
            }
        }
        Assert.That(squares, Is.LessThanOrEqualTo(0.02));
        Assert.That(Math.Abs(bias), Is.LessThanOrEqualTo(0.0015));
    }

    [Test]
    public void InverseDct_FlatBlock_EqualsTheWholeTransform()
    {
        int[] steps = [.. Enumerable.Repeat(3, 64)];
        for (int mean = -1100; mean <= 1100; mean++)
        {
            var block = new short[64];
            block[0] = (short)mean;
            byte[] whole = new byte[64], flat = new byte[64];
            InverseDct.Transform(block, steps, whole, 8);
            InverseDct.TransformFlat(mean, 3, flat, 8);
            Assert.That(flat, Is.EqualTo(whole), $"mean {mean}");
        }
    }

    /// <summary>S/q is rounded, so ½ is unavoidable. Between the passes 2 fractional bits are kept: an error of 1/8 at most in each of
    /// eight numbers, which the second pass weighs like samples. Measured 0.14 of a coefficient; allowed 0.25.</summary>
    [Test]
    public void ForwardDct_RandomBlocks_MatchesDefinition([Values(1, 2, 10, 255)] int step)
    {
        double tolerance = 0.5 + 0.25 / step;
        Random random = new(4);
        int[] steps = [.. Enumerable.Repeat(step, 64)];
        for (int n = 0; n < 2000; n++)
        {
            int[] samples = [.. Enumerable.Range(0, 64).Select(_ => random.Next(-128, 128))];
            double[] expected = Forward([.. samples.Select(s => (double)s)]);
            var block = new short[64];
            ForwardDct.Transform(samples, 8, steps, block);
            for (int k = 0; k < 64; k++)
            {
                double exact = expected[JpegZigzag.ToNatural[k]] / step;
                Assert.That(block[k], Is.EqualTo(exact).Within(tolerance), $"seed 4, block {n}, coefficient {k}");
            }
        }
    }

    [Test]
    public void Zigzag_IsAPermutationByDiagonals()
    {
        byte[] order = JpegZigzag.ToNatural.ToArray();
        Assert.That(order.Order(), Is.EqualTo(Enumerable.Range(0, 64)));
        for (int k = 1; k < 64; k++)
            Assert.That(order[k] / 8 + order[k] % 8 - (order[k - 1] / 8 + order[k - 1] % 8), Is.InRange(0, 1), $"position {k}");
    }

    /// <summary>With no code longer than 16, the lengths are Huffman's own; their cost is the sum over his merges.</summary>
    [Test]
    public void HuffmanEncoder_CostsWhatHuffmansCodeCosts()
    {
        Random random = new(5);
        for (int n = 0; n < 200; n++)
        {
            long[] frequencies = [.. Enumerable.Range(0, 256).Select(_ => (long)Math.Max(0, random.Next(-200, 400)))];
            HuffmanEncoder table = new(frequencies);
            PriorityQueue<long, long> heap = new();
            foreach (long f in frequencies.Where(f => f > 0).Append(0)) heap.Enqueue(f, f);
            long best = 0;
            while (heap.Count > 1)
            {
                long sum = heap.Dequeue() + heap.Dequeue();
                best += sum;
                heap.Enqueue(sum, sum);
            }
            Assert.That(frequencies.Select((f, s) => f * table.Lengths[s]).Sum(), Is.EqualTo(best), $"seed 5, table {n}");
        }
    }

    /// <summary>Frequencies like Fibonacci's numbers ask for codes as long as there are symbols.</summary>
    [Test]
    public void HuffmanEncoder_SkewedFrequencies_KeepsToSixteenBitsAndLeavesOutAllOnes()
    {
        for (int symbols = 1; symbols <= 60; symbols++)
        {
            var frequencies = new long[256];
            for (int s = 0; s < symbols; s++) frequencies[s] = s < 2 ? 1 : frequencies[s - 1] + frequencies[s - 2];
            HuffmanEncoder table = new(frequencies);
            Assert.That(table.Symbols, Has.Length.EqualTo(symbols));
            for (int s = 0; s < symbols; s++)
            {
                Assert.That(table.Lengths[s], Is.InRange(1, 16));
                Assert.That(table.Codes[s], Is.LessThan((1 << table.Lengths[s]) - 1), "all ones");
            }
            HuffmanDecoder decoder = new(table.Counts, table.Symbols);   // throws if the codes overlap
            for (int s = 0; s < symbols; s++)
            {
                int symbol = decoder.FindLong(table.Codes[s] << (16 - table.Lengths[s]), out int length);
                Assert.That((symbol, length), Is.EqualTo((s, table.Lengths[s])));
            }
        }
    }

    [Test]
    public void HuffmanDecoder_MoreCodesThanFit_IsDamaged()
    {
        byte[] counts = new byte[16];
        (counts[0], counts[1]) = (1, 3);   // 0, and then only 10 and 11 are left
        Assert.That(
            () => new HuffmanDecoder(counts, new byte[4]),
            Throws.TypeOf<PictureFormatException>().With.Message.Contains("too many codes of 2 bits"));
    }

    /// <summary>¼ C(u) C(v) Σ s cos cos.</summary>
    private static double[] Forward(double[] samples)
    {
        var result = new double[64];
        for (int f = 0; f < 64; f++)
            for (int i = 0; i < 64; i++) result[f] += samples[i] * Basis(i % 8, f % 8) * Basis(i / 8, f / 8);
        return result;
    }

    private static double[] Inverse(double[] coefficients)
    {
        var result = new double[64];
        for (int i = 0; i < 64; i++)
            for (int f = 0; f < 64; f++) result[i] += coefficients[f] * Basis(i % 8, f % 8) * Basis(i / 8, f / 8);
        return result;
    }

    private static double Basis(int x, int u) => Cosines[x * 8 + u];

    private static readonly double[] Cosines = [.. Enumerable.Range(0, 64).Select(i => Cosine(i / 8, i % 8))];

    private static double Cosine(int x, int u) => 0.5 * (u == 0 ? Math.Sqrt(0.5) : 1) * Math.Cos((2 * x + 1) * u * Math.PI / 16);
}
