namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Refs to variables that hold views, whose slot may be several variables here (see <see cref="LocalWebs"/>): a ref
/// would go on to mean the view that was there when it was made.</summary>
internal sealed partial class IlTranslator
{
    // An address that waits on the stack while another view is stored: v[(v = w).IntLength - 1].
    private void RefuseStoreUnderAddress(int web)
    {
        foreach (Operand entry in stack)
            if (entry is StorageOperand { Merged: false } address)
                for (int other = 0; other < locals.Length; other++)
                    if (IsSameVariable(web, other) && locals[other] is { } storage && storage.Holds(address.Storage))
                        throw StoreUnderReference(web);
    }

    // A ref variable that stands for what another view is stored to later on.
    private void RefuseStoresUnderReferences()
    {
        for (int web = 0; web < locals.Length; web++)
        {
            if (locals[web] is not { IsReferredTo: true }) continue;
            for (int other = 0; other < locals.Length; other++)
                if (IsSameVariable(web, other))
                    foreach (int store in source.Locals.Webs[other].Stores)
                        if (source.Locals.Webs[web].Accesses.Any(a => IsAddress(a) && source.LeadsTo(a, store)))
                        {
                            code.Location = source.Location(source.Instructions[store].Offset, callSite);
                            throw StoreUnderReference(other);
                        }
        }
    }

    private bool IsAddress(int instruction) =>
        source.Instructions[instruction].OpCode.Name!.StartsWith("ldloca", StringComparison.Ordinal);

    private bool IsSameVariable(int web, int other) => web != other
        && source.Locals.Webs[web].Slot == source.Locals.Webs[other].Slot && source.LocalNames[web] == source.LocalNames[other];

    private KernelCompileException StoreUnderReference(int web) =>
        Unsupported($"a store to '{source.LocalNames[web]}', which holds a view, after a ref was made to it",
            "Use the variable itself, or another variable for the other view.");
}
