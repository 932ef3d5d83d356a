using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Compiler.Simt;

/// <summary>Every planted fault is found, with its line, group, thread and values.</summary>
public class FaultTests
{
    private static IEnumerable<TestCaseData> Faults()
    {
        static TestCaseData Fault(Delegate kernel, FaultKind kind, int groups, int threads, int group, int thread, string details,
            params object[] arguments) =>
            new TestCaseData(kernel, kind, groups, threads, group, thread, details, arguments)
                .SetArgDisplayNames(kernel.Method.Name);
        yield return Fault(FaultKernels.IndexTooLarge, FaultKind.IndexOutsideView, 3, 48, 2, 32,
            "index 128 of view 'a' of 128 elements of 4 bytes");
        yield return Fault(FaultKernels.NegativeIndex, FaultKind.IndexOutsideView, 1, 40, 0, 0,
            "index -5 of view 'a' of 128 elements");
        yield return Fault(FaultKernels.PartTooLong, FaultKind.PartOutsideView, 1, 32, 0, 29,
            "100 elements from 29 on of view 'a' of 128 elements", 100);
        yield return Fault(FaultKernels.SharedIndex, FaultKind.IndexOutsideView, 1, 32, 0, 16,
            "index 32 of view 'tile' of 32 elements");
        yield return Fault(FaultKernels.SharedUnwritten, FaultKind.ReadOfUnwrittenMemory, 1, 64, 0, 22,
            "byte 164 of the shared memory");
        yield return Fault(FaultKernels.LocalUnwritten, FaultKind.ReadOfUnwrittenMemory, 1, 64, 0, 1,
            "'mine' from its byte 4 on", 3);
        yield return Fault(FaultKernels.SharedRace, FaultKind.Race, 1, 64, 0, 0, "written by thread (1, 0, 0)");
        yield return Fault(FaultKernels.SharedRaceOfWarps, FaultKind.Race, 1, 64, 0, 32,
            "written by a thread in the warp of thread (1, 0, 0)");
        yield return Fault(FaultKernels.LoopWithOneBarrier, FaultKind.Race, 1, 64, 0, 32,
            "read here and was written by thread (31, 0, 0)");
        yield return Fault(FaultKernels.SameValueRace, FaultKind.Race, 1, 64, 0, 1,
            "byte 0 of 'a' is written by this thread and by thread (0, 0, 0)");
        yield return Fault(FaultKernels.RaceOfGroups, FaultKind.Race, 4, 16, 1, 0,
            "written by thread (8, 0, 0) of group (0, 0, 0)");
        yield return Fault(FaultKernels.ReadOfOtherGroup, FaultKind.Race, 4, 32, 1, 0,
            "written by thread (0, 0, 0) of group (0, 0, 0)", Second);
        yield return Fault(FaultKernels.AtomicAndPlain, FaultKind.Race, 1, 32, 0, 3, "read here and was changed atomically");
        yield return Fault(FaultKernels.BarrierInBranch, FaultKind.BarrierNotReachedByAll, 1, 64, 0, 32,
            "thread (40, 0, 0) is elsewhere");
        yield return Fault(FaultKernels.BarrierAfterReturn, FaultKind.BarrierNotReachedByAll, 1, 96, 0, 0,
            "thread (64, 0, 0) has returned");
        yield return Fault(FaultKernels.TwoBarriers, FaultKind.BarrierNotReachedByAll, 1, 64, 0, 0,
            "thread (32, 0, 0) is at another barrier (FaultKernels.cs:");
        yield return Fault(FaultKernels.ShuffleInBranch, FaultKind.InactiveLanes, 1, 64, 0, 0, "thread (9, 0, 0) is elsewhere");
        yield return Fault(FaultKernels.ShuffleTooFar, FaultKind.LaneOutsideWarp, 1, 32, 0, 29, "Index by 32");
        yield return Fault(FaultKernels.ShuffleFromNobody, FaultKind.InactiveLanes, 1, 40, 0, 36,
            "lane 8, from which it takes, does not exist");
        yield return Fault(FaultKernels.DivisionByZero, FaultKind.DivisionByZero, 1, 64, 0, 37, "100 / 0");
        yield return Fault(FaultKernels.MisalignedVector, FaultKind.MisalignedAccess, 1, 8, 0, 0,
            "8 bytes at byte 4 of 'a', which is no multiple of 8");
        yield return Fault(FaultKernels.InfiniteLoop, FaultKind.InstructionLimit, 1, 32, 0, 5, "more than 5000 instructions");
        yield return Fault(FaultKernels.CopyReadTooEarly, FaultKind.AsyncCopyHazard, 1, 32, 0, 0,
            "copy that thread (0, 0, 0) has not waited for");
        yield return Fault(FaultKernels.CopyWithoutCommit, FaultKind.AsyncCopyHazard, 1, 32, 0, 0,
            "copy that thread (0, 0, 0) has not waited for");
        yield return Fault(FaultKernels.CopyWithoutBarrier, FaultKind.Race, 1, 32, 0, 0, "written by thread (31, 0, 0)");
        yield return Fault(FaultKernels.CopySourceWritten, FaultKind.AsyncCopyHazard, 1, 32, 0, 20,
            "byte 44 of 'a' is written while thread (11, 0, 0) copies");
        yield return Fault(FaultKernels.CopyNotAwaited, FaultKind.AsyncCopyNotAwaited, 1, 32, 0, 0, "copy of 4 bytes");
        yield return Fault(FaultKernels.Undefined, FaultKind.UndefinedValue, 1, 64, 0, 20, "has no value here", 20);
        yield return Fault(FaultKernels.TensorCoreInBranch, FaultKind.InactiveLanes, 1, 32, 0, 0,
            "thread (16, 0, 0) is elsewhere");
        yield return Fault(FaultKernels.InInlinedMethod, FaultKind.IndexOutsideView, 1, 64, 0, 28, "index 128 of view 'a'");
    }

    private const string Second = "a second buffer";

    [TestCaseSource(nameof(Faults))]
    public void PlantedFault_Launched_StopsAtItsLineGroupAndThread(Delegate kernel, FaultKind kind, int groups, int threads,
        int group, int thread,
        string details, object[] arguments)
    {
        using SimtRig rig = new(new SimtOptions { InstructionsPerWarp = 5000 });
        (long, long) a = rig.Buffer<int>("a", new int[128]);
        object[] others = [.. arguments.Select(o => o is string name ? rig.Buffer<int>(name, new int[128]) : o)];
        string name = kernel.Method.Name;
        KernelFaultException fault = rig.Fault(SimtRig.Compile(kernel), new Index3D(groups, 1, 1), new Index3D(threads, 1, 1),
            [a, .. others]);
        Assert.Multiple(() =>
        {
            Assert.That(fault.Kind, Is.EqualTo(kind));
            Assert.That(fault.Location?.Line, Is.EqualTo(FaultKernels.Line(name)));
            Assert.That(Path.GetFileName(fault.Location?.File), Is.EqualTo("FaultKernels.cs"));
            Assert.That(fault.Group.ToString(), Is.EqualTo($"({group}, 0, 0)"));
            Assert.That(fault.Thread.ToString(), Is.EqualTo($"({thread}, 0, 0)"));
            Assert.That(fault.Details, Does.Contain(details));
            Assert.That(fault.Message, Does.Contain($"FaultKernels_{name}")
                .And.Contains($"FaultKernels.cs:{FaultKernels.Line(name)}")
                .And.Contains($"group ({group}, 0, 0)").And.Contains($"thread ({thread}, 0, 0)"));
        });
    }

    [Test]
    public void FaultInInlinedMethod_Launched_NamesTheCallersLineToo()
    {
        using SimtRig rig = new();
        KernelFaultException fault = rig.Fault(SimtRig.Compile(FaultKernels.InInlinedMethod), new Index3D(1, 1, 1),
            new Index3D(64, 1, 1),
            rig.Buffer<int>("a", new int[128]));
        Assert.That(fault.Location?.Caller?.Line, Is.EqualTo(FaultKernels.Line("Caller of the fault")));
        Assert.That(fault.Message, Does.Contain("called from"));
    }

    [Test]
    public void GroupOfTwoDimensions_Fault_NamesThreadAndGroupInAll()
    {
        using SimtRig rig = new();
        // Thread 29 of a group of 8×4 is (5, 3): the first of its 32 whose 29 + 100 passes the end.
        KernelFaultException fault = rig.Fault(SimtRig.Compile(FaultKernels.PartTooLong), new Index3D(1, 1, 1),
            new Index3D(16, 2, 2),
            rig.Buffer<float>("a", new float[128]), 114);
        Assert.That(fault.Thread.ToString(), Is.EqualTo("(15, 0, 0)"));
        fault = rig.Fault(SimtRig.Compile(PlaneFault), new Index3D(3, 2, 2), new Index3D(4, 4, 4),
            rig.Buffer<int>("a", new int[8]));
        Assert.That((fault.Group.ToString(), fault.Thread.ToString()), Is.EqualTo(("(2, 1, 1)", "(3, 2, 1)")));
    }

    [Test]
    public void SameLaunchTwice_Faults_SayTheSame()
    {
        string[] messages = new string[2];
        for (int i = 0; i < 2; i++)
        {
            using SimtRig rig = new();
            messages[i] = rig.Fault(SimtRig.Compile(FaultKernels.ReadOfOtherGroup), new Index3D(4, 1, 1), new Index3D(32, 1, 1),
                rig.Buffer<int>("a", new int[128]), rig.Buffer<int>("b", new int[128])).Message;
        }
        Assert.That(messages[1], Is.EqualTo(messages[0]));
    }

    private static void PlaneFault(ArrayView<int> a)
    {
        bool here = Grid.IdxX == 2 && Grid.IdxY == 1 && Grid.IdxZ == 1 && Group.IdxX == 3 && Group.IdxY == 2 && Group.IdxZ == 1;
        if (here) a[9] = 1;
    }
}
