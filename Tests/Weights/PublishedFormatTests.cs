using System.Text;
using GatysGpu.Weights;
using GatysGpu.Weights.Safetensors;

namespace GatysGpu.Tests.Weights;

/// <summary>Every format and its variants, written by the tests' own writers, read back.</summary>
public class PublishedFormatTests
{
    private static readonly WeightTable Network = TestNetworks.Random(layers: 5);

    [Test]
    public void Caffe_OfEachStyle_IsRead([Values] bool newLayers, [Values] bool newShape, [Values] bool packed,
        [Values] bool doubles)
    {
        using ScratchFolder folder = new();
        using WeightTable opened = Open(folder, s => CaffeFiles.Write(s, Arrays("{0}"),
            new(newLayers, newShape, packed, doubles)));
        TestNetworks.AssertSame(opened, Network);
        Assert.That(opened.Format, Is.EqualTo(newLayers ? "Caffe, LayerParameter" : "Caffe, V1LayerParameter"));
        Assert.That(opened.Input, Is.EqualTo(InputConvention.Caffe));
        Assert.That(opened.Warnings, Has.Some.Contains("assumed caffe"));
    }

    // Half of the last place for float16; bfloat16 is cut off by the writer: a whole one.
    [TestCase("Float", 0)]
    [TestCase("Half", 1.0 / 2048)]
    [TestCase("BFloat16", 1.0 / 128)]
    [TestCase("Double", 0)]
    public void Torch_OfEachStorage_IsRead(string type, double tolerance)
    {
        using ScratchFolder folder = new();
        using (WeightTable zip = Open(folder, s => TorchFiles.WriteZip(s, Arrays("{0}"), type))) TestNetworks.AssertSame(zip,
            Network, tolerance);
        using WeightTable legacy = Open(folder, s => TorchFiles.WriteLegacy(s, Arrays("{0}"), type));
        TestNetworks.AssertSame(legacy, Network, tolerance);
    }

    [Test]
    public void Torch_Tar_IsRead()
    {
        using ScratchFolder folder = new();
        using WeightTable opened = Open(folder, s => TorchFiles.WriteTar(s, Arrays("{0}")));
        TestNetworks.AssertSame(opened, Network);
        Assert.That(opened.Format, Is.EqualTo("PyTorch, tar"));
    }

    [TestCase("features.{1}", "torchvision")]
    [TestCase("module.features.{1}", "torchvision")]
    [TestCase("state_dict.vgg.features.{1}", "torchvision")]
    [TestCase("{0}", "caffe")]
    [TestCase("module.{0}", "caffe")]
    public void Torch_WithEachNaming_IsReadAndItsConventionAssumedAloud(string naming, string convention)
    {
        using ScratchFolder folder = new();
        using WeightTable opened = Open(folder, s => TorchFiles.WriteZip(s, Arrays(naming)));
        TestNetworks.AssertSame(opened, Network);
        Assert.That(opened.Input.Name, Is.EqualTo(convention));
        Assert.That(opened.Warnings, Has.Some.Contains($"assumed {convention} input"));
        using WeightTable given = WeightFile.Open(folder["file"], InputConvention.MatConvNet);
        Assert.That(given.Input, Is.EqualTo(InputConvention.MatConvNet));
        Assert.That(given.Warnings, Has.None.Contains("assumed"));
    }

    [Test]
    public void Torch_WithBatchNormalisation_IsRefused()
    {
        using ScratchFolder folder = new();
        // vgg19_bn: convolution 0, normalisation 1, convolution 3.
        TestArray[] arrays = [.. Arrays("features.{1}").Take(2), new("features.1.weight", [5], new float[5]),
            new("features.3.weight", [5, 5, 3, 3], new float[225]),
            new("features.7.weight", [5, 5, 3, 3], new float[225])];
        Assert.That(() => Open(folder, s => TorchFiles.WriteZip(s, arrays)),
            Throws.TypeOf<WeightException>().With.Message.Contains("conv1_2").And.Message.Contains("batch normalisation"));
    }

    [TestCase(0)]
    [TestCase(2)]
    [TestCase(5)]
    public void Keras_Hdf5_ContiguousAndChunked_IsRead(int chunk)
    {
        using ScratchFolder folder = new();
        using WeightTable opened = Open(folder, s => Hdf5Files.Write(s, Network, chunk));
        TestNetworks.AssertSame(opened, Network);
        Assert.That(opened.Format, Is.EqualTo("Keras, HDF5"));
    }

    [Test]
    public void Safetensors_Written_ReadsBackWithItsConvention()
    {
        using ScratchFolder folder = new();
        WeightTable table = TestNetworks.Random(layers: 3, input: InputConvention.Torchvision);
        SafetensorsWriter.Write(folder["a"], table);
        using WeightTable opened = WeightFile.Open(folder["a"]);
        TestNetworks.AssertSame(opened, table);
        Assert.That(opened.Input, Is.EqualTo(InputConvention.Torchvision));
        Assert.That(opened.InputReason, Is.EqualTo("stated by the file"));
        SafetensorsWriter.Write(folder["b"], table);
        Assert.That(File.ReadAllBytes(folder["b"]), Is.EqualTo(File.ReadAllBytes(folder["a"])));
    }

    [Test]
    public void Convert_FromEachFormat_GivesTheSameBytes()
    {
        using ScratchFolder folder = new();
        List<byte[]> results = [];
        Action<Stream>[] writers =
        [
            s => CaffeFiles.Write(s, Arrays("{0}"), new()), s => CaffeFiles.Write(s, Arrays("{0}"), new(true, true)),
            s => TorchFiles.WriteZip(s, Arrays("features.{1}")), s =>
                TorchFiles.WriteLegacy(s, Arrays("{0}")), s => TorchFiles.WriteTar(s, Arrays("{0}")),
        ];
        foreach (Action<Stream> write in writers)
        {
            Write(folder, write);
            WeightConverter.Convert(folder["file"], folder["out"], new(InputConvention.Caffe));
            results.Add(File.ReadAllBytes(folder["out"]));
        }
        TfjsFiles.Write(folder, Network);
        WeightConverter.Convert(folder["model.json"], folder["out"], new(InputConvention.Caffe));
        results.Add(File.ReadAllBytes(folder["out"]));
        WeightConverter.Convert(folder["out"], folder["st"], new(Output: WeightOutput.Safetensors));
        WeightConverter.Convert(folder["st"], folder["again"]);
        results.Add(File.ReadAllBytes(folder["again"]));
        Assert.That(results, Has.Count.EqualTo(7));
        Assert.That(results, Is.All.EqualTo(results[0]));
    }

    [TestCase("MATLAB 5.0 MAT-file", "MATLAB")]
    [TestCase("BZh91AY", "bzip2")]
    [TestCase("<!DOCTYPE html>", "web page")]
    [TestCase("version https://git-lfs.github.com/spec/v1", "Git LFS")]
    [TestCase("name: \"VGG\"", "prototxt")]
    [TestCase("", "it is empty")]
    [TestCase("what", "begins with 77686174")]
    public void File_OfAnotherKind_IsNamed(string start, string expected)
    {
        using ScratchFolder folder = new();
        Assert.That(() => WeightFile.Open(folder.Put("a", Encoding.ASCII.GetBytes(start))),
            Throws.TypeOf<WeightException>().With.Message.Contains(expected));
    }

    /// <summary>The network's arrays; {0} is the layer's name, {1} torchvision's index.</summary>
    internal static TestArray[] Arrays(string naming, WeightTable? table = null) =>
        [.. (table ?? Network).Layers.SelectMany((l, i) => (TestArray[])
    [
        new(string.Format(naming, l.Name, Vgg19.TorchvisionIndices[i]) + ".weight", [l.K, l.C, 3, 3], l.Filters.ToArray()),
        new(string.Format(naming, l.Name, Vgg19.TorchvisionIndices[i]) + ".bias", [l.K], l.Biases.ToArray()),
    ])];

    private static void Write(ScratchFolder folder, Action<Stream> write)
    {
        using FileStream stream = new(folder["file"], FileMode.Create);
        write(stream);
    }

    private static WeightTable Open(ScratchFolder folder, Action<Stream> write)
    {
        Write(folder, write);
        return WeightFile.Open(folder["file"]);
    }
}
