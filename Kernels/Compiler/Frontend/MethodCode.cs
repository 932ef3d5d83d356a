using System.Collections.Concurrent;
using System.Reflection;
using System.Reflection.Emit;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>What is known of a method before it is translated; found once, since a method may be inlined in many
/// places.</summary>
internal sealed class MethodCode
{
    private static readonly ConcurrentDictionary<MethodBase, MethodCode> Cache = [];
    private static readonly ConcurrentDictionary<MethodBase, ParameterInfo[]> ParameterCache = [];

    private readonly Type[]? typeArguments;
    private readonly Type[]? methodArguments;
    private readonly DebugSymbols symbols;
    private readonly ConcurrentDictionary<int, MemberInfo> members = [];
    private readonly Dictionary<int, int> indexOf = [];
    private readonly bool[] reassigned;

    private MethodCode(MethodBase method, SourceLocation? callSite)
    {
        Method = method;
        Name = TypeNames.Of(method);
        symbols = DebugSymbols.Of(method);
        Instructions = IlReader.Read(method, callSite ?? Location(0, null));
        MethodBody body = method.GetMethodBody()!;
        ProtectedFrom = body.ExceptionHandlingClauses.Count > 0 ? body.ExceptionHandlingClauses[0].TryOffset : null;
        LocalTypes = [.. body.LocalVariables.Select(v => v.LocalType)];
        Locals = LocalWebs.Find(Instructions, LocalTypes.Length, slot => TypeLayout.HoldsView(LocalTypes[slot]));
        LocalNames = [.. Locals.Webs.Select(NameOf)];
        typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : null;
        Parameters = ParametersOf(method);
        reassigned = new bool[Parameters.Length + 1];
        for (int i = 0; i < Instructions.Length; i++)
        {
            IlInstruction il = Instructions[i];
            indexOf[il.Offset] = i;
            if (il.OpCode == OpCodes.Ret) Returns++;
            if (il.OpCode == OpCodes.Starg || il.OpCode == OpCodes.Starg_S || il.OpCode == OpCodes.Ldarga
                || il.OpCode == OpCodes.Ldarga_S)
                reassigned[il.Number] = true;
            foreach (int target in il.Targets ?? (il.IsBranch ? [(int)il.Number] : []))
                if (!Targets.Contains(target)) Targets.Add(target);
        }
    }

    /// <summary>The method.</summary>
    public MethodBase Method { get; }

    /// <summary>With its type.</summary>
    public string Name { get; }

    /// <summary>Its parameters, without <c>this</c>.</summary>
    public ParameterInfo[] Parameters { get; }

    /// <summary>Its body.</summary>
    public IlInstruction[] Instructions { get; }

    /// <summary>Offsets to which branches lead.</summary>
    public List<int> Targets { get; } = [];

    /// <summary>Number of its return instructions.</summary>
    public int Returns { get; }

    /// <summary>Offset of the first instruction under a try; none where there is no try.</summary>
    public int? ProtectedFrom { get; }

    /// <summary>Types of the slots of local variables.</summary>
    public Type[] LocalTypes { get; }

    /// <summary>The local variables.</summary>
    public LocalWebs Locals { get; }

    /// <summary>Their names in the source, or made ones.</summary>
    public string[] LocalNames { get; }

    /// <summary>The code of a method.</summary>
    /// <param name="method">Any method.</param>
    /// <param name="callSite">Where it is called.</param>
    /// <exception cref="KernelCompileException">It has no IL.</exception>
    public static MethodCode Of(MethodBase method, SourceLocation? callSite) =>
        Cache.TryGetValue(method, out MethodCode? known) ? known : Cache.GetOrAdd(method, new MethodCode(method, callSite));

    /// <summary>The parameters of a method, without <c>this</c>.</summary>
    public static ParameterInfo[] ParametersOf(MethodBase method) =>
        ParameterCache.GetOrAdd(method, static m => m.GetParameters());

    /// <summary>Where the instruction at an offset comes from.</summary>
    public SourceLocation Location(int offset, SourceLocation? caller)
    {
        (string? file, int line) = symbols.LineAt(offset);
        return new SourceLocation(Name, file, line, caller);
    }

    /// <summary>Place in <see cref="Instructions"/> of the one at an offset.</summary>
    public int IndexOf(int offset) => indexOf[offset];

    /// <summary>Whether control can come from one instruction to another.</summary>
    public bool LeadsTo(int from, int to)
    {
        HashSet<int> seen = [];
        Stack<int> work = new(Following(from));
        while (work.TryPop(out int at))
        {
            if (at == to) return true;
            if (!seen.Add(at)) continue;
            foreach (int next in Following(at)) work.Push(next);
        }
        return false;
    }

    private IEnumerable<int> Following(int instruction)
    {
        IlInstruction il = Instructions[instruction];
        IEnumerable<int> targets = (il.Targets ?? (il.IsBranch ? [(int)il.Number] : [])).Select(IndexOf);
        return il.FallsThrough ? targets.Append(instruction + 1) : targets;
    }

    /// <summary>Whether an argument (with <c>this</c> as the first) may become something else than what was passed.</summary>
    public bool IsReassigned(int argument) => reassigned[argument];

    /// <summary>The method that a token stands for.</summary>
    public MethodBase ResolveMethod(int token) =>
        (MethodBase)members.GetOrAdd(token, static (t, code) =>
            code.Method.Module.ResolveMethod(t, code.typeArguments, code.methodArguments)!, this);

    /// <summary>The field that a token stands for.</summary>
    public FieldInfo ResolveField(int token) =>
        (FieldInfo)members.GetOrAdd(token, static (t, code) =>
            code.Method.Module.ResolveField(t, code.typeArguments, code.methodArguments)!, this);

    /// <summary>The type that a token stands for.</summary>
    public Type ResolveType(int token) =>
        (Type)members.GetOrAdd(token, static (t, code) =>
            code.Method.Module.ResolveType(t, code.typeArguments, code.methodArguments), this);

    /// <summary>The string that a token stands for.</summary>
    public string ResolveString(int token) => Method.Module.ResolveString(token);

    /// <summary>Whether the source has a name for a local variable.</summary>
    public bool HasName(int web) => LocalNames[web] != MadeName(Locals.Webs[web]);

    private static string MadeName(LocalWebs.Web web) => $"v{web.Slot}";

    // The scope of a variable may begin only behind the store that gives it its first value.
    private string NameOf(LocalWebs.Web web)
    {
        foreach (int access in web.Accesses)
            if ((symbols.LocalName(web.Slot, Instructions[access].Offset)
                ?? symbols.LocalName(web.Slot, Instructions[access].Next)) is { } name)
                return name;
        return MadeName(web);
    }
}
