using GatysGpu.Engine.Network;
using GatysGpu.Engine.Objective;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Kernels.Devices.Host;

namespace GatysGpu.Tests.Engine;

/// <summary>L-BFGS on the whole network against PyTorch's (history 10, strong Wolfe search, no bounds) from the same picture.</summary>
public class GoldenTrajectoryTests
{
    [TestCaseSource(typeof(GoldenCase), nameof(GoldenCase.Names))]
    public void Lbfgs_AfterAsManyEvaluationsAsPyTorch_IsNoHigher(string name)
    {
        GoldenCase golden = new(name);
        (int Evaluations, double Loss)[] peer = golden.Trajectory;
        using IDevice device = HostDevice.Create(2);
        using ConvNetwork network = new(device, golden.Network());
        using StyleTransferObjective objective = new(network, GoldenCase.Content, [new StylePicture(GoldenCase.Style, 1)], golden.Settings);
        using DeviceMemory memory = device.Allocate(DeviceVector.BytesFor(objective.Length));
        DeviceVector x = new(memory, 0, objective.Length);
        device.Upload(GoldenCase.Image.Samples, x);
        using LbfgsOptimizer optimizer = new(device, objective, x, new LbfgsOptions { History = 10 });

        List<IterationResult> ours = [];
        double before = golden.Total * (1 + 1e-5);
        for (IterationResult r = optimizer.Step(); r.Evaluations <= peer[^1].Evaluations && !r.Converged; r = optimizer.Step())
        {
            Assert.That(r.Loss, Is.LessThan(before), $"iteration {r.Iteration}");
            before = r.Loss;
            ours.Add(r);
        }

        foreach ((int evaluations, double loss) in peer.Where((_, i) => i is 0 or 4 or 9 or 14 or 19))
            TestContext.Out.WriteLine(
                $"{evaluations,3} evaluations: PyTorch {loss:G6}, ours {At(ours, evaluations):G6} ({At(ours, evaluations) / loss:F3})");
        Assert.That(At(ours, peer[^1].Evaluations), Is.AtMost(peer[^1].Loss));
    }

    /// <summary>The lowest loss reached with so many evaluations at most.</summary>
    private static double At(List<IterationResult> results, int evaluations) =>
        results.Where(r => r.Evaluations <= evaluations).Select(r => r.Loss).DefaultIfEmpty(double.PositiveInfinity).Min();
}
