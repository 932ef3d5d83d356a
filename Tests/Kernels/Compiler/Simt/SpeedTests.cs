using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>How fast the checker is. Not run by default: a shared machine makes no fair race.</summary>
[Explicit("A measurement.")]
public class SpeedTests
{
    [Test]
    public void RegisterTileGemm_Measured()
    {
        const int N = 256;
        using SimtRig rig = new();
        Kernel kernel = SimtRig.Compile(GemmKernels.Tiled);
        (long, long) a = rig.Buffer<float>("a", new float[N * N]), b = rig.Buffer<float>("b", new float[N * N]),
            c = rig.Buffer<float>("c", new float[N * N]);
        Measure("register tile", () => rig.Launch(kernel, new Index3D(N / 64, N / 64, 1), new Index3D(16, 16, 1), a, b, c, N));
    }

    [Test]
    public void NaiveGemm_Measured()
    {
        const int N = 128;
        using SimtRig rig = new();
        Kernel kernel = SimtRig.Compile(GemmKernels.Naive);
        (long, long) a = rig.Buffer<float>("a", new float[N * N]), b = rig.Buffer<float>("b", new float[N * N]),
            c = rig.Buffer<float>("c", new float[N * N]);
        Measure("naive", () => rig.Launch(kernel, new Index3D(N / 16, N / 16, 1), new Index3D(16, 16, 1), a, b, c, N));
    }

    private static void Measure(string name, Func<SimtCounters> launch)
    {
        launch();
        List<double> rates = [];
        for (int i = 0; i < 7; i++)
        {
            // Time of the processor, not of the clock: other work on the machine counts less.
            TimeSpan start = Environment.CpuUsage.TotalTime;
            SimtCounters counters = launch();
            double seconds = (Environment.CpuUsage.TotalTime - start).TotalSeconds;
            rates.Add(counters.TotalThreadInstructions / seconds / 1e6);
            if (i == 0)
            {
                TestContext.Out.WriteLine($"{name}: {counters.TotalWarpInstructions} warp instructions, FMA share "
                    + $"{(double)counters.FusedMultiplyAdds / counters.TotalThreadInstructions:F2}, {seconds:F3} s");
                foreach (InstructionKind kind in Enum.GetValues<InstructionKind>())
                    TestContext.Out.WriteLine($"  {kind}: {counters.WarpInstructions(kind)}");
            }
        }
        rates.Sort();
        TestContext.Out.WriteLine(
            $"{name}: median {rates[rates.Count / 2]:F0} M lane-instructions/s, {rates[0]:F0} to {rates[^1]:F0}");
    }
}
