using GatysGpu.Kernels.Devices.Gpu;
using NUnit.Framework.Interfaces;
using NUnit.Framework.Internal;
using NUnit.Framework.Internal.Builders;

namespace GatysGpu.Tests.Kernels.Devices;

/// <summary>A fixture of the first GPU, one for each precision. Where there is no such GPU, one skipped test stands for all of a
/// fixture and says how many they are and what is missing.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CudaFixtureAttribute : NUnitAttribute, IFixtureBuilder2
{
    private readonly NUnitTestFixtureBuilder builder = new();

    /// <inheritdoc/>
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo) => BuildFrom(typeInfo, new EveryTest());

    /// <inheritdoc/>
    public IEnumerable<TestSuite> BuildFrom(ITypeInfo typeInfo, IPreFilter filter)
    {
        foreach (GpuPrecision precision in new[] { GpuPrecision.Fp32, GpuPrecision.Tf32 })
        {
            TestSuite fixture = builder.BuildFrom(typeInfo, filter, new TestFixtureData(precision));
            if (fixture.TestCaseCount > 0 && WhyNone(precision) is { } reason) Replace(fixture, reason);
            yield return fixture;
        }
    }

    private static string? WhyNone(GpuPrecision precision)
    {
        try
        {
            GpuDevice.CreateCuda(0, precision).Dispose();
            return null;
        }
        catch (GpuUnavailableException e)
        {
            return $"no GPU: {e.Message}";
        }
    }

    private static void Replace(TestSuite fixture, string reason)
    {
        ITest any = fixture.Tests[0];
        while (any.HasChildren) any = any.Tests[0];
        string name = $"The{fixture.TestCaseCount}Tests_NeedAGpu";
        TestMethod all = new(any.Method!, fixture)
        {
            Name = name,
            FullName = $"{fixture.FullName}.{name}",
            RunState = RunState.Ignored,
        };
        all.Properties.Set(PropertyNames.SkipReason, reason);
        fixture.Tests.Clear();
        fixture.Add(all);
        // The fixture as well: nothing is set up for a test that does not run.
        fixture.RunState = RunState.Ignored;
        fixture.Properties.Set(PropertyNames.SkipReason, reason);
    }

    private sealed class EveryTest : IPreFilter
    {
        public bool IsMatch(Type type) => true;

        public bool IsMatch(Type type, System.Reflection.MethodInfo method) => true;
    }
}
