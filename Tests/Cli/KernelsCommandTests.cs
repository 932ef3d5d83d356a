using System.Text.Json;
using GatysGpu.Kernels.Gpu;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys kernels</c>.</summary>
public class KernelsCommandTests
{
    [Test]
    public void List_NamesEveryKernel_InBothForms()
    {
        string[] names = [.. KernelCatalog.All.Select(k => k.Name)];
        string[] rows = GatysRun.Of("kernels", "list").Succeeded().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(rows.Skip(1).Select(r => r.Split(' ')[0]), Is.EqualTo(names));
        JsonElement json = JsonDocument.Parse(GatysRun.Of("kernels", "list", "--json").Succeeded().Output).RootElement;
        Assert.That(json.EnumerateArray().Select(k => k.GetProperty("name").GetString()), Is.EqualTo(names));
        JsonElement pool = json.EnumerateArray().Single(k => k.GetProperty("name").GetString() == "Pool2x2Gpu.MaxForward");
        Assert.That(pool.GetProperty("variants").EnumerateArray().Select(v => v.GetString()), Does.Contain("keep 1, unit 4"));
    }

    [Test]
    public void Show_PrintsPtxOrTheIntermediateForm_WithTheSourceLines()
    {
        string ptx = GatysRun.Of("kernels", "show", "vectorsgpu.clamp", "--arch", "sm_86").Succeeded().Output;
        Assert.That(ptx, Does.Contain(".target sm_86").And.Contain(".entry VectorsGpu_Clamp(").And.Contain("Vectors.Gpu.cs"));
        string ir = GatysRun.Of("kernels", "show", "Pool2x2Gpu.MaxForward", "--ir", "--variant", "5").Succeeded().Output;
        Assert.That(ir, Does.StartWith("kernel Pool2x2Gpu_MaxForward_0_4("));
    }

    [Test]
    public void Show_WhatIsNotThere_IsRefused()
    {
        GatysRun.Of("kernels", "show").Refused("NAME is missing");
        GatysRun.Of("kernels", "show", "VectorsGpu.Clam")
            .Refused("NAME 'VectorsGpu.Clam' is not a kernel", "did you mean VectorsGpu.Clamp?");
        GatysRun.Of("kernels", "show", "VectorsGpu.Clamp", "--ir", "--ptx").Refused("--ir, --ptx and --sass exclude each other");
        GatysRun.Of("kernels", "show", "VectorsGpu.Clamp", "--variant", "2").Refused("--variant '2'", "has 1");
        GatysRun.Of("kernels", "show", "VectorsGpu.Clamp", "--arch", "sm_35").Refused("--arch 'sm_35': expected sm_70");
        GatysRun.Of("kernels", "show", "Conv3x3TensorCore.Forward", "--arch", "sm_70")
            .Refused("--arch 'sm_70'", "tensor cores", "sm_80");
    }

    [Test]
    public void Check_CountsWhatAKernelMoves()
    {
        Assert.That(GatysRun.Of("kernels", "check", "VectorsGpu.Clamp").Succeeded().Output.Split('\n')[2],
            Does.StartWith("VectorsGpu.Clamp"));
        string json = GatysRun.Of("kernels", "check", "VectorsGpu.Clamp", "--json").Succeeded().Output;
        JsonElement clamp = JsonDocument.Parse(json).RootElement[0];
        Assert.That(clamp.GetProperty("fault").ValueKind, Is.EqualTo(JsonValueKind.Null));
        // 20,000 floats in, as many out, four a thread and 128 a request, each request 16 sectors of 32 bytes; the last one has
        // 32.
        foreach (string way in new[] { "global_load", "global_store" })
        {
            JsonElement traffic = clamp.GetProperty(way);
            Assert.That(new[] { "bytes", "requests", "sectors" }.Select(name => traffic.GetProperty(name).GetInt64()),
                Is.EqualTo(new[] { 80_000L, 157, 2500 }), way);
        }
    }
}
