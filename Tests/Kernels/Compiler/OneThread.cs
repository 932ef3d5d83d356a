using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler;

/// <summary>Compiles a kernel, with every pass verified, and runs one thread of it on arrays of the host.</summary>
internal static class OneThread
{
    /// <summary>Runs it; arrays hold afterwards what the thread wrote.</summary>
    /// <param name="kernel">A static method.</param>
    /// <param name="arguments">An array for each view, a number for each number.</param>
    /// <returns>The compiled kernel.</returns>
    public static Kernel Run(Delegate kernel, params object[] arguments)
    {
        Kernel compiled = VerifiedCompilation.Compile(kernel);
        Run(compiled, arguments);
        return compiled;
    }

    /// <summary>Runs a compiled kernel.</summary>
    public static void Run(Kernel compiled, params object[] arguments)
    {
        IrEvaluator evaluator = new(compiled) { RoundTwice = true, DynamicBytes = 64 };
        evaluator.Special[SpecialRegister.GroupSizeX] = 4;
        evaluator.Special[SpecialRegister.GroupX] = 2;
        evaluator.Special[SpecialRegister.ThreadX] = 3;
        List<long> scalars = [];
        List<(Array Array, byte[] Memory)> views = [];
        foreach (object argument in arguments)
            switch (argument)
            {
                case Array array:
                    byte[] memory = Bytes(array).ToArray();
                    views.Add((array, memory));
                    scalars.Add(evaluator.Add(memory));
                    scalars.Add(array.Length);
                    break;
                case float number:
                    scalars.Add(BitConverter.SingleToInt32Bits(number));
                    break;
                case bool truth:
                    scalars.Add(truth ? 1 : 0);
                    break;
                default:
                    scalars.Add(Convert.ToInt64(argument, null));
                    break;
            }
        evaluator.Run([.. scalars]);
        foreach ((Array array, byte[] memory) in views) memory.CopyTo(Bytes(array));
    }

    private static Span<byte> Bytes(Array array)
    {
        int size = Marshal.SizeOf(array.GetType().GetElementType()!);
        return MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * size);
    }
}
