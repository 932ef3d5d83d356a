using System.Security.Cryptography;
using GatysGpu.Weights;
using GatysGpu.Weights.Recognition;

namespace GatysGpu.Tests.Weights;

/// <summary>The same numbers in five formats.</summary>
public class SharedFilesTests
{
    internal static readonly string[] Names =
    [
        "tfjs/model.json", "vgg_conv-to-conv3_4.pth", "vgg19-d01eb7cb-to-conv3_4.legacy.pth",
        "VGG_ILSVRC_19_layers-to-conv3_4.caffemodel", "VGG19-to-conv3_4.layer.caffemodel",
    ];

    [Test]
    public void FiveFormats_WithAndWithoutInputConvention_ConvertToTheSameBytes()
    {
        using ScratchFolder folder = new();
        HashSet<string> hashes = [];
        foreach (string name in Names)
            foreach (InputConvention? input in (InputConvention?[])[InputConvention.Caffe, null])
            {
                ConvertReport report = WeightConverter.Convert(SharedData.Require($"data/weights/{name}"), folder["out"],
                    new(input));
                hashes.Add(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(folder["out"]))));
                Assert.That(report.Extent, Is.EqualTo("conv1_1 to conv3_4"), name);
                Assert.That(report.Source, Is.EqualTo(PublishedComparison.Attribution), name);
                Assert.That(report.Input, Is.EqualTo(InputConvention.Caffe), name);
                Assert.That(report.Warnings, Has.Count.EqualTo(name.StartsWith("tfjs", StringComparison.Ordinal) ? 1 : 0), name);
            }
        Assert.That(hashes, Has.Count.EqualTo(1));
    }

    [Test]
    public void LegacyFile_WithTorchvisionsNames_IsRecognisedByItsFilters()
    {
        using WeightTable table = WeightFile.Open(SharedData.Require("data/weights/vgg19-d01eb7cb-to-conv3_4.legacy.pth"));
        Assert.That(table.Input, Is.EqualTo(InputConvention.Caffe));
        Assert.That(table.InputReason, Is.EqualTo("recognised by conv1_1's filters"));
        PublishedComparison comparison = PublishedComparison.Compare(table);
        Assert.That(comparison.Equal, Has.Count.EqualTo(8));
        Assert.That(comparison.Different, Is.Empty);
    }

    [Test]
    public void GivenConvention_AgainstTheFilters_Warns()
    {
        using WeightTable table = WeightFile.Open(SharedData.Require("data/weights/vgg_conv-to-conv3_4.pth"),
            InputConvention.Torchvision);
        Assert.That(table.Input, Is.EqualTo(InputConvention.Torchvision));
        Assert.That(table.Warnings, Has.Length.EqualTo(1).And.Some.Contains("you say RGB 0..1"));
    }
}
