using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GatysGpu.Kernels.Compiler;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

// What a kernel's arguments are as bytes, and which parameters are refused.
public class ArgumentMarshallingTests
{
    private const IrType I32 = IrType.Int32, I64 = IrType.Int64, F32 = IrType.Float32, F64 = IrType.Float64,
        Pointer = IrType.GlobalPointer;

    private enum Small : byte
    {
        Three = 3,
    }

    [Test]
    public void Arguments_IntegersBelow32Bits_AreExtendedByTheirSign()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, I32, I32, I32, I32, I32);
        a.LoadStreamKernel<sbyte, byte, short, ushort, bool, Small>(Narrow)((1, 32), -2, 254, -3, 65533, true, Small.Three);
        AssertBytes(a, -2, 254, -3, 65533, 1, 3);
    }

    [Test]
    public void Arguments_ScalarsOf8Bytes_LieAtMultiplesOf8()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, I64, F32, F64, I32, I64);
        a.LoadStreamKernel<int, long, float, double, uint, ulong>(Wide)(
            (1, 32), -1, long.MinValue + 5, 1.5f, -0.1, uint.MaxValue, ulong.MaxValue - 1);
        AssertBytes(a, -1, 0, long.MinValue + 5, BitConverter.SingleToInt32Bits(1.5f), 0, BitConverter.DoubleToInt64Bits(-0.1),
            -1, 0, -2L);
    }

    [Test]
    public void Arguments_FloatNaN_KeepsItsBits()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(F32);
        a.LoadStreamKernel<float>(OneFloat)((1, 32), BitConverter.Int32BitsToSingle(0x7FC12345));
        AssertBytes(a, 0x7FC12345);
    }

    [Test]
    public void Arguments_Views_ArePointerAndLength()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(Pointer, I64, I32, Pointer, I64);
        using MemoryBuffer1D<float, Stride1D.Dense> x = a.Allocate1D<float>(100), y = a.Allocate1D<float>(7);
        a.LoadStreamKernel<ArrayView<float>, int, ArrayView1D<float, Stride1D.Dense>>(TwoViews)(
            (1, 32), x.View.BaseView.SubView(3, 50), 9, y.View);
        AssertBytes(a, x.Address + 12, 50L, 9, 0, y.Address, 7L);
    }

    [Test]
    public void Arguments_CastView_HasTheOtherTypesLength()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(Pointer, I64);
        using MemoryBuffer1D<byte, Stride1D.Dense> x = a.Allocate1D<byte>(103);
        a.LoadStreamKernel<ArrayView<float>>(OneView)((1, 32), x.View.BaseView.SubView(4).Cast<float>());
        AssertBytes(a, x.Address + 4, 24L);
    }

    [Test]
    public void Arguments_EmptyView_IsNoPointerAndNoLength()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(Pointer, I64);
        a.LoadStreamKernel<ArrayView<float>>(OneView)((1, 32), default);
        AssertBytes(a, 0L, 0L);
    }

    [Test]
    public void Arguments_Indices_AreTheirCoordinates()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, I32, I32, I32, I32, I32);
        a.LoadStreamKernel<Index1D, Index2D, Index3D>(Indices)((1, 32), 1, new Index2D(2, 3), new Index3D(4, 5, 6));
        AssertBytes(a, 1, 2, 3, 4, 5, 6);
    }

    [Test]
    public void Arguments_Struct_IsItsFieldsInDeclarationOrder()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, I32, F64, I32, F32);
        a.LoadStreamKernel<Outer, float>(Structs)((1, 32), new Outer(7, new Inner(-1, 2.5), true), 3f);
        AssertBytes(a, 7, -1, BitConverter.DoubleToInt64Bits(2.5), 1, BitConverter.SingleToInt32Bits(3f));
    }

    [Test]
    public void Arguments_StructWithViews_HasThemInDeclarationOrder()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, Pointer, I64, I32, Pointer, I64, I32);
        using MemoryBuffer1D<float, Stride1D.Dense> x = a.Allocate1D<float>(10);
        using MemoryBuffer1D<byte, Stride1D.Dense> y = a.Allocate1D<byte>(20);
        a.LoadStreamKernel<Tensor, int>(StructWithViews)((1, 32), new Tensor(5, x.View, 6, y.View), 8);
        AssertBytes(a, 5, 0, x.Address, 10L, 6, 0, y.Address, 20L, 8);
    }

    [Test]
    public void Arguments_Half_IsItsBits()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32);
        a.LoadStreamKernel<GatysGpu.Kernels.Compiler.Language.Half>(OneHalf)((1, 32),
            (GatysGpu.Kernels.Compiler.Language.Half)1f);
        AssertBytes(a, 0x3C00);
    }

    [Test]
    public void Arguments_FourteenParameters_AreAllThere()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create([.. Enumerable.Repeat(I32, 14)]);
        a.LoadStreamKernel<int, int, int, int, int, int, int, int, int, int, int, int, int, int>(Fourteen)(
            (1, 32), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14);
        AssertBytes(a, [.. Enumerable.Range(1, 14).Cast<object>()]);
    }

    [Test]
    public void Arguments_LieWhereTheKernelSays()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, Pointer, I64, I32, Pointer, I64, I32);
        a.LoadStreamKernel<Tensor, int>(StructWithViews)((1, 32), default, 8);
        Assert.That(a.Launched!.ArgumentOffsets, Is.EqualTo(new[] { 0, 8, 16, 24, 32, 40, 48 }));
        Assert.That(a.ArgumentBytes, Is.EqualTo(52));
        Assert.That(BinaryPrimitives.ReadInt32LittleEndian(a.Arguments.AsSpan(48)), Is.EqualTo(8));
    }

    [Test]
    public void Arguments_KernelWithOtherScalars_IsRefusedWithBothLists()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(I32, F32);
        Action<KernelConfig, int, int> launch = a.LoadStreamKernel<int, int>(TwoInts);
        Assert.That(() => launch((1, 32), 1, 2), Throws.TypeOf<InvalidOperationException>()
            .With.Message.Contains("takes [Int32, Float32], the launch gives [Int32, Int32]"));
    }

    [Test]
    public void Arguments_BoolScalarOfTheKernel_IsPassedAsInt32()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create(IrType.Bool);
        a.LoadStreamKernel<bool>(OneBool)((1, 32), true);
        AssertBytes(a, 1);
    }

    [Test]
    public void LoadKernel_ParameterThatCannotBePassed_NamesItAndItsType()
    {
        using RecordingAccelerator a = RecordingAccelerator.Create();
        AssertRefused(() => a.LoadStreamKernel<WithText>(TakesText), "parameter 'text' has or contains a String");
        AssertRefused(() => a.LoadStreamKernel<decimal>(TakesDecimal), "parameter 'money' has or contains a Decimal");
        AssertRefused(() => a.LoadStreamKernel<nint>(TakesPointer), "parameter 'pointer' has or contains a IntPtr");
        AssertRefused(() => a.LoadStreamKernel<Union>(TakesUnion), "parameter 'union' has or contains a Union");
        AssertRefused(() => a.LoadStreamKernel<Eight>(TakesInlineArray), "parameter 'eight' has or contains a Eight");
        AssertRefused(() => a.LoadStreamKernel<Fixed>(TakesFixed),
            "parameter 'buffer' has or contains the fixed-size buffer Fixed.Numbers");
        AssertRefused(() => a.LoadStreamKernel<Constants>(TakesConstants),
            "parameter 'constants' has or contains a SpecializedValue<Int32> in a struct");
    }

    private static void AssertRefused(Action load, string message) =>
        Assert.That(() => load(), Throws.TypeOf<KernelCompileException>().With.Message.Contains(message));

    /// <summary>Compares the buffer with ints and longs, each at the place that follows.</summary>
    private static void AssertBytes(RecordingAccelerator a, params object[] expected)
    {
        List<byte> bytes = [];
        foreach (object value in expected)
            bytes.AddRange(value is int i ? BitConverter.GetBytes(i) : BitConverter.GetBytes((long)value));
        Assert.That(a.Arguments.AsSpan(0, a.ArgumentBytes).ToArray(), Is.EqualTo(bytes.ToArray()));
    }

    private static void Narrow(sbyte a, byte b, short c, ushort d, bool e, Small f)
    {
    }

    private static void Wide(int a, long b, float c, double d, uint e, ulong f)
    {
    }

    private static void OneFloat(float a)
    {
    }

    private static void OneBool(bool a)
    {
    }

    private static void OneHalf(GatysGpu.Kernels.Compiler.Language.Half a)
    {
    }

    private static void OneView(ArrayView<float> a)
    {
    }

    private static void TwoViews(ArrayView<float> a, int b, ArrayView1D<float, Stride1D.Dense> c)
    {
    }

    private static void Indices(Index1D a, Index2D b, Index3D c)
    {
    }

    private static void Structs(Outer a, float b)
    {
    }

    private static void StructWithViews(Tensor a, int b)
    {
    }

    private static void TwoInts(int a, int b)
    {
    }

    private static void Fourteen(
        int a, int b, int c, int d, int e, int f, int g, int h, int i, int j, int k, int l, int m, int n)
    {
    }

    private static void TakesText(WithText text)
    {
    }

    private static void TakesDecimal(decimal money)
    {
    }

    private static void TakesPointer(nint pointer)
    {
    }

    private static void TakesUnion(Union union)
    {
    }

    private static void TakesInlineArray(Eight eight)
    {
    }

    private static void TakesFixed(Fixed buffer)
    {
    }

    private static void TakesConstants(Constants constants)
    {
    }

    private readonly record struct Inner(int A, double B);

    private readonly record struct Outer(byte A, Inner B, bool C);

    private readonly record struct Tensor(int A, ArrayView<float> B, int C, ArrayView1D<byte, Stride1D.Dense> D);

    private readonly record struct WithText(string Text);

    private readonly record struct Constants(SpecializedValue<int> Value);

    [StructLayout(LayoutKind.Explicit)]
    private struct Union
    {
        [FieldOffset(0)]
        public int A;

        [FieldOffset(0)]
        public float B;
    }

    [InlineArray(8)]
    private struct Eight
    {
        private int first;
    }

    private unsafe struct Fixed
    {
        public fixed int Numbers[8];
    }
}
