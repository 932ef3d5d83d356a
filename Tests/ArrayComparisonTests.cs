namespace GatysGpu.Tests;

/// <summary>The comparison that all other tests lean on must itself be able to fail.</summary>
public class ArrayComparisonTests
{
    private static readonly Tolerance Small = new(1e-3, 1e-2, "the test's own");

    [Test]
    public void AssertClose_WithinTolerance_Passes() => ArrayComparison.AssertClose("x", [1, 2], [1.0005, 2], Small);

    [TestCase(1.0, 1.002, TestName = "AssertClose_OneElementTooFar_Fails")]
    [TestCase(1.0, double.NaN, TestName = "AssertClose_NaNInTheResult_Fails")]
    [TestCase(double.NaN, 1.0, TestName = "AssertClose_NaNInTheTruth_Fails")]
    [TestCase(double.PositiveInfinity, double.PositiveInfinity, TestName = "AssertClose_InfinityOnBothSides_Fails")]
    public void AssertClose_Fails(double expected, double actual) =>
        Fails(() => ArrayComparison.AssertClose("x", [0, expected, 3], [0, actual, 3], Small));

    [Test]
    public void AssertClose_ManySmallDifferences_FailByTheirL2Norm() =>
        Fails(() => ArrayComparison.AssertClose("x", new double[1000], Enumerable.Repeat(9e-4, 1000).ToArray(), Small));

    [Test]
    public void AssertClose_NothingOrAnotherLength_Fails()
    {
        Fails(() => ArrayComparison.AssertClose("x", [], Array.Empty<double>(), Small));
        Fails(() => ArrayComparison.AssertClose("x", [1.0], new[] { 1.0, 2 }, Small));
    }

    [Test]
    public void AssertClose_NamesTheWorstElementAndBothValues()
    {
        string message = Fails(() => ArrayComparison.AssertClose("dX", [0, 0, 0, 7.0, 0, 0], [0, 0, 0, 8.5, 0.5, 0], Small, [2, 3]));
        Assert.That(message, Does.Contain("dX").And.Contain("of 6").And.Contain("[1,0] of [2,3]").And.Contain("7").And.Contain("8.5"));
    }

    [Test]
    public void AssertIdentical_AnotherSignOfZero_Fails() => Fails(() => ArrayComparison.AssertIdentical("x", [0f], [-0f]));

    private static string Fails(Action action)
    {
        // Outside of Assert.Throws, which would count the failure that is wanted here as the test's own.
        using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
            return Assert.Throws<AssertionException>(() => action())!.Message;
    }
}
