using System.Reflection;
using System.Reflection.Emit;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>What a kernel must not say, in the words of C#.</summary>
internal sealed partial class IlTranslator
{
    private KernelCompileException Unsupported(string construct, string remedy) => new(code.Location, construct, remedy);

    private KernelCompileException Refuse(IlInstruction il)
    {
        if (LeadsToThrow()) return Throw();
        string name = il.OpCode.Name!;
        (string construct, string remedy) = name switch
        {
            "newarr" => ("a new array", ArrayRemedy),
            "ldlen" => ("the length of an array", ArrayRemedy),
            "box" => ("boxing", "There are no objects in a kernel: use generics with a struct constraint."),
            "ldnull" => ("null", "There are no objects in a kernel."),
            "isinst" or "castclass" or "unbox" or "unbox.any" =>
                ("a cast of an object", "There are no objects in a kernel: use generics with a struct constraint."),
            "ldftn" or "ldvirtftn" => ("a delegate, lambda or function pointer", DelegateRemedy),
            "ldtoken" => ("typeof, or a table of constants", "Use generics with a struct constraint; pass tables as views."),
            "localloc" => ("stackalloc", "Use LocalMemory.Allocate."),
            "stsfld" => StaticField(source.ResolveField((int)il.Number), changed: true),
            _ when name.StartsWith("ldelem", StringComparison.Ordinal) || name.StartsWith("stelem", StringComparison.Ordinal) =>
                ("an element of an array", ArrayRemedy),
            _ when name.Contains(".ovf", StringComparison.Ordinal) =>
                ("checked arithmetic", "It needs exceptions: use unchecked."),
            _ => ($"the IL instruction '{name}'", "Use the kernel language only: numbers, structs, views."),
        };
        return Unsupported(construct, remedy);
    }

    private const string ArrayRemedy = "Arrays are classes: use an ArrayView, or SharedMemory.Allocate and LocalMemory.Allocate.";

    private const string StringRemedy = "There are no strings in a kernel; only CudaAsm takes one, a constant.";

    private const string DelegateRemedy = "Call the method by name, or through a generic struct parameter.";

    private static (string Construct, string Remedy) StaticField(FieldInfo field, bool changed)
    {
        string name = $"'{TypeNames.Of(field.DeclaringType!)}.{field.Name}'";
        if (field.DeclaringType!.Name.StartsWith("<>", StringComparison.Ordinal)) return ("a delegate or lambda", DelegateRemedy);
        if (field.DeclaringType.Name.StartsWith("<Private", StringComparison.Ordinal))
            return ("a table of constants", "Pass it as a view.");
        if (changed) return ($"a change of the static field {name}", "A kernel cannot change static fields: write to a view.");
        return ($"the static field {name}", "Only const and static readonly numbers are constants; pass others as parameters.");
    }

    private KernelCompileException Throw() =>
        Unsupported("throw", "A kernel has no exceptions: write a value that the host can check.");

    // Whether what is being made here is made to be thrown: the message would otherwise be about its string.
    private bool LeadsToThrow()
    {
        for (int i = current; i < source.Instructions.Length; i++)
        {
            IlInstruction il = source.Instructions[i];
            if (il.OpCode == OpCodes.Throw || il.OpCode == OpCodes.Rethrow) return true;
            if (il.EndsBlock) return false;
        }
        return false;
    }

    // The members that are known of a type of the framework, for the message about one that is not.
    private static string Alternatives(Type type)
    {
        if (type == typeof(Math) || type == typeof(MathF)) return Intrinsics.NumberFunctions;
        if (type == typeof(string)) return StringRemedy;
        if (type == typeof(Volatile) || type == typeof(Interlocked)) return "Use Atomic, MemoryFence and barriers.";
        return "The kernel language has no such member; Kernels/README.md lists those it has.";
    }
}
