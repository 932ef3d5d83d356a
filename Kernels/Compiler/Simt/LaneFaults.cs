using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Faults of single steps, with their messages.</summary>
internal static unsafe class LaneFaults
{
    /// <summary>A step in front of another: the truth value A must not hold in any active lane. Extra: number of the
    /// operand.</summary>
    internal static void CheckDefined(byte* frame, Step* step, uint mask, GroupRun run)
    {
        uint undefined = *(uint*)(frame + step->A) & run.Active;
        if (undefined == 0) return;
        Instruction source = run.Program.Sources[step->Index];
        Value operand = source.Operands[step->Extra];
        string name = (operand as Undefined)?.What ?? Name(operand, []) ?? "a variable";
        throw run.Fault(step, BitOperations.TrailingZeroCount(undefined), FaultKind.UndefinedValue,
            $"{name} has no value here ({source.Opcode}). Store something in it on every way that leads here.");
    }

    /// <summary>The step of PTX text.</summary>
    internal static void Assembly(byte* frame, Step* step, uint mask, GroupRun run) =>
        throw run.Fault(step, BitOperations.TrailingZeroCount(run.Active), FaultKind.InlineAssembly,
            $"\"{((InlineAssembly)run.Program.Sources[step->Index].Payload!).Text.ReplaceLineEndings(" ")}\". "
            + "Branch on CudaAsm.IsSupported, which is false here, and say in C# what the text means.");

    [DoesNotReturn]
    internal static void DivisionByZero(GroupRun run, Step* step, uint lanes)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        bool wide = run.Program.Sources[step->Index].Operands[0].Type.Is64Bit();
        byte* row = run.Frame + step->A;
        long dividend = wide ? ((long*)row)[lane] : ((int*)row)[lane];
        throw run.Fault(step, lane, FaultKind.DivisionByZero, $"{dividend} / 0.");
    }

    [DoesNotReturn]
    internal static void IndexOutside(GroupRun run, byte* frame, Step* step, uint lanes, bool wideIndex)
    {
        int lane = BitOperations.TrailingZeroCount(lanes);
        long index = wideIndex ? ((long*)(frame + step->B))[lane] : ((int*)(frame + step->B))[lane];
        long length = ((long*)(frame + step->C))[lane];
        throw run.Fault(step, lane, FaultKind.IndexOutsideView,
            $"index {index} of {run.ViewName(step)} of {length} elements of {step->Immediate} bytes.");
    }

    [DoesNotReturn]
    internal static void PartOutside(GroupRun run, Step* step, int lane, long offset, long count, long length) =>
        throw run.Fault(step, lane, FaultKind.PartOutsideView,
            $"{count} elements from {offset} on of {run.ViewName(step)} of {length} elements of {step->Immediate} bytes.");

    /// <summary>The variable that a phi stands for.</summary>
    private static string? Name(Value value, HashSet<Value> seen)
    {
        if (value is not Register register || !seen.Add(register)) return null;
        if (register.Name is { } name) return name;
        foreach (Value input in register.Phi?.Inputs ?? [])
            if (((input as Undefined)?.What ?? Name(input, seen)) is { } inner) return inner;
        return null;
    }
}
