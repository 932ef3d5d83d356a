namespace GatysGpu.Tests;

public class SharedDataTests
{
    [Test]
    public void RepositoryRoot_HoldsTheSolution() =>
        Assert.That(Path.Combine(SharedData.RepositoryRoot, "GatysGpu.sln"), Does.Exist);
}
