namespace GatysGpu.Tests.Cli;

/// <summary>Where <c>--weights auto</c> looks: at variables of the process, which other fixtures read.</summary>
[NonParallelizable]
public class WeightsAutoTests() : TwoPictureTests((60, 45), (50, 50))
{
    [Test]
    public void WeightsAuto_TakesTheFileOfTheVariable_ElseTheCaches_ElseLearns()
    {
        using EnvironmentValue cache = new("XDG_CACHE_HOME", Folder.Path);
        using EnvironmentValue variable = new("GATYS_WEIGHTS", NarrowWeights(layers: 3));
        Assert.That(Stylize("--weights", "auto").Succeeded().Error, Does.Not.Contain("learned"));
        using (new EnvironmentValue("GATYS_WEIGHTS", Folder.File("none.weights")))
            Stylize("--weights", "auto").Refused("found by --weights auto", "none.weights", "there is no such file");
        using (new EnvironmentValue("GATYS_WEIGHTS", null))
            Assert.That(Stylize("--weights", "auto").Succeeded().Error, Does.Contain("learned from these pictures"));
    }
}
