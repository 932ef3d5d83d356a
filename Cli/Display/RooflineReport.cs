using System.Globalization;
using System.Text;
using System.Text.Json;
using GatysGpu.Cli.Files;
using GatysGpu.Kernels.Compiler.Cuda;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Cli.Display;

/// <summary>What <c>gatys bench kernels</c> prints: the GPU and its roofs, then a line a kernel and shape.</summary>
internal sealed class RooflineReport(TextWriter to, CudaDeviceInfo device, Version driver, RooflinePeaks peaks, DateTime date)
{
    private static readonly TextColumn[] Columns =
    [
        new("kernel", KernelCatalog.All.Max(k => k.Name.Length)), new("shape", 24), new("µs", 8, true), new("±%", 4, true),
        new("GFLOP", 7, true), new("MB", 7, true), new("FLOP/B", 7, true), new("TFLOP/s", 7, true), new("TB/s", 6, true),
        new("roof", 6), new("share", 6, true),
    ];

    /// <summary>Prints the table, each line as soon as it is known.</summary>
    /// <returns>Whether every kernel ran.</returns>
    public bool PrintTable(IEnumerable<RooflineRow> rows)
    {
        foreach (string line in Header()) to.WriteLine(line);
        to.WriteLine();
        TextTable table = new(to, Columns);
        table.Head();
        bool all = true;
        foreach (RooflineRow row in rows)
        {
            all &= row.Failure is null;
            if (row.Failure is not null) table.Row(row.Kernel, row.Shape, $"FAILED: {row.Failure}");
            else table.Row(row.Kernel, row.Shape, TextTable.Number(row.Time.Seconds * 1e6), Text($"{100 * row.Time.Spread:0.0}"),
                TextTable.Number(row.Work.Flops / 1e9), TextTable.Number(row.Work.Bytes / 1e6),
                TextTable.Number(row.Work.Intensity), TextTable.Number(row.FlopsPerSecond / 1e12),
                TextTable.Number(row.BytesPerSecond / 1e12), row.Bound, Text($"{100 * row.Share:0.0} %"));
        }
        return all;
    }

    /// <summary>Prints the same as one JSON object.</summary>
    /// <returns>Whether every kernel ran.</returns>
    public bool PrintJson(IEnumerable<RooflineRow> rows)
    {
        bool all = true;
        using MemoryStream bytes = new();
        using (Utf8JsonWriter json = new(bytes, new JsonWriterOptions { Indented = true }))
        {
            json.WriteStartObject();
            json.WriteString("date", date.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
            json.WriteString("device", device.Name);
            json.WriteString("architecture", device.Architecture);
            json.WriteString("cuda", driver.ToString());
            WritePeaks(json);
            json.WriteStartArray("kernels");
            foreach (RooflineRow row in rows)
            {
                all &= row.Failure is null;
                Write(json, row);
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        to.WriteLine(Encoding.UTF8.GetString(bytes.ToArray()));
        return all;
    }

    private IEnumerable<string> Header()
    {
        string memory = Text($"{device.TotalMemoryBytes / (double)(1L << 30):0.0} GiB, L2 {Mebibytes(device.L2CacheBytes)}");
        string clock = Text($"{device.Multiprocessors} multiprocessors at up to {device.ClockKilohertz / 1e3:0} MHz");
        string nominalFma = Nominal(peaks.FmaPerSecond, device.PeakFp32PerSecond);
        string nominalMemory = Nominal(peaks.MemoryBytesPerSecond, device.PeakMemoryBytesPerSecond);
        return
        [
            Text($"{date:yyyy-MM-dd HH:mm} UTC, gatys bench kernels: VGG-19 at {RooflineBench.Side}×{RooflineBench.Side}"),
            $"{device.Name}, {device.Architecture}, {clock}, {memory}, driver for CUDA {driver}",
            $"measured peaks: FMA {Tera(peaks.FmaPerSecond)} TFLOP/s ({nominalFma}), TF32 {Tera(peaks.Tf32PerSecond)} TFLOP/s by "
            + $"mma.m16n8k8, memory {Tera(peaks.MemoryBytesPerSecond)} TB/s ({nominalMemory}), "
            + $"L2 {Tera(peaks.CacheBytesPerSecond)} TB/s for what fits into {Mebibytes(peaks.CacheBytes)}",
        ];
    }

    private static string Tera(double value) => TextTable.Number(value / 1e12);

    private static string Mebibytes(long bytes) => Text($"{bytes / (double)(1 << 20):0.#} MiB");

    private static string Nominal(double measured, double nominal) =>
        nominal > 0 ? Text($"{100 * measured / nominal:0} % of nominal") : "nominal value unknown";

    private void WritePeaks(Utf8JsonWriter json)
    {
        json.WriteStartObject("peaks");
        json.WriteFinite("fma_flops", peaks.FmaPerSecond);
        json.WriteFinite("tf32_flops", peaks.Tf32PerSecond);
        json.WriteFinite("memory_bytes", peaks.MemoryBytesPerSecond);
        json.WriteFinite("l2_bytes", peaks.CacheBytesPerSecond);
        json.WriteFinite("nominal_fma_flops", device.PeakFp32PerSecond);
        json.WriteFinite("nominal_memory_bytes", device.PeakMemoryBytesPerSecond);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, RooflineRow row)
    {
        json.WriteStartObject();
        json.WriteString("kernel", row.Kernel);
        json.WriteString("shape", row.Shape);
        json.WriteFinite("flops", row.Work.Flops);
        json.WriteFinite("bytes", row.Work.Bytes);
        if (row.Failure is not null) json.WriteString("failure", row.Failure);
        else
        {
            json.WriteFinite("seconds", row.Time.Seconds);
            json.WriteFinite("spread", row.Time.Spread);
            json.WriteNumber("samples", row.Time.Samples);
            json.WriteNumber("launches_of_a_sample", row.Time.LaunchesOfASample);
            json.WriteFinite("flops_per_second", row.FlopsPerSecond);
            json.WriteFinite("bytes_per_second", row.BytesPerSecond);
            json.WriteString("roof", row.Bound);
            json.WriteFinite("share", row.Share);
        }
        json.WriteEndObject();
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
