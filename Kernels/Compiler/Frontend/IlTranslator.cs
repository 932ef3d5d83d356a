using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>One method at one place of call, from IL to blocks of IR with variables; methods that it calls are translated in place.</summary>
/// <remarks>IL's evaluation stack exists only here: an entry is a value, a struct of values, or the address of a local variable. Where
/// control meets with entries on the stack (a conditional expression), they go through variables; addresses must be the same on both ways.</remarks>
internal sealed partial class IlTranslator
{
    private const int DeepestCall = 64;

    private readonly CodeBuilder code;
    private readonly StorageAccess access;
    private readonly MethodBase method;
    private readonly IlTranslator? caller;
    private readonly SourceLocation? callSite;
    private readonly DebugSymbols symbols;
    private readonly Dictionary<int, MeetingPoint> meetings = [];
    private readonly SortedSet<int> waiting = [];
    private readonly MeetingPoint end;
    private readonly Storage[] arguments;
    private readonly Storage[] locals;
    private List<Operand> stack = [];
    private int returns;
    private (Block Block, Dictionary<Variable, Value> Known, List<Operand> Stack)? onlyExit;

    private IlTranslator(CodeBuilder code, MethodBase method, Storage[] arguments, IlTranslator? caller)
    {
        this.code = code;
        this.method = method;
        this.arguments = arguments;
        this.caller = caller;
        access = new StorageAccess(code);
        callSite = caller is null ? null : code.Location;
        symbols = DebugSymbols.Of(method);
        end = new MeetingPoint(code.NewBlock());
        locals = [.. (method.GetMethodBody()?.LocalVariables ?? []).Select(v =>
            Storage.Create(v.LocalType, symbols.LocalName(v.LocalIndex) ?? $"v{v.LocalIndex}", callSite))];
    }

    /// <summary>A place that control reaches from several others, and what lies on the stack there.</summary>
    private sealed class MeetingPoint(Block block)
    {
        public Block Block { get; } = block;

        public Operand[]? Stack { get; set; }

        public bool Translated { get; set; }
    }

    /// <summary>Translates a method; afterwards code goes on behind it.</summary>
    /// <param name="code">Where instructions go.</param>
    /// <param name="method">A static method, or one of a struct.</param>
    /// <param name="arguments">Storage of each argument, filled; the first is the struct's address for an instance method.</param>
    /// <param name="caller">The translation in whose place it stands; none for the kernel itself.</param>
    /// <returns>What the method returns; none for void.</returns>
    public static Operand? Translate(CodeBuilder code, MethodBase method, Storage[] arguments, IlTranslator? caller) =>
        new IlTranslator(code, method, arguments, caller).Run();

    private Operand? Run()
    {
        RefuseRecursion();
        IlInstruction[] instructions = IlReader.Read(method, callSite);
        if (method.GetMethodBody()!.ExceptionHandlingClauses.Count > 0)
            throw new KernelCompileException(At(0), "try, catch, finally, using, foreach over an enumerator or lock", "A kernel has no exceptions; write the loop with an index.");
        returns = instructions.Count(i => i.OpCode == OpCodes.Ret);
        Dictionary<int, int> indexOf = [];
        for (int i = 0; i < instructions.Length; i++) indexOf[instructions[i].Offset] = i;
        foreach (IlInstruction instruction in instructions)
            foreach (int target in instruction.Targets ?? (instruction.IsBranch ? [(int)instruction.Number] : []))
                meetings.TryAdd(target, new MeetingPoint(code.NewBlock()));
        code.Location = At(0);
        foreach (Storage local in locals) access.Clear(local);
        TranslateFrom(0);
        while (waiting.Count > 0)
        {
            int next = waiting.Min;
            waiting.Remove(next);
            TranslateFrom(next);
        }
        code.Location = callSite;
        if (onlyExit is { } exit)
        {
            code.Continue(exit.Block, exit.Known);
            stack = exit.Stack;
        }
        else
        {
            code.Continue(end.Block);
            stack = [.. Enter(end)];
        }
        return stack.Count > 0 ? stack[^1] : null;

        void TranslateFrom(int offset)
        {
            if (meetings.TryGetValue(offset, out MeetingPoint? start))
            {
                if (start.Translated) return;
                start.Translated = true;
                code.Continue(start.Block);
                stack = [.. Enter(start)];
            }
            for (int i = indexOf[offset]; ; i++)
            {
                IlInstruction instruction = instructions[i];
                if (instruction.Offset != offset && meetings.TryGetValue(instruction.Offset, out MeetingPoint? meeting))
                {
                    Jump(meeting, instruction.Offset);
                    return;
                }
                code.Location = At(instruction.Offset);
                if (Step(instruction)) return;
            }
        }
    }

    // A method with one way out goes on where it ends; several ways out meet.
    private void Leave()
    {
        if (method is not MethodInfo { ReturnType: var type } || type == typeof(void)) stack.Clear();
        else stack = [stack[^1]];
        if (returns > 1) Jump(end, -1);
        else onlyExit = (code.Block, code.Known, stack);
    }

    private SourceLocation At(int offset)
    {
        (string? file, int line) = symbols.LineAt(offset);
        return new SourceLocation($"{method.DeclaringType?.Name}.{method.Name}", file, line, callSite);
    }

    private void RefuseRecursion()
    {
        int depth = 0;
        for (IlTranslator? at = caller; at is not null; at = at.caller, depth++)
            if (at.method == method || depth > DeepestCall)
                throw new KernelCompileException(callSite, $"{method.DeclaringType?.Name}.{method.Name} calls itself", "Write a loop: calls are inlined, there is no stack.");
    }

    // ---- stack and meeting points ------------------------------------------------------------------------------------------

    private Operand Pop()
    {
        Operand top = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private Value PopValue() => Pop() switch
    {
        ScalarOperand scalar => scalar.Value,
        StorageOperand storage => throw Unsupported($"the address of '{storage.Storage.Name}' as a number", "Pass the variable by ref, or its value."),
        _ => throw Unsupported("a struct where a number is expected", "Name the field."),
    };

    private void Push(Value value) => stack.Add(new ScalarOperand(value));

    private void Push(Operand value) => stack.Add(value);

    private KernelCompileException Unsupported(string construct, string remedy) => new(code.Location, construct, remedy);

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
            target.Stack = new Operand[stack.Count];
            for (int i = 0; i < stack.Count; i++) target.Stack[i] = Merge(stack[i]);
            if (offset >= 0) waiting.Add(offset);
        }
        if (target.Stack.Length != stack.Count) throw new InvalidOperationException("IL stacks of different depth meet");
        for (int i = 0; i < stack.Count; i++)
        {
            if (target.Stack[i] is StorageOperand { Storage: var storage, Merged: true }) access.Write(storage, stack[i]);
            else if (!target.Stack[i].Equals(stack[i]))
                throw Unsupported("a choice between the addresses of two variables", "Choose between values, or write an if.");
        }
    }

    // A value is merged through storage of its own; an address of a variable stays what it is.
    private Operand Merge(Operand operand) => operand is StorageOperand ? operand : new StorageOperand(StorageLike(operand), Merged: true);

    private static Storage StorageLike(Operand operand) => operand switch
    {
        ScalarOperand scalar => new ScalarStorage("choice", scalar.Value.Type.IsPointer() ? null : scalar.Value.Type),
        ViewOperand => new ViewStorage("choice"),
        StructOperand structure => new StructStorage(structure.Type, "choice", [.. structure.Fields.Select(StorageLike)]),
        _ => throw new InvalidOperationException(operand.GetType().Name),
    };

    private IEnumerable<Operand> Enter(MeetingPoint point) =>
        (point.Stack ?? []).Select(entry => entry is StorageOperand { Merged: true } merged ? access.Read(merged.Storage) : entry).ToArray();

    // ---- instructions ------------------------------------------------------------------------------------------------------

    // Translates one instruction; true where it ends the block.
    private bool Step(IlInstruction il)
    {
        if (il.OpCode.OpCodeType == OpCodeType.Prefix) return Prefix(il);
        switch (il.OpCode.FlowControl)
        {
            case FlowControl.Branch:
                if (il.OpCode == OpCodes.Leave || il.OpCode == OpCodes.Leave_S) throw Unsupported("try or using", "A kernel has no exceptions.");
                Jump(meetings[(int)il.Number], (int)il.Number);
                return true;
            case FlowControl.Cond_Branch:
                ConditionalJump(il);
                return true;
            case FlowControl.Return:
                Leave();
                return true;
            case FlowControl.Throw:
                throw Unsupported("throw", "A kernel has no exceptions: write a value that the host can check.");
            case FlowControl.Call:
                Call(il);
                return false;
        }
        if (!Arithmetic(il) && !Access(il))
            throw Unsupported($"the IL instruction '{il.OpCode.Name}'", Remedy(il.OpCode));
        return false;
    }

    private bool Prefix(IlInstruction il)
    {
        if (il.OpCode == OpCodes.Constrained) constraint = method.Module.ResolveType((int)il.Number, TypeArguments, MethodArguments);
        else if (il.OpCode != OpCodes.Readonly)
            throw Unsupported($"the prefix '{il.OpCode.Name}'", "Use MemoryFence or a barrier to order accesses.");
        return false;
    }

    private static string Remedy(OpCode code)
    {
        string name = code.Name!;
        if (name is "newarr" || name.StartsWith("ldelem", StringComparison.Ordinal) || name.StartsWith("stelem", StringComparison.Ordinal) || name == "ldlen")
            return "Arrays are classes: use an ArrayView, or SharedMemory.Allocate and LocalMemory.Allocate.";
        if (name is "box" or "unbox" or "unbox.any" or "isinst" or "castclass") return "There are no objects in a kernel: use generics with struct constraints.";
        if (name is "ldstr") return "There are no strings in a kernel.";
        if (name is "stsfld") return "A kernel cannot change static fields: write to a view.";
        if (name.Contains(".ovf", StringComparison.Ordinal)) return "Checked arithmetic needs exceptions: use unchecked.";
        if (name is "localloc") return "Use LocalMemory.Allocate.";
        return "Use the kernel language only: numbers, structs, views.";
    }

    private void ConditionalJump(IlInstruction il)
    {
        if (il.Targets is { } targets)
        {
            Value selector = PopValue();
            for (int i = 0; i < targets.Length; i++) Choose(code.Compare(Comparison.Equal, selector, Constant.Of(i)), targets[i]);
            Jump(FallThrough(il.Next), il.Next);
            return;
        }
        Choose(Condition(il.OpCode), (int)il.Number);
        Jump(FallThrough(il.Next), il.Next);
    }

    private MeetingPoint FallThrough(int offset)
    {
        if (!meetings.TryGetValue(offset, out MeetingPoint? point)) meetings[offset] = point = new MeetingPoint(code.NewBlock());
        return point;
    }

    // Goes to an offset where the condition holds; code goes on where it does not.
    private void Choose(Value condition, int offset)
    {
        MeetingPoint target = meetings[offset];
        Block other = code.NewBlock();
        Arrive(target, offset);
        code.Branch(condition, target.Block, other);
        code.Continue(other);
    }

    private Value Condition(OpCode opCode)
    {
        string name = opCode.Name!.EndsWith(".s", StringComparison.Ordinal) ? opCode.Name[..^2] : opCode.Name;
        if (name is "brtrue" or "brfalse")
        {
            Value value = PopValue();
            return name == "brtrue" ? Truth(value) : code.Emit(IrType.Bool, Opcode.Not, null, Truth(value));
        }
        Value b = PopValue();
        Value a = PopValue();
        return CompareValues(name switch
        {
            "beq" => Comparison.Equal,
            "bne.un" => Comparison.NotEqual,
            "blt" => Comparison.Less,
            "ble" => Comparison.LessOrEqual,
            "bgt" => Comparison.Greater,
            "bge" => Comparison.GreaterOrEqual,
            "blt.un" => Comparison.LessUnsigned,
            "ble.un" => Comparison.LessOrEqualUnsigned,
            "bgt.un" => Comparison.GreaterUnsigned,
            "bge.un" => Comparison.GreaterOrEqualUnsigned,
            _ => throw Unsupported($"the IL instruction '{name}'", "Use if and loops."),
        }, a, b);
    }
}
