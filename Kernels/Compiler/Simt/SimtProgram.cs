using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Passes;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>A kernel decoded for the checker. Does not change once made; machines share it.</summary>
internal sealed unsafe class SimtProgram
{
    private static readonly ConditionalWeakTable<Kernel, SimtProgram> Programs = [];

    internal SimtProgram(Kernel kernel, List<Step> steps, List<Instruction> sources)
    {
        Kernel = kernel;
        StepArray = GC.AllocateArray<Step>(steps.Count, pinned: true);
        steps.CopyTo(StepArray);
        Steps = (Step*)Unsafe.AsPointer(ref StepArray[0]);
        Sources = [.. sources];
    }

    internal Kernel Kernel { get; }

    /// <summary>The steps of all blocks, in memory that does not move.</summary>
    internal Step* Steps { get; }

    /// <summary>The same as an array, which keeps the memory alive.</summary>
    internal Step[] StepArray { get; }

    /// <summary>The instruction that each step comes from.</summary>
    internal Instruction[] Sources { get; }

    /// <summary>First step of each block.</summary>
    internal required int[] BlockStart { get; init; }

    /// <summary>Number of instructions of each block, for the limit of instructions.</summary>
    internal required int[] BlockLength { get; init; }

    /// <summary>Where lanes that part at the end of the block meet again.</summary>
    internal required int[] Reconvergence { get; init; }

    internal required Edge[] Edges { get; init; }

    internal required Move[] Moves { get; init; }

    /// <summary>Bytes of a warp's frame.</summary>
    internal required int FrameBytes { get; init; }

    internal required FixedRow[] FixedRows { get; init; }

    /// <summary>For each access pattern, the step that it belongs to.</summary>
    internal required int[] PatternSteps { get; init; }

    /// <summary>Operands and results beyond those of a step.</summary>
    internal required int[] Extra { get; init; }

    /// <summary>A cell of the shared memory's record stands for 1 &lt;&lt; this many bytes.</summary>
    internal required int SharedCellShift { get; init; }

    /// <summary>Bytes of a thread's local arrays, a multiple of 16.</summary>
    internal required int LocalBytes { get; init; }

    /// <summary>The program of a kernel, decoded at the first use.</summary>
    internal static SimtProgram Of(Kernel kernel) =>
        Programs.GetValue(kernel, static k => new ProgramDecoder(WithoutAssembly(k)).Decode());

    // The checker executes no PTX text.
    private static Kernel WithoutAssembly(Kernel kernel)
    {
        if (!AssemblyQuestion.IsAsked(kernel)) return kernel;
        Kernel copy = KernelCloner.Clone(kernel);
        AssemblyQuestion.Answer(copy, supported: false);
        return copy;
    }
}
