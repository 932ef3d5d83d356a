using System.Collections.Concurrent;
using System.Reflection;
using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;
using GatysGpu.Kernels.Compiler.Simt;

namespace GatysGpu.Tests.Kernels.Gpu;

/// <summary>Runs kernels on the checker, every array between guard zones.</summary>
/// <remarks><see cref="Run"/> runs a launch twice from the same memory and fails when a byte changed that no output holds, or when the
/// second run gives other bits than the first.</remarks>
internal sealed class KernelBench : IDisposable
{
    private const int GuardBytes = 256;
    private const byte Guard = 0xA5;
    private static readonly ConcurrentDictionary<MethodInfo, Kernel> Compiled = new();
    private readonly Context context = Context.Create(builder =>
    {
        builder.CPU();
        // One kernel runs in many cases: it is compiled once for all of them.
        builder.Compiler = (method, _, _) => Compiled.GetOrAdd(method, m => KernelCompiler.Compile(m));
    });
    private readonly List<Block> blocks = [];

    public KernelBench() => Accelerator = context.CreateCPUAccelerator(0);

    public SimtAccelerator Accelerator { get; }

    /// <summary>An array that kernels may only read.</summary>
    public ArrayView<T> Input<T>(T[] values) where T : unmanaged => Add(values, output: false).View<T>();

    /// <summary>An array that kernels write; it holds these values before each run.</summary>
    public Output<T> Output<T>(T[] before) where T : unmanaged => new(Add(before, output: true), before.Length);

    /// <summary>Floats that kernels write; they hold NaN before each run.</summary>
    public Output<float> Output(int length) => Output(Enumerable.Repeat(float.NaN, length).ToArray());

    public void Run(Action launch)
    {
        foreach (Block block in blocks) block.Restore();
        launch();
        byte[][] first = [.. blocks.Select(b => b.Read())];
        foreach (Block block in blocks) block.Restore();
        Accelerator.ResetCounters();
        launch();
        for (int i = 0; i < blocks.Count; i++)
        {
            byte[] second = blocks[i].Read();
            Assert.That(second.AsSpan().SequenceEqual(first[i]), $"the second run gave other bits in array {i}");
            blocks[i].AssertUntouched(second, $"array {i}");
        }
    }

    /// <summary>What the last run counted in one of its launches, all kernels added up.</summary>
    public SimtCounters Counted()
    {
        SimtCounters sum = new();
        foreach (SimtCounters counters in Accelerator.Counters.Values) sum.Add(counters);
        return sum;
    }

    public void Dispose()
    {
        foreach (Block block in blocks) block.Dispose();
        Accelerator.Dispose();
        context.Dispose();
    }

    private Block Add<T>(T[] values, bool output) where T : unmanaged
    {
        Block block = new(Accelerator, MemoryMarshal.AsBytes<T>(values).ToArray(), output);
        blocks.Add(block);
        return block;
    }

    /// <summary>One array and its guards.</summary>
    internal sealed class Block : IDisposable
    {
        private readonly MemoryBuffer1D<byte, Stride1D.Dense> buffer;
        private readonly byte[] initial;
        private readonly int length;
        private readonly bool output;

        public Block(Accelerator accelerator, byte[] values, bool output)
        {
            (length, this.output) = (values.Length, output);
            initial = new byte[GuardBytes + (length + 15) / 16 * 16 + GuardBytes];
            Array.Fill(initial, Guard);
            values.CopyTo(initial, GuardBytes);
            buffer = accelerator.Allocate1D<byte>(initial.Length);
        }

        public ArrayView<T> View<T>() where T : unmanaged => buffer.View.BaseView.SubView(GuardBytes, length).Cast<T>();

        public void Restore() => buffer.CopyFromCPU(initial);

        public byte[] Read()
        {
            byte[] bytes = new byte[initial.Length];
            buffer.CopyToCPU(bytes);
            return bytes;
        }

        public ReadOnlySpan<byte> Values(byte[] bytes) => bytes.AsSpan(GuardBytes, length);

        public void AssertUntouched(byte[] bytes, string name)
        {
            for (int i = 0; i < bytes.Length; i++)
                if (bytes[i] != initial[i] && !(output && i >= GuardBytes && i < GuardBytes + length))
                    Assert.Fail($"{name}: byte {i - GuardBytes} of {length} changed, which is no output");
        }

        public void Dispose() => buffer.Dispose();
    }
}

/// <summary>An array that kernels write.</summary>
internal sealed class Output<T>(KernelBench.Block block, int length) where T : unmanaged
{
    public ArrayView<T> View => length == 0 ? default : block.View<T>();

    public T[] Read() => MemoryMarshal.Cast<byte, T>(block.Values(block.Read())).ToArray();
}
