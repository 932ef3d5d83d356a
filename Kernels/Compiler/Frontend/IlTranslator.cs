using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>One method at one place of call, from IL to blocks of IR with variables; methods that it calls are translated in
/// place.</summary>
internal sealed partial class IlTranslator
{
    private const int DeepestCall = 64;

    private readonly CodeBuilder code;
    private readonly StorageAccess access;
    private readonly MethodCode source;
    private readonly IlTranslator? caller;
    private readonly SourceLocation? callSite;
    private readonly Storage[] arguments;
    private readonly Storage?[] locals;
    private readonly Dictionary<int, MeetingPoint> meetings = [];
    private readonly SortedSet<int> waiting = [];
    private readonly MeetingPoint end;
    private List<Operand> stack = [];
    private int current;
    private (Block Block, Dictionary<Variable, Value> Known, List<Operand> Stack)? onlyExit;

    private IlTranslator(CodeBuilder code, MethodBase method, Operand[] operands, IlTranslator? caller)
    {
        this.code = code;
        this.caller = caller;
        access = new StorageAccess(code);
        callSite = caller is null ? null : code.Location;
        RefuseRecursion(method);
        source = MethodCode.Of(method, callSite);
        code.Location = source.Location(0, callSite);
        if (source.ProtectedFrom is { } offset)
            throw new KernelCompileException(source.Location(offset, callSite),
                "try, catch, finally, using, lock, or foreach over an enumerator",
                "A kernel has no exceptions; write the loop with an index.");
        end = new MeetingPoint(code.NewBlock());
        arguments = [.. operands.Select(Argument)];
        locals = new Storage?[source.Locals.Webs.Count];
    }

    /// <summary>Translates a method; afterwards code goes on behind it.</summary>
    /// <param name="code">Where instructions go.</param>
    /// <param name="method">A static method, or one of a struct.</param>
    /// <param name="arguments">The arguments; the first is the struct's address for an instance method.</param>
    /// <param name="caller">The translation in whose place it stands; none for the kernel itself.</param>
    /// <returns>What the method returns; none for void.</returns>
    public static Operand? Translate(CodeBuilder code, MethodBase method, Operand[] arguments, IlTranslator? caller) =>
        new IlTranslator(code, method, arguments, caller).Run();

    // What the method never assigns to stays the value that was passed.
    private Storage Argument(Operand operand, int index)
    {
        int shift = source.Method.IsStatic ? 0 : 1;
        string name = index < shift ? "this" : source.Parameters[index - shift].Name ?? $"p{index}";
        Operand.Name(operand, name);
        if (!source.IsReassigned(index)) return new FixedStorage(name, operand);
        Type type = index < shift ? source.Method.DeclaringType!.MakeByRefType() : source.Parameters[index - shift].ParameterType;
        Storage storage = Storage.Create(type, name, code.Location);
        access.Write(storage, operand);
        return storage;
    }

    private Storage Local(int web) => locals[web] ??=
        Storage.Create(source.LocalTypes[source.Locals.Webs[web].Slot], source.LocalNames[web], code.Location);

    private Operand? Run()
    {
        foreach (int target in source.Targets) meetings.Add(target, new MeetingPoint(code.NewBlock()));
        for (int web = 0; web < locals.Length; web++)
            if (source.Locals.Webs[web] is { Zeroed: true } variable
                && TypeLayout.Refusal(source.LocalTypes[variable.Slot]) is null) access.Clear(Local(web));
        if (meetings.TryGetValue(0, out MeetingPoint? first)) Jump(first, 0);
        else TranslateFrom(0);
        while (waiting.Count > 0)
        {
            int next = waiting.Min;
            waiting.Remove(next);
            TranslateFrom(next);
        }
        RefuseStoresUnderReferences();
        code.Location = callSite;
        if (onlyExit is { } exit)
        {
            code.Continue(exit.Block, exit.Known);
            stack = exit.Stack;
        }
        else
        {
            code.Continue(end.Block);
            stack = Enter(end);
        }
        if (source.Method is not MethodInfo { ReturnType: var type } || type == typeof(void)) return null;
        // A method without end has no result; what comes behind it is never reached.
        return stack.Count > 0 ? stack[^1] : access.Nothing(type);
    }

    private void TranslateFrom(int offset)
    {
        if (meetings.TryGetValue(offset, out MeetingPoint? start))
        {
            if (start.Translated) return;
            start.Translated = true;
            code.Continue(start.Block);
            stack = Enter(start);
        }
        for (current = source.IndexOf(offset); ; current++)
        {
            IlInstruction instruction = source.Instructions[current];
            if (instruction.Offset != offset && meetings.TryGetValue(instruction.Offset, out MeetingPoint? meeting))
            {
                Jump(meeting, instruction.Offset);
                return;
            }
            code.Location = source.Location(instruction.Offset, callSite);
            if (Step(instruction)) return;
        }
    }

    // A method with one way out goes on where it ends; several ways out meet.
    private void Leave()
    {
        if (source.Method is not MethodInfo { ReturnType: var type } || type == typeof(void)) stack.Clear();
        else stack = [stack[^1]];
        if (source.Returns > 1) Jump(end, -1);
        else onlyExit = (code.Block, code.Known, stack);
    }

    private void RefuseRecursion(MethodBase method)
    {
        int depth = 0;
        for (IlTranslator? at = caller; at is not null; at = at.caller, depth++)
        {
            if (at.source.Method == method)
                throw Unsupported($"{TypeNames.Of(method)}, which calls itself",
                    "Write a loop: calls are inlined, there is no stack.");
            if (depth > DeepestCall)
                throw Unsupported($"calls more than {DeepestCall} deep",
                    "Call less deeply: calls are inlined, there is no stack.");
        }
    }

    // ---- instructions ------------------------------------------------------------------------------------------------------

    // Translates one instruction; true where it ends the block.
    private bool Step(IlInstruction il)
    {
        if (il.OpCode.OpCodeType == OpCodeType.Prefix) return Prefix(il);
        switch (il.OpCode.FlowControl)
        {
            case FlowControl.Branch:
                Jump(meetings[(int)il.Number], (int)il.Number);
                return true;
            case FlowControl.Cond_Branch:
                ConditionalJump(il);
                return false;
            case FlowControl.Return when il.OpCode == OpCodes.Ret:
                Leave();
                return true;
            case FlowControl.Call:
                Call(il);
                return false;
        }
        if (!Arithmetic(il) && !Access(il)) throw Refuse(il);
        return false;
    }

    private bool Prefix(IlInstruction il)
    {
        if (il.OpCode == OpCodes.Constrained) constraint = source.ResolveType((int)il.Number);
        else if (il.OpCode == OpCodes.Volatile) throw Unsupported("volatile", "Use MemoryFence or a barrier to order accesses.");
        else if (il.OpCode != OpCodes.Readonly) throw Refuse(il);
        return false;
    }

    private void ConditionalJump(IlInstruction il)
    {
        if (il.Targets is not { } targets)
        {
            Choose(Condition(il.OpCode), (int)il.Number);
            return;
        }
        Value selector = PopValue();
        for (int i = 0; i < targets.Length; i++) Choose(code.Compare(Comparison.Equal, selector, Constant.Of(i)), targets[i]);
    }

    // Goes to an offset where the condition holds; code goes on where it does not.
    private void Choose(Value condition, int offset)
    {
        MeetingPoint target = meetings[offset];
        Block other = code.NewBlock();
        Arrive(target, offset);
        code.Branch(condition, target.Block, other);
        code.Continue(other, code.Known);
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
