using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>IL's evaluation stack, and the places where control meets with entries on it.</summary>
/// <remarks>The stack exists only here: an entry is a value, a struct of values, or the address of a local variable. Where
/// control meets with entries on the stack (a conditional expression), they go through variables; addresses of local variables
/// must be the same on both ways.</remarks>
internal sealed partial class IlTranslator
{
    /// <summary>A place that control reaches from several others, and what lies on the stack there.</summary>
    private sealed class MeetingPoint(Block block)
    {
        public Block Block { get; } = block;

        public Operand[]? Stack { get; set; }

        public bool Translated { get; set; }
    }

    private Operand Pop() => PopArgument() is var top and not TextOperand ? top
        : throw Unsupported("a string", StringRemedy);

    // What a call takes may also be the text of CudaAsm.
    private Operand PopArgument()
    {
        Operand top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private Value PopValue() => Pop() switch
    {
        ScalarOperand scalar => scalar.Value,
        StorageOperand storage =>
            throw Unsupported($"the address of '{storage.Storage.Name}' as a number", "Pass the variable by ref, or its value."),
        ViewOperand => throw Unsupported("a view where a number is expected", "Name the element or the length."),
        _ => throw Unsupported("a struct where a number is expected", "Name the field."),
    };

    private void Push(Value value) => stack.Add(new ScalarOperand(value));

    private void Push(Operand value) => stack.Add(value);

    // Ends the current block by going to a meeting point with what lies on the stack.
    private void Jump(MeetingPoint target, int offset)
    {
        Arrive(target, offset);
        code.Branch(target.Block);
    }

    private void Arrive(MeetingPoint target, int offset)
    {
        if (target.Stack is null)
        {
            target.Stack = [.. stack.Select(Merge)];
            if (offset >= 0) waiting.Add(offset);
        }
        if (target.Stack.Length != stack.Count)
            throw Unsupported("control that meets with different stacks", "Compile the kernel with the C# compiler.");
        for (int i = 0; i < stack.Count; i++)
        {
            if (target.Stack[i] is StorageOperand { Storage: var storage, Merged: true } && stack[i] is not StorageOperand)
                access.Write(storage, stack[i]);
            else if (stack[i] is TextOperand && !target.Stack[i].Equals(stack[i]))
                throw Unsupported("a choice between two strings", "Write an if with a CudaAsm call in each branch.");
            else if (!target.Stack[i].Equals(stack[i]))
                throw Unsupported("a choice between the addresses of two variables", "Choose between values, or write an if.");
        }
    }

    // A value is merged through storage of its own; an address of a variable, or a text, stays what it is.
    private Operand Merge(Operand operand) =>
        operand is StorageOperand or TextOperand ? operand : new StorageOperand(StorageLike(operand), Merged: true);

    private Storage StorageLike(Operand operand) => operand switch
    {
        ScalarOperand scalar => new ScalarStorage("choice", scalar.Value.Type.IsPointer() ? null : scalar.Value.Type),
        ViewOperand => new ViewStorage("choice"),
        StructOperand structure => new StructStorage(structure.Type, "choice", [.. structure.Fields.Select(StorageLike)]),
        _ => throw Unsupported("a choice between structs that hold references", "Write an if."),
    };

    private List<Operand> Enter(MeetingPoint point) =>
        [.. (point.Stack ?? []).Select(entry =>
            entry is StorageOperand { Merged: true } merged ? access.Read(merged.Storage) : entry)];
}
