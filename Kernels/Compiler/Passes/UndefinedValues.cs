using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Passes;

/// <summary>Values that may be none, because a phi they come from has an input that was never set.</summary>
internal static class UndefinedValues
{
    /// <summary>The results of such phis.</summary>
    public static HashSet<Value> Of(Kernel kernel)
    {
        HashSet<Value> undefined = [];
        for (int before = -1; before != undefined.Count;)
        {
            before = undefined.Count;
            foreach (Phi phi in kernel.Blocks.SelectMany(b => b.Phis))
                if (phi.Inputs.Any(v => v is Undefined || undefined.Contains(v))) undefined.Add(phi.Result);
        }
        return undefined;
    }
}
