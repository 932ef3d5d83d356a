using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>The kernel language: views, structs in memory, shared and local arrays, references.</summary>
internal sealed partial class LanguageTests
{
    private record struct Float4(float X, float Y, float Z, float W);

    private record struct Float2(float X, float Y);

    private record struct Mixed(byte Small, Float2 Two, short Middle, double Wide);

    [Test]
    public void Views_OfEveryWidth_AreReadAndWrittenWithTheirSign()
    {
        sbyte[] i8 = [-1, 100];
        byte[] u8 = [255, 7];
        short[] i16 = [-2, 100];
        ushort[] u16 = [65535, 7];
        long[] i64 = [0, long.MinValue];
        OneThread.Run(Widths, i8, u8, i16, u16, i64);
        Assert.That(i64[0], Is.EqualTo(-1 + 255 - 2 + 65535 + long.MinValue));
        Assert.That((i8[1], u8[1], i16[1], u16[1]),
            Is.EqualTo(((sbyte)(100 * 3 - 256), (byte)(7 * 40 - 256), unchecked((short)(100 * 1000)),
            unchecked((ushort)(7 * 10000)))));
    }

    private static void Widths(ArrayView<sbyte> a, ArrayView<byte> b, ArrayView<short> c, ArrayView<ushort> d, ArrayView<long> e)
    {
        e[0] = a[0] + b[0] + c[0] + d[0] + e[1];
        a[1] *= 3;
        b[1] *= 40;
        c[1] = (short)(c[1] * 1000);
        d[1] = (ushort)(d[1] * 10000);
    }

    [Test]
    public void Structs_InMemory_LieAsInCSharp()
    {
        Mixed[] mixed = [new(3, new(1, 2), -4, 5), default];
        Kernel kernel = OneThread.Run(CopyMixed, mixed);
        Assert.That(mixed[1], Is.EqualTo(new Mixed(4, new(2, 1), -8, 2.5)));
        Assert.That(kernel.Blocks[0].Instructions.Count(i => i.Payload is MemoryAccess { Count: > 1 }), Is.Zero,
            "a pair at offset 4 is not aligned to 8");
    }

    private static void CopyMixed(ArrayView<Mixed> x)
    {
        Mixed value = x[0];
        value.Small++;
        value.Two = new Float2(value.Two.Y, value.Two.X);
        x[1] = value;
        x[1].Middle *= 2;
        x[1].Wide /= 2;
    }

    [Test]
    public void VectorStructs_AreMovedAtOnce()
    {
        float[] x = [1, 2, 3, 4, 5, 6, 7, 8];
        Kernel kernel = OneThread.Run(Vectors, x);
        Assert.That(x, Is.EqualTo(new float[] { 5, 6, 7, 8, 8, 7, 6, 5 }));
        Assert.That(kernel.Blocks[0].Instructions.Where(i =>
            i.Opcode is Opcode.Load or Opcode.Store).Select(i => ((MemoryAccess)i.Payload!).Count),
            Is.EqualTo(new[] { 4, 4, 4 }));
    }

    private static void Vectors(ArrayView<float> x)
    {
        ArrayView<Float4> vectors = x.Cast<Float4>();
        Float4 v = vectors[1];
        vectors[0] = v;
        vectors[vectors.IntLength - 1] = new Float4(v.W, v.Z, v.Y, v.X);
    }

    [Test]
    public void Parts_AndLengths()
    {
        int[] x = [0, 0, 0, 0, 0, 0, 0, 0];
        OneThread.Run(Parts, x);
        Assert.That(x, Is.EqualTo(new[] { 8, 3, 5, 16, 2, 0, 9, 0 }));
    }

    private static void Parts(ArrayView<int> x)
    {
        x[0] = x.IntLength;
        ArrayView<int> part = x.SubView(1, 3);
        part[0] = (int)part.Length;
        ArrayView<int> rest = x.SubView(3L);
        part[1L] = rest.IntLength;
        part[part.IntLength - 1] = x.Cast<short>().IntLength;
        x.SubView(4, 2)[new Index1D(0)] = part.SubView(1, 2).IntLength;
        ArrayView<int> either = x[7] == 0 ? x.SubView(6, 1) : x;
        either[0] = 9;
    }

    [Test]
    public void LocalArrays_WithConstantIndices_AreRegisters()
    {
        float[] x = [1, 2, 3, 4, 5, 6, 7, 8];
        Kernel kernel = OneThread.Run(LocalArrays, x);
        Assert.That(x, Is.EqualTo(new float[] { 8, 14, 18, 20, 20, 18, 14, 8 }));
        Assert.That(kernel.Arrays, Is.Empty, () => IrPrinter.Print(kernel));
        Assert.That(kernel.Blocks, Has.Count.EqualTo(1));
    }

    private static void LocalArrays(ArrayView<float> x)
    {
        ArrayView<float> a = LocalMemory.Allocate<float>(8);
        ArrayView<Float4> vectors = a.Cast<Float4>();
        vectors[0] = x.Cast<Float4>()[0];
        vectors[1] = x.Cast<Float4>()[1];
        ArrayView<byte> factors = LocalMemory.Allocate<byte>(8);
        for (int i = 0; i < 8; i++) factors[i] = (byte)(264 - i);
        for (int i = 0; i < 8; i++) a[i] *= factors[i];
        Float4 last = vectors[1];
        x.Cast<Float4>()[0] = vectors[0];
        for (int i = 4; i < 8; i++) x[i] = a[i];
        x[4] = last.X;
    }

    [Test]
    public void LocalArray_WithAnIndexFromData_StaysInMemory()
    {
        int[] x = [2, 0, 0];
        Kernel kernel = OneThread.Run(IndexedByData, x);
        Assert.That(x, Is.EqualTo(new[] { 2, 20, 10 }));
        Assert.That(kernel.Arrays, Has.Count.EqualTo(1));
    }

    private static void IndexedByData(ArrayView<int> x)
    {
        ArrayView<int> a = LocalMemory.Allocate<int>(4);
        for (int i = 0; i < 4; i++) a[i] = i * 10;
        x[1] = a[x[0]];
        x[2] = a[x[0] - 1];
    }

    [Test]
    public void SharedMemory_OfEveryKind()
    {
        int[] x = [7, 0, 0];
        Kernel kernel = OneThread.Run(Shared, x);
        Assert.That(x, Is.EqualTo(new[] { 7, 7 + 8 + 9 + 10, 16 }));
        Assert.That(kernel.Arrays.Select(a => (a.Shared, a.Bytes, a.Dynamic)),
            Is.EquivalentTo(new[] { (true, 64, false), (true, 4, false), (true, 32, false), (true, 0, true) }));
    }

    private static void Shared(ArrayView<int> x)
    {
        ArrayView<int> array = SharedMemory.Allocate<int>(16);
        ref int one = ref SharedMemory.Allocate<int>();
        ArrayView1D<short, Stride1D.Dense> dense = SharedMemory.Allocate1D<short>(16);
        ArrayView<int> dynamic = SharedMemory.GetDynamic<int>();
        array[5] = x[0];
        one = x[0] + 1;
        dense[3] = (short)(x[0] + 2);
        dynamic[1] = x[0] + 3;
        Group.Barrier();
        x[1] = array[5] + one + dense[3] + dynamic[1];
        x[2] = dynamic.IntLength;
    }

    [Test]
    public void SpecializedValue_IsAConstant_AndNoParameter()
    {
        Kernel kernel =
            VerifiedCompilation.Compile(((Action<ArrayView<int>, SpecializedValue<int>>)Specialized).Method, new Dictionary<int,
            object> { [1] = 3 });
        Assert.That(kernel.Parameters.Select(p => p.Name), Is.EqualTo(new[] { "x", "x.length" }));
        Assert.That(kernel.Blocks, Has.Count.EqualTo(3), "the loops are written out");
        int[] x = [5, 6, 7, 0];
        OneThread.Run(kernel, x);
        Assert.That(x[3], Is.EqualTo(18));
        Assert.That(kernel.Arrays.Single().Bytes, Is.EqualTo(12), "its size is the value, behind a branch too");
    }

    private static void Specialized(ArrayView<int> x, SpecializedValue<int> count)
    {
        if (x.IntLength == 0) return;
        ArrayView<int> copy = SharedMemory.Allocate<int>(count);
        for (int i = 0; i < count; i++) copy[i] = x[i];
        for (int i = 0; i < count; i++) x[count] += copy[i];
    }

    [Test]
    public void AutoGroupedKernel_TakesTheIndexInTheLaunch()
    {
        Kernel kernel =
            VerifiedCompilation.Compile(((Action<Index1D, ArrayView<int>>)AutoGrouped).Method, null, autoGrouped: true);
        Assert.That(kernel.Parameters.Select(p => p.Name), Is.EqualTo(new[] { "extent", "x", "x.length" }));
        int[] x = new int[16];
        OneThread.Run(kernel, 12, x);
        Assert.That(x[11], Is.EqualTo(22), "thread 3 of group 2 of 4 threads");
        x[11] = 0;
        OneThread.Run(kernel, 11, x);
        Assert.That(x[11], Is.Zero, "beyond the extent");
    }

    private static void AutoGrouped(Index1D index, ArrayView<int> x) => x[index] = index * 2;

    [Test]
    public void Half_IsStoredIn16Bits_AndComputedIn32()
    {
        ushort[] bits = [BitConverter.HalfToUInt16Bits((System.Half)1.5f), 0];
        OneThread.Run(Halves, bits);
        Assert.That((float)BitConverter.UInt16BitsToHalf(bits[1]), Is.EqualTo(3.25f));
    }

    private static void Halves(ArrayView<ushort> bits)
    {
        ArrayView<GatysGpu.Kernels.Compiler.Language.Half> x = bits.Cast<GatysGpu.Kernels.Compiler.Language.Half>();
        x[1] = (GatysGpu.Kernels.Compiler.Language.Half)(x[0] * 2 + 0.25f);
    }

    [Test]
    public void VariablesThatShareASlot_MayBeInDifferentMemories()
    {
        float[] x = [1, 2, 3, 4];
        OneThread.Run(SharedSlots, x, true);
        Assert.That(x, Is.EqualTo(new float[] { 1, 3, 7, 4 }));
    }

    // In a release build the C# compiler keeps both views in one slot, and both references.
    private static void SharedSlots(ArrayView<float> x, bool all)
    {
        if (all)
        {
            ArrayView<float> one = SharedMemory.Allocate<float>(4);
            one[0] = x[0];
            ref float first = ref one[0];
            first += x[1];
            x[1] = one[0];
        }
        if (all)
        {
            ArrayView<float> two = x.SubView(2, 2);
            float local = two[0];
            ref float second = ref local;
            second += two[1];
            two[0] = local;
        }
    }

    [Test]
    public void ReferencesToElements_LiveInVariables_AndAreReturned()
    {
        int[] x = [1, 2, 3];
        OneThread.Run(References, x);
        Assert.That(x, Is.EqualTo(new[] { 3, 2, 13 }));
    }

    private static void References(ArrayView<int> x)
    {
        ref int largest = ref Largest(x);
        largest += 10;
        for (int i = 0; i < x[1]; i++)
        {
            ref int first = ref x[0];
            first++;
        }
    }

    private static ref int Largest(ArrayView<int> x)
    {
        ref int largest = ref x[0];
        for (int i = 1; i < x.IntLength; i++)
            if (x[i] > largest) largest = ref x[i];
        return ref largest;
    }
}
