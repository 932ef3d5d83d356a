using GatysGpu.Weights.Fetch;

namespace GatysGpu.Tests.Weights;

/// <summary>Where weights are looked for: in variables of the process, which other fixtures read.</summary>
[NonParallelizable]
public class WeightCacheTests
{
    [Test]
    public void Cache_Find_PrefersTheNamedThenTheVariableThenTheFolder()
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the cache folder follows XDG_CACHE_HOME on Linux only");
        using ScratchFolder folder = new();
        using EnvironmentValue variable = new(WeightCache.Variable, null), cache = new("XDG_CACHE_HOME", folder.Root);
        Assert.That(WeightCache.Folder, Is.EqualTo(folder["gatys"]));
        Assert.That(WeightCache.Find("auto"), Is.Null);
        Directory.CreateDirectory(WeightCache.Folder);
        string put = Path.Combine(WeightCache.Folder, "vgg_conv.pth");
        string converted = WeightCache.ConvertedPath(PublishedFile.All[1]);
        File.WriteAllText(put, "");
        Assert.That(WeightCache.Find(null), Is.EqualTo(put));
        File.WriteAllText(converted, "");
        Assert.That(WeightCache.Find(null), Is.EqualTo(converted));
        using (new EnvironmentValue(WeightCache.Variable, "/somewhere"))
        {
            Assert.That(WeightCache.Find("AUTO"), Is.EqualTo("/somewhere"));
            Assert.That(WeightCache.Find("here.pth"), Is.EqualTo("here.pth"));
        }
        using (new EnvironmentValue("XDG_CACHE_HOME", "not/absolute"))
            Assert.That(WeightCache.Folder, Does.EndWith("/.cache/gatys"));
    }
}
