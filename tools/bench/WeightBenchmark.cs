using System.Diagnostics;
using GatysGpu.Tests.Weights;
using GatysGpu.Weights;

namespace GatysGpu.Bench;

/// <summary>Converts full-size files of random numbers and reports speed, share of the goal and memory.</summary>
/// <remarks>Each conversion runs in a process of its own, this program started again, so that its peak memory is its own. The
/// goals are 500 MB/s from the page cache within 150 MB, and 5 ms to open a flat binary.</remarks>
internal static class WeightBenchmark
{
    private const int Repetitions = 5;

    /// <summary><c>weights</c> runs all; <c>weights-one IN OUT</c> converts one file.</summary>
    public static int Run(string[] args)
    {
        if (args is ["weights-one", string from, string to]) return ConvertOne(from, to);
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gatys-bench-");
        try
        {
            foreach ((string name, Action<Stream, IReadOnlyList<TestArray>> write) in new (string,
                Action<Stream, IReadOnlyList<TestArray>>)[]
                {
                    ("full.caffemodel", (s, a) => CaffeFiles.Write(s, a, new CaffeStyle())),
                    ("full.legacy.pth", (s, a) => TorchFiles.WriteLegacy(s, a)),
                    ("full.zip.pth", (s, a) => TorchFiles.WriteZip(s, a)),
                })
            {
                string file = Path.Combine(folder.FullName, name);
                using (FileStream stream = new(file, FileMode.Create)) write(stream, FullNetwork());
                Measure(file, Path.Combine(folder.FullName, "out.weights"));
                File.Delete(file);
            }
            MeasureOpening(Path.Combine(folder.FullName, "out.weights"));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static void Measure(string from, string to)
    {
        List<(double Seconds, long Peak, double Cpu)> runs = [];
        for (int i = 0; i <= Repetitions; i++)
        {
            ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(WeightBenchmark).Assembly.Location, "weights-one",
                from, to]) { RedirectStandardOutput = true };
            using Process child = Process.Start(start)!;
            string[] words = child.StandardOutput.ReadToEnd().Split();
            child.WaitForExit();
            // The first one warms the page cache.
            if (i > 0) runs.Add((double.Parse(words[0]), long.Parse(words[1]), double.Parse(words[2])));
        }
        runs.Sort();
        double megabytes = new FileInfo(from).Length / 1e6, median = runs[Repetitions / 2].Seconds;
        Console.WriteLine($"{Path.GetFileName(from)}: {megabytes:0} MB converted in {median:0.000} s ({runs[0].Seconds:0.000} "
            + $"to {runs[^1].Seconds:0.000}), "
            + $"{megabytes / median:0} MB/s, {runs.Min(r => r.Cpu):0.000} s of processor time with start-up, peak memory "
                + $"{runs.Max(r => r.Peak) / 1e6:0} MB");
    }

    private static int ConvertOne(string from, string to)
    {
        Stopwatch clock = Stopwatch.StartNew();
        WeightConverter.Convert(from, to, new ConvertOptions(InputConvention.Caffe));
        using Process self = Process.GetCurrentProcess();
        Console.WriteLine($"{clock.Elapsed.TotalSeconds} {self.PeakWorkingSet64} {self.TotalProcessorTime.TotalSeconds}");
        return 0;
    }

    private static void MeasureOpening(string path)
    {
        List<double> milliseconds = [];
        for (int i = 0; i < 21; i++)
        {
            long start = Stopwatch.GetTimestamp();
            WeightFile.Open(path).Dispose();
            milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }
        Console.WriteLine($"opening {new FileInfo(path).Length / 1e6:0} MB: first {milliseconds[0]:0.00} ms (with compiling), "
            + "then median "
            + $"{milliseconds.Skip(1).Order().ElementAt(10):0.000} ms");
    }

    // VGG-19 with its classifier: 143.7 million numbers.
    private static List<TestArray> FullNetwork()
    {
        Random random = new(1);
        List<TestArray> arrays = [];
        int c = 3;
        for (int i = 0; i < Vgg19.LayerNames.Length; i++)
        {
            int k = Vgg19.Widths[i];
            Add(Vgg19.LayerNames[i], [k, c, 3, 3]);
            c = k;
        }
        Add("fc6", [4096, 25088]);
        Add("fc7", [4096, 4096]);
        Add("fc8", [1000, 4096]);
        return arrays;

        void Add(string name, int[] shape)
        {
            float[] values = new float[shape.Aggregate((a, b) => a * b)], biases = new float[shape[0]];
            for (int j = 0; j < values.Length; j++) values[j] = random.NextSingle() - 0.5f;
            arrays.Add(new TestArray($"{name}.weight", shape, values));
            arrays.Add(new TestArray($"{name}.bias", [shape[0]], biases));
        }
    }
}
