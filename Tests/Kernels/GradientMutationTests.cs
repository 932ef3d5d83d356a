using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;
using GatysGpu.Kernels.Devices.Gpu;
using GatysGpu.Kernels.GradientChecks;

namespace GatysGpu.Tests.Kernels;

/// <summary>Proves that the gradient checks can fail: kernels are changed after compiling, one instruction at a time, and each change must
/// be noticed, by the checker or by a wrong gradient.</summary>
public class GradientMutationTests
{
    [Test]
    public void FlippedSign_InTotalVariation_IsCaught() =>
        EachIsCaught("TotalVariation", "TotalVariationGpu_Partials", i => i.Opcode == Opcode.Subtract && i.Result.Type == IrType.Float32,
            (kernel, at) => Put(kernel, at, Opcode.Add, null, at.Operands), atLeast: 5);

    [Test]
    public void BorderOffByOne_InTotalVariation_IsCaught() =>
        EachIsCaught("TotalVariation", "TotalVariationGpu_Partials",
            i => i is { Opcode: Opcode.Compare, Payload: Comparison.Less or Comparison.GreaterOrEqual } && IsExtent(i.Operands[1]),
            (kernel, at) => Put(kernel, at, Opcode.Compare,
                at.Payload is Comparison.Less ? Comparison.LessOrEqual : Comparison.Greater, at.Operands), atLeast: 4);

    [TestCase("Conv3x3BackwardInput", "Conv3x3RegisterTile_BackwardInput")]
    [TestCase("PoolBackward", "Pool2x2BackwardGpu_Max")]
    [TestCase("PoolBackward", "Pool2x2BackwardGpu_Average")]
    [TestCase("ReluBackward", "ReluBackwardGpu_Mask")]
    [TestCase("ReluBackward", "ReluBackwardGpu_MaskFours")]
    public void DroppedMask_IsCaught(string operation, string kernelName) =>
        EachIsCaught(operation, kernelName, i => i is { Opcode: Opcode.Load, Payload: MemoryAccess { Type: MemoryType.UInt8 } } && ReadsParameter(i.Operands[0], "its"),
            (kernel, at) => Replace(kernel, at.Result, Constant.Of(0xff)), atLeast: 1, together: true);

    [TestCase("Conv3x3BackwardInput", "Conv3x3RegisterTile_BackwardInput")]
    [TestCase("GramBackward", "GramRegisterTile_Forward")]
    [TestCase("GramBackward", "GramBackwardRegisterTile_Backward")]
    public void MissingBarrier_IsCaught(string operation, string kernelName) =>
        EachIsCaught(operation, kernelName, i => i.Opcode == Opcode.Barrier, Remove, atLeast: 2);

    [Test]
    public void FiltersInTheWrongOrder_AreCaught() =>
        EachIsCaught("Conv3x3BackwardInput", "Conv3x3RegisterTile_BackwardInput",
            i => i is { Opcode: Opcode.ElementAddress } && ReadsParameter(i.Result, "filters"), Reverse, atLeast: 1, together: true);

    // Plants a fault at every place that matches, one after the other or all together, and runs the operation's checks.
    private static void EachIsCaught(string operation, string kernelName, Func<Instruction, bool> place, Action<Kernel, Instruction> fault, int atLeast,
        bool together = false)
    {
        int places = 1;
        for (int n = 0; n < places; n++)
        {
            int found = 0;
            using Context context = Context.Create(builder => builder.CPU());
            SimtAccelerator accelerator = (SimtAccelerator)context.CreateCPUAccelerator(0);
            accelerator.Loading = kernel =>
            {
                if (!kernel.Name.StartsWith(kernelName, StringComparison.Ordinal)) return;
                Instruction[] matching = [.. kernel.Blocks.SelectMany(b => b.Instructions).Where(place)];
                found = Math.Max(found, matching.Length);
                foreach (Instruction at in together ? matching : matching.Skip(n).Take(1)) fault(kernel, at);
                kernel.Renumber();
            };
            using GpuDevice device = new(accelerator, GpuPrecision.Fp32);
            string? caught = Caught(device, operation);
            if (n == 0)
            {
                Assert.That(found, Is.AtLeast(atLeast), $"places for the fault in {kernelName}");
                places = together ? 1 : found;
            }
            TestContext.Out.WriteLine($"fault {n + 1} of {places}: {caught ?? "not caught"}");
            Assert.That(caught, Is.Not.Null, $"{kernelName}: fault {n + 1} of {places} was not caught");
        }
    }

    private static string? Caught(GpuDevice device, string operation)
    {
        try
        {
            return GradientSuite.Run(device, operation).FirstOrDefault(r => !r.Passed)?.ToString();
        }
        catch (KernelFaultException e)
        {
            return e.Message;
        }
    }

    // ---- changes of a kernel ------------------------------------------------------------------------------------------------------

    private static void Put(Kernel kernel, Instruction old, Opcode opcode, object? payload, Value[] operands)
    {
        Instruction made = new(opcode, payload, old.Location, operands);
        Register result = made.AddResult(old.Result.Type, old.Result.Name);
        Block block = kernel.Blocks.Single(b => b.Instructions.Contains(old));
        block.Instructions[block.Instructions.IndexOf(old)] = made;
        Replace(kernel, old.Result, result);
    }

    private static void Remove(Kernel kernel, Instruction old) => kernel.Blocks.Single(b => b.Instructions.Contains(old)).Instructions.Remove(old);

    private static void Replace(Kernel kernel, Register old, Value value)
    {
        foreach (Block block in kernel.Blocks)
        {
            foreach (Phi phi in block.Phis)
                for (int i = 0; i < phi.Inputs.Count; i++)
                    if (phi.Inputs[i] == old) phi.Inputs[i] = value;
            foreach (Instruction instruction in block.Instructions)
                for (int i = 0; i < instruction.Operands.Length; i++)
                    if (instruction.Operands[i] == old) instruction.Operands[i] = value;
        }
    }

    // Element i becomes element n − 1 − i.
    private static void Reverse(Kernel kernel, Instruction address)
    {
        Block block = kernel.Blocks.Single(b => b.Instructions.Contains(address));
        int at = block.Instructions.IndexOf(address);
        Value index = address.Operands[1], length = address.Operands[2];
        Value wide = index.Type == IrType.Int64 ? index : Insert(Opcode.Convert, Conversion.Signed, index);
        Value last = Insert(Opcode.Subtract, null, length, Constant.Of(1L));
        address.Operands[1] = Insert(Opcode.Subtract, null, last, wide);

        Register Insert(Opcode opcode, object? payload, params Value[] operands)
        {
            Instruction made = new(opcode, payload, address.Location, operands);
            block.Instructions.Insert(at++, made);
            return made.AddResult(IrType.Int64);
        }
    }

    // The width, the height, or the fours of a row.
    private static bool IsExtent(Value value) => value is Parameter { Name: "width" or "height" }
        || value is Register { Definition: { Opcode: Opcode.ShiftRight, Operands: [var whole, Constant] } } && IsExtent(whole);

    // Whether an address lies in the view of a parameter whose name ends so (before the field).
    private static bool ReadsParameter(Value address, string name)
    {
        while (address is Register { Definition: { Operands.Length: > 0 } definition }) address = definition.Operands[0];
        return address is Parameter parameter && parameter.Name.EndsWith(name, StringComparison.OrdinalIgnoreCase);
    }
}
