using System.Text.Json;
using GatysGpu.Tests.Imaging;
using GatysGpu.Tests.Weights;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Tests.Cli;

/// <summary><c>gatys weights</c>: what the commands print and return. What they find out is tested with the library.</summary>
public class WeightsCommandTests
{
    private TemporaryFolder folder = null!;
    private string file = "";

    [SetUp]
    public void MakeFile()
    {
        folder = new TemporaryFolder();
        file = folder.File("small.weights");
        using WeightTable table = TestNetworks.Random(layers: 4, width: 5);
        FlatWriter.Write(file, table);
    }

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Convert_WritesTheSameNetwork()
    {
        string copy = folder.File("copy.weights"), tensors = folder.File("copy.safetensors"), half = folder.File("half.weights");
        GatysRun run = GatysRun.Of("weights", "convert", file, "-o", copy).Succeeded();
        Assert.That(run.Output, Does.StartWith($"{copy}: conv1_1 to conv2_2, ").And.Contain("flat binary").And.Contain("BGR"));
        GatysRun.Of("weights", "convert", file, "-o", tensors).Succeeded();
        GatysRun.Of("weights", "convert", file, "-o", half, "--dtype", "float16", "--input", "torchvision").Succeeded();
        using WeightTable expected = TestNetworks.Random(layers: 4, width: 5);
        foreach (string made in new[] { copy, tensors })
        {
            using WeightTable table = WeightFile.Open(made, InputConvention.Caffe);
            TestNetworks.AssertSame(table, expected);
        }
        using WeightTable halved = WeightFile.Open(half);
        Assert.That(halved.Input.Name, Is.EqualTo("torchvision"));
        // float16 has 11 bits.
        TestNetworks.AssertSame(halved, expected, tolerance: 1e-3);
    }

    [Test]
    public void Convert_WhatCannotBe_IsRefused()
    {
        GatysRun.Of("weights", "convert", file, "-o", file).Refused("--output", "is also IN");
        GatysRun.Of("weights", "convert", folder.File("none"), "-o", folder.File("x")).Refused("IN '", "there is no such file");
        GatysRun.Of("weights", "convert", file, "-o", folder.File("none/x")).Refused("--output", "its folder does not exist");
        GatysRun.Of("weights", "convert", file, "-o", folder.File("x.safetensors"), "--dtype", "float16").Refused("--dtype", "float32");
        GatysRun.Of("weights", "convert", file).Refused("--output OUT is missing");
        GatysRun.Of("weights", "convert", file, "-o", folder.File("x"), "--dtype", "int8").Refused("--dtype 'int8'", "float32, float16 or bfloat16");
        GatysRun.Of("weights", "convert", file, "-o", folder.File("x"), "--input", "keras").Refused("--input 'keras'", "caffe, torchvision or matconvnet");
        GatysRun.Of("weights", "convert", folder.File("text", "no weights at all"u8.ToArray()), "-o", folder.File("x")).Refused("known format");
        Assert.That(folder.Names, Is.EqualTo(new[] { "small.weights", "text" }));
    }

    [Test]
    public void Info_ForPeopleAndForPrograms()
    {
        Assert.That(GatysRun.Of("weights", "info", file).Succeeded().Output, Does.Contain("flat binary").And.Contain("conv2_2   [5,5,3,3] float32"));
        JsonElement json = JsonDocument.Parse(GatysRun.Of("weights", "info", file, "--json").Succeeded().Output).RootElement;
        Assert.That(json.GetProperty("layers").GetArrayLength(), Is.EqualTo(4));
        GatysRun.Of("weights", "info", folder.File("none")).Refused("FILE '", "there is no such file");
    }

    [Test]
    public void Verify_ExitsWithTwo_WhereACheckFails()
    {
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^100] ^= 1;
        GatysRun bad = GatysRun.Of("weights", "verify", folder.File("damaged.weights", bytes));
        Assert.That(bad.Code, Is.EqualTo(2));
        Assert.That(bad.Output, Does.Contain("failed   "));
        string real = SharedData.Require("data/weights/tfjs");
        Assert.That(GatysRun.Of("weights", "verify", real).Succeeded().Output, Does.Contain("passed   channel order: BGR").And.Not.Contain("failed"));
    }

    [Test]
    public void Fetch_ConvertsWhatTheMirrorSends()
    {
        using LoopbackServer server = new(File.ReadAllBytes(file), _ => Manners.Good);
        GatysRun run = GatysRun.Of("weights", "fetch", "gatys", "--mirror", server.Address.ToString(), "--folder", folder.File("cache"));
        run.Succeeded();
        string made = Path.Combine(folder.File("cache"), "vgg19-gatys.weights");
        Assert.That(run.Output, Does.StartWith($"{made}: conv1_1 to conv2_2"));
        using WeightTable table = WeightFile.Open(made), expected = TestNetworks.Random(layers: 4, width: 5);
        TestNetworks.AssertSame(table, expected);
    }

    [Test]
    public void Fetch_ListsWhatThereIs_AndRefusesWhatThereIsNot()
    {
        Assert.That(GatysRun.Of("weights", "fetch", "--list").Succeeded().Output, Does.Contain("keras").And.Contain("80 MB"));
        GatysRun.Of("weights", "fetch", "nope").Refused("NAME 'nope'", "keras, caffe");
        GatysRun.Of("weights", "fetch", "--mirror", "ftp://x").Refused("--mirror 'ftp://x'", "https://");
    }

    [Test]
    public void AMissingOrUnknownCommand_IsTold()
    {
        GatysRun.Of("weights").Refused("a command is missing", "fetch, convert, info or verify");
        GatysRun.Of("weights", "verifi", file).Refused("did you mean verify?");
        GatysRun.Of("weights", "info", "--jsn", file).Refused("'--jsn' is not an option of 'weights info'", "did you mean --json?");
    }
}
