using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GatysGpu.Kernels.Compiler.Ir;

using unsafe LaneStep = delegate*<byte*, GatysGpu.Kernels.Compiler.Simt.Step*, uint, GatysGpu.Kernels.Compiler.Simt.GroupRun,
    void>;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Conversions between the types of registers.</summary>
internal static unsafe class LaneConversions
{
    /// <summary>The method for a conversion from one type to another; none where there is no such conversion.</summary>
    internal static LaneStep Of(Conversion conversion, IrType from, IrType to) => (conversion, from, to) switch
    {
        (Conversion.Unsigned, IrType.Bool, _) => &TruthToInt,
        (Conversion.Signed, IrType.Int32, IrType.Int64) => &Widen,
        (Conversion.Unsigned, IrType.Int32, IrType.Int64) => &LaneRunners.Scalar<uint, long, Extend>,
        (Conversion.Signed, IrType.Int32, IrType.Float32) => &LaneRunners.Unary<int, IntToSingle>,
        (Conversion.Signed, IrType.Int32, IrType.Float64) => &LaneRunners.Scalar<int, double, IntToDouble>,
        (Conversion.Signed, IrType.Int64, IrType.Float32) => &LaneRunners.Scalar<long, float, LongToSingle>,
        (Conversion.Signed, IrType.Int64, IrType.Float64) => &LaneRunners.Scalar<long, double, LongToDouble>,
        (Conversion.Unsigned, IrType.Int32, IrType.Float32) => &LaneRunners.Scalar<uint, float, UIntToSingle>,
        (Conversion.Unsigned, IrType.Int32, IrType.Float64) => &LaneRunners.Scalar<uint, double, UIntToDouble>,
        (Conversion.Unsigned, IrType.Int64, IrType.Float32) => &LaneRunners.Scalar<ulong, float, ULongToSingle>,
        (Conversion.Unsigned, IrType.Int64, IrType.Float64) => &LaneRunners.Scalar<ulong, double, ULongToDouble>,
        (Conversion.Truncate, _, _) => &Narrow,
        (Conversion.FloatToSigned, IrType.Float32, IrType.Int32) => &LaneRunners.Scalar<float, int, SingleToInt>,
        (Conversion.FloatToSigned, IrType.Float32, IrType.Int64) => &LaneRunners.Scalar<float, long, SingleToLong>,
        (Conversion.FloatToSigned, IrType.Float64, IrType.Int32) => &LaneRunners.Scalar<double, int, DoubleToInt>,
        (Conversion.FloatToSigned, IrType.Float64, IrType.Int64) => &LaneRunners.Scalar<double, long, DoubleToLong>,
        (Conversion.FloatToUnsigned, IrType.Float32, IrType.Int32) => &LaneRunners.Scalar<float, uint, SingleToUInt>,
        (Conversion.FloatToUnsigned, IrType.Float32, IrType.Int64) => &LaneRunners.Scalar<float, ulong, SingleToULong>,
        (Conversion.FloatToUnsigned, IrType.Float64, IrType.Int32) => &LaneRunners.Scalar<double, uint, DoubleToUInt>,
        (Conversion.FloatToUnsigned, IrType.Float64, IrType.Int64) => &LaneRunners.Scalar<double, ulong, DoubleToULong>,
        (Conversion.Float, IrType.Float32, _) => &LaneRunners.Scalar<float, double, SingleToDouble>,
        (Conversion.Float, IrType.Float64, _) => &LaneRunners.Scalar<double, float, DoubleToSingle>,
        (Conversion.Bits, _, _) when from.Is64Bit() == to.Is64Bit() =>
            to.Is64Bit() ? &LaneRunners.Unary<long, Same<long>> : &LaneRunners.Unary<int, Same<int>>,
        (Conversion.Int8, _, _) => &LaneRunners.Unary<int, SignedByte>,
        (Conversion.UInt8, _, _) => &LaneRunners.Unary<int, UnsignedByte>,
        (Conversion.Int16, _, _) => &LaneRunners.Unary<int, SignedShort>,
        (Conversion.UInt16, _, _) => &LaneRunners.Unary<int, UnsignedShort>,
        (Conversion.HalfToFloat, _, _) => &LaneRunners.Scalar<int, float, HalfToSingle>,
        (Conversion.FloatToHalf, _, _) => &LaneRunners.Scalar<float, int, SingleToHalf>,
        _ => null,
    };

    private static void TruthToInt(byte* frame, Step* step, uint mask, GroupRun run)
    {
        uint truth = *(uint*)(frame + step->A);
        int* r = (int*)(frame + step->R);
        for (int k = 0; k < 32; k += 16) LaneMask.Put(r, k, LaneMask.Expand<int>(truth, k) & Vector512<int>.One, mask);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Widen(byte* frame, Step* step, uint mask, GroupRun run)
    {
        int* a = (int*)(frame + step->A);
        long* r = (long*)(frame + step->R);
        for (int k = 0; k < 32; k += 16)
        {
            (Vector512<long> lower, Vector512<long> upper) = Vector512.Widen(Vector512.Load(a + k));
            LaneMask.Put(r, k, lower, mask);
            LaneMask.Put(r, k + 8, upper, mask);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Narrow(byte* frame, Step* step, uint mask, GroupRun run)
    {
        long* a = (long*)(frame + step->A);
        int* r = (int*)(frame + step->R);
        for (int k = 0; k < 32; k += 16)
            LaneMask.Put(r, k, Vector512.Narrow(Vector512.Load(a + k), Vector512.Load(a + k + 8)), mask);
    }

    private readonly struct Same<T> : IUnary<T>
    {
        public static Vector512<T> Apply(Vector512<T> a) => a;
    }

    private readonly struct IntToSingle : IUnary<int>
    {
        public static Vector512<int> Apply(Vector512<int> a) => Vector512.ConvertToSingle(a).AsInt32();
    }

    private readonly struct SignedByte : IUnary<int>
    {
        public static Vector512<int> Apply(Vector512<int> a) => a << 24 >> 24;
    }

    private readonly struct UnsignedByte : IUnary<int>
    {
        public static Vector512<int> Apply(Vector512<int> a) => a & Vector512.Create(0xff);
    }

    private readonly struct SignedShort : IUnary<int>
    {
        public static Vector512<int> Apply(Vector512<int> a) => a << 16 >> 16;
    }

    private readonly struct UnsignedShort : IUnary<int>
    {
        public static Vector512<int> Apply(Vector512<int> a) => a & Vector512.Create(0xffff);
    }

    private readonly struct Extend : IScalarUnary<uint, long>
    {
        public static long Apply(uint a) => a;
    }

    private readonly struct IntToDouble : IScalarUnary<int, double>
    {
        public static double Apply(int a) => a;
    }

    private readonly struct LongToSingle : IScalarUnary<long, float>
    {
        public static float Apply(long a) => a;
    }

    private readonly struct LongToDouble : IScalarUnary<long, double>
    {
        public static double Apply(long a) => a;
    }

    private readonly struct UIntToSingle : IScalarUnary<uint, float>
    {
        public static float Apply(uint a) => (long)a;
    }

    private readonly struct UIntToDouble : IScalarUnary<uint, double>
    {
        public static double Apply(uint a) => a;
    }

    /// <summary>Half of the upper numbers is converted, with the bit that falls off kept as a sticky one, so that there is one
    /// rounding.</summary>
    private readonly struct ULongToSingle : IScalarUnary<ulong, float>
    {
        public static float Apply(ulong a) => a <= long.MaxValue ? (long)a : (float)(long)(a >> 1 | a & 1) * 2;
    }

    /// <summary>As <see cref="ULongToSingle"/>.</summary>
    private readonly struct ULongToDouble : IScalarUnary<ulong, double>
    {
        public static double Apply(ulong a) => a <= long.MaxValue ? (long)a : (double)(long)(a >> 1 | a & 1) * 2;
    }

    // Saturating, NaN gives 0: said in full, since a C# cast does so only by the platform's leave.

    private readonly struct SingleToInt : IScalarUnary<float, int>
    {
        public static int Apply(float a) => DoubleToInt.Apply(a);
    }

    private readonly struct SingleToLong : IScalarUnary<float, long>
    {
        public static long Apply(float a) => DoubleToLong.Apply(a);
    }

    private readonly struct SingleToUInt : IScalarUnary<float, uint>
    {
        public static uint Apply(float a) => DoubleToUInt.Apply(a);
    }

    private readonly struct SingleToULong : IScalarUnary<float, ulong>
    {
        public static ulong Apply(float a) => DoubleToULong.Apply(a);
    }

    private readonly struct DoubleToInt : IScalarUnary<double, int>
    {
        public static int Apply(double a) =>
            a >= int.MaxValue ? int.MaxValue : a <= int.MinValue ? int.MinValue : double.IsNaN(a) ? 0 : (int)a;
    }

    private readonly struct DoubleToLong : IScalarUnary<double, long>
    {
        public static long Apply(double a) =>
            a >= 9223372036854775808.0 ? long.MaxValue : a <= -9223372036854775808.0 ? long.MinValue
                : double.IsNaN(a) ? 0 : (long)a;
    }

    private readonly struct DoubleToUInt : IScalarUnary<double, uint>
    {
        public static uint Apply(double a) => a >= uint.MaxValue ? uint.MaxValue : a > 0 ? (uint)(long)a : 0;
    }

    private readonly struct DoubleToULong : IScalarUnary<double, ulong>
    {
        public static ulong Apply(double a) => a >= 18446744073709551616.0 ? ulong.MaxValue
            : a >= 9223372036854775808.0 ? (ulong)(long)(a - 9223372036854775808.0) + (1UL << 63)
            : a > 0 ? (ulong)(long)a : 0;
    }

    private readonly struct SingleToDouble : IScalarUnary<float, double>
    {
        public static double Apply(float a) => a;
    }

    private readonly struct DoubleToSingle : IScalarUnary<double, float>
    {
        public static float Apply(double a) => (float)a;
    }

    private readonly struct HalfToSingle : IScalarUnary<int, float>
    {
        public static float Apply(int a) => (float)BitConverter.UInt16BitsToHalf((ushort)a);
    }

    private readonly struct SingleToHalf : IScalarUnary<float, int>
    {
        public static int Apply(float a) => BitConverter.HalfToUInt16Bits((Half)a);
    }
}
