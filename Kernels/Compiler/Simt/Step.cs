using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Who executes a step.</summary>
internal enum StepControl
{
    /// <summary>The step's own method, for all active lanes.</summary>
    Lanes,

    /// <summary>Goes along edge A.</summary>
    Branch,

    /// <summary>Goes along edge B where the truth value A holds, else along edge C.</summary>
    ConditionalBranch,

    /// <summary>Ends the lanes.</summary>
    Return,

    /// <summary>Stops the warp until the others are there. A: predicate, R: result; Extra: the opcode.</summary>
    Barrier,
}

/// <summary>One instruction, decoded: operands and results are byte offsets of rows in the warp's frame.</summary>
/// <remarks>A row is 32 lanes of 4 or 8 bytes; a truth value is one word with a bit for each lane.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct Step
{
    /// <summary>The method: frame, step, lanes (all ones where every lane that exists is active), machine.</summary>
    internal delegate*<byte*, Step*, uint, GroupRun, void> Run;

    /// <summary>Size of an element, number of bytes, shift count: what the opcode needs.</summary>
    internal long Immediate;

    /// <summary>Operands.</summary>
    internal int A, B, C, D;

    /// <summary>Results.</summary>
    internal int R, R1, R2, R3;

    /// <summary>Place in <see cref="SimtProgram.Steps"/>.</summary>
    internal int Index;

    /// <summary>Place among the access patterns.</summary>
    internal int Pattern;

    /// <summary>What the opcode needs.</summary>
    internal int Extra;

    /// <summary>Who executes it.</summary>
    internal StepControl Control;
}

/// <summary>A copy from row to row for the lanes that go along an edge.</summary>
internal readonly record struct Move(int Destination, int Source, int Size);

/// <summary>Where control goes and what the phis there take along.</summary>
internal readonly record struct Edge(int Target, int FirstMove, int MoveCount);

/// <summary>What fills a row that no instruction writes.</summary>
internal enum FixedSource
{
    /// <summary>A number: its bits.</summary>
    Constant,

    /// <summary>A scalar of the arguments: its byte offset.</summary>
    Argument,

    /// <summary>Bytes of dynamic shared memory.</summary>
    DynamicSharedLength,

    /// <summary>A <see cref="SpecialRegister"/>.</summary>
    Special,
}

/// <summary>A row that is filled before the kernel runs.</summary>
internal readonly record struct FixedRow(int Offset, IrType Type, FixedSource Source, long Value);
