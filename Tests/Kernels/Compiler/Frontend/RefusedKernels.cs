using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

#pragma warning disable CA1822, CS0649, CS8500

/// <summary>What a kernel must not say: each is refused at its line.</summary>
internal unsafe partial class RefusedKernels
{
    private static int mutable;
    private static readonly string Text = "text";
    private static readonly int Failing = int.Parse("no number", null);

    internal class Box
    {
        public int Value;

        public virtual int Get() => Value;
    }

    private interface IShape
    {
        int Area(int x);
    }

    private struct Square : IShape
    {
        public readonly int Area(int x) => x * x;
    }

    [StructLayout(LayoutKind.Explicit)]
    internal struct Union
    {
        [FieldOffset(0)]
        public float Number;

        [FieldOffset(0)]
        public int Bits;
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    internal struct Packed
    {
        public byte A;
        public int B;
    }

    [System.Runtime.CompilerServices.InlineArray(4)]
    private struct Inline
    {
        private int element;
    }

    internal record struct Pair(int X, int Y);

    [Refused("throw", "no exceptions", after: 4)]
    public static void Throws(ArrayView<int> x)
    {
        if (x.IntLength == 0)
            throw new InvalidOperationException("a message");
        x[0] = 1;
    }

    [Refused("try", "no exceptions")]
    public static void Tries(ArrayView<int> x)
    {
        try { x[0] = 1; } finally { x[1] = 1; }
    }

    [Refused("a new array", "ArrayView")]
    public static void NewArray(ArrayView<int> x)
    {
        int[] a = new int[x.IntLength];
        x[0] = a[0];
    }

    [Refused("a string", "no strings")]
    public static void Strings(ArrayView<int> x)
    {
        x[0] = "text".Length;
    }

    [Refused("new Box", "no objects")]
    public static void Classes(ArrayView<int> x)
    {
        x[0] = new Box().Get();
    }

    [Refused("boxing", "generics")]
    public static void Boxes(ArrayView<int> x)
    {
        x[0] = ((IShape)default(Square)).Area(x[0]);
    }

    [Refused("calls itself", "loop")]
    public static void Recursion(ArrayView<int> x)
    {
        x[0] = Factorial(x[0]);
    }

    [Refused("calls itself", "loop", after: 4)]
    public static void MutualRecursion(ArrayView<int> x)
    {
        x[1] = 0;
        x[0] = Even(x[0]) ? 1 : 0;
    }

    [Refused("a delegate or lambda", "by name")]
    public static void Lambdas(ArrayView<int> x)
    {
        Func<int, int> twice = a => 2 * a;
        x[0] = twice(x[0]);
    }

    [Refused("the parameter 'f' of type Func<int, int>", "views", after: 1)]
    public static void DelegateParameter(ArrayView<int> x, Func<int, int> f) => x[0] = f(1);

    [Refused("function pointer", "by name")]
    public static void FunctionPointers(ArrayView<int> x)
    {
        delegate*<int, int> f = &Factorial;
        x[0] = f(1);
    }

    [Refused("the static field 'RefusedKernels.mutable'", "parameters")]
    public static void ReadsMutableStatic(ArrayView<int> x)
    {
        x[0] = mutable;
    }

    [Refused("a change of the static field 'RefusedKernels.mutable'", "view")]
    public static void WritesStatic(ArrayView<int> x)
    {
        mutable = x[0];
    }

    [Refused("the static field 'RefusedKernels.Text'", "numbers")]
    public static void StaticString(ArrayView<int> x)
    {
        x[0] = Text.Length;
    }

    [Refused("'Failing', whose initialiser fails", "const")]
    public static void StaticThatFails(ArrayView<int> x)
    {
        x[0] = FailingHolder.Failing;
    }

    [Refused("checked arithmetic", "unchecked")]
    public static void Checked(ArrayView<int> x)
    {
        x[0] = checked(x[0] + 1);
    }

    [Refused("checked arithmetic", "unchecked")]
    public static void CheckedConversion(ArrayView<byte> x, int a)
    {
        x[0] = checked((byte)a);
    }

    [Refused("the parameter 'p' of type int*, an unsafe pointer", "view", after: 1)]
    public static void PointerParameter(int* p) => *p = 1;

    [Refused("as a number", "ref", after: 4)]
    public static void AddressOfLocal(ArrayView<int> x)
    {
        int a = 3;
        int* p = &a;
        x[0] = *p;
    }

    [Refused("stackalloc", "LocalMemory")]
    public static void StackAlloc(ArrayView<int> x)
    {
        int* p = stackalloc int[4];
        x[0] = p[1];
    }

    [Refused("refers to one variable at one place and to another elsewhere", "one variable", after: 6)]
    public static void RefToTwoVariables(ArrayView<int> x)
    {
        int a = 1;
        int b = 2;
        ref int r = ref a;
        if (x[0] > 0) r = ref b;
        r = 5;
        x[0] = a + b;
    }

    [Refused("the addresses of two variables", "Choose between values", after: 5)]
    public static void ChoiceOfRefs(ArrayView<int> x)
    {
        int a = 1;
        int b = 2;
        ref int r = ref x[0] > 0 ? ref a : ref b;
        r = 5;
        x[0] = a + b;
    }

    [Refused("an address in global memory at one place and an address in shared memory at another", "one kind", after: 5)]
    public static void ViewInTwoMemories(ArrayView<int> x)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(4);
        ArrayView<int> view = x;
        if (x[0] > 0) view = shared;
        view[0] = 5;
    }

    [Refused("extent is not a positive constant", "GetDynamic")]
    public static void SharedExtent(ArrayView<int> x)
    {
        ArrayView<int> shared = SharedMemory.Allocate<int>(x.IntLength);
        shared[0] = 1;
        x[0] = shared[0];
    }

    [Refused("extent is not a positive constant", "const")]
    public static void NegativeExtent(ArrayView<int> x)
    {
        x[0] = LocalMemory.Allocate<int>(-1)[0];
    }

    [Refused("8589934588 bytes in shared memory", "global memory")]
    public static void HugeExtent(ArrayView<int> x)
    {
        x[0] = SharedMemory.Allocate<int>(int.MaxValue)[0];
    }

    [Refused("the parameter 'a', a reference", "view", after: 1)]
    public static void ReferenceParameter(ref int a) => a = 1;

    [Refused("the parameter 'a' of type int[], which is not a value", "views", after: 1)]
    public static void ArrayParameter(int[] a) => a[0] = 1;

    [Refused("the parameter 'box' of type Box, which is not a value", "views", after: 1)]
    public static void ClassParameter(ArrayView<int> x, Box box) => x[0] = box.Value;

    [Refused("the parameter 'u' of type Union, a struct whose fields may overlap", "sequential", after: 1)]
    public static void UnionParameter(ArrayView<int> x, Union u) => x[0] = u.Bits;

    [Refused("which is not a value", "numbers", after: 1)]
    public static void StructWithString(ArrayView<int> x, (int, string) pair) => x[0] = pair.Item1;

    [Refused("a kernel that returns a int", "void", after: 1)]
    public static int Returns(ArrayView<int> x) => x[0];

    [Refused("an instance method or lambda", "static method", after: 1)]
    public void Instance(ArrayView<int> x) => x[0] = 1;

    [Refused("'u' is of type Union, a struct whose fields may overlap", "sequential")]
    public static void UnionVariable(ArrayView<int> x)
    {
        Union u = default;
        u.Number = 1;
        x[0] = u.Bits;
    }

    [Refused("Union in memory", "sequential")]
    public static void UnionInMemory(ArrayView<Union> x)
    {
        x[0] = x[1];
    }

    [Refused("Packed, a struct with a layout of its own", "sequential")]
    public static void PackedInMemory(ArrayView<Packed> x)
    {
        x[0].B = 1;
    }

    [Refused("an inline array", "LocalMemory")]
    public static void InlineArrays(ArrayView<int> x)
    {
        Inline a = default;
        x[0] = a[2];
    }
}
