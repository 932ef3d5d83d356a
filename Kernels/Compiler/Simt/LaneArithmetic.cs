using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Compiler.Simt;

// Operations on vectors of lanes. T is int, long, float or double; uint and ulong where the sign counts.

internal readonly struct Add<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a + b;
}

internal readonly struct Subtract<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a - b;
}

internal readonly struct Multiply<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a * b;
}

/// <summary>Floats only: rounds to nearest.</summary>
internal readonly struct Quotient<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a / b;
}

internal readonly struct FusedSingle : ITernary<float>
{
    public static Vector512<float> Apply(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);
}

internal readonly struct FusedDouble : ITernary<double>
{
    public static Vector512<double> Apply(Vector512<double> a, Vector512<double> b, Vector512<double> c) =>
        Vector512.FusedMultiplyAdd(a, b, c);
}

internal readonly struct MinInteger<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, b), a, b);
}

internal readonly struct MaxInteger<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) =>
        Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a, b);
}

/// <summary>The other one where one is NaN; −0 is less than +0, as in PTX.</summary>
internal readonly struct MinFloat<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b)
    {
        // Both zeros: the bits of either, so that −0 wins.
        Vector512<T> smaller = Vector512.ConditionalSelect(Vector512.LessThan(a, b), a,
            Vector512.ConditionalSelect(Vector512.Equals(a, b), a | b, b));
        Vector512<T> aOrB = Vector512.ConditionalSelect(Vector512.Equals(b, b), smaller, a);
        return Vector512.ConditionalSelect(Vector512.Equals(a, a), aOrB, b);
    }
}

/// <summary>The other one where one is NaN; +0 is more than −0, as in PTX.</summary>
internal readonly struct MaxFloat<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b)
    {
        Vector512<T> larger = Vector512.ConditionalSelect(Vector512.GreaterThan(a, b), a,
            Vector512.ConditionalSelect(Vector512.Equals(a, b), a & b, b));
        Vector512<T> aOrB = Vector512.ConditionalSelect(Vector512.Equals(b, b), larger, a);
        return Vector512.ConditionalSelect(Vector512.Equals(a, a), aOrB, b);
    }
}

internal readonly struct And<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a & b;
}

internal readonly struct Or<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a | b;
}

internal readonly struct Xor<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => a ^ b;
}

internal readonly struct Complement<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => ~a;
}

internal readonly struct Negate<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => -a;
}

/// <summary>The smallest integer stays what it is.</summary>
internal readonly struct AbsInteger<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) =>
        Vector512.ConditionalSelect(Vector512.LessThan(a, Vector512<T>.Zero), -a, a);
}

internal readonly struct AbsSingle : IUnary<float>
{
    public static Vector512<float> Apply(Vector512<float> a) => (a.AsInt32() & Vector512.Create(int.MaxValue)).AsSingle();
}

internal readonly struct AbsDouble : IUnary<double>
{
    public static Vector512<double> Apply(Vector512<double> a) => (a.AsInt64() & Vector512.Create(long.MaxValue)).AsDouble();
}

internal readonly struct SquareRoot<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => Vector512.Sqrt(a);
}

internal readonly struct ReciprocalRoot<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => Vector512<T>.One / Vector512.Sqrt(a);
}

// Vectors have these for float and double apart; which it is, is known where a method is compiled.

internal readonly struct Floor<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => typeof(T) == typeof(float)
        ? Vector512.Floor(a.As<T, float>()).As<float, T>() : Vector512.Floor(a.As<T, double>()).As<double, T>();
}

internal readonly struct Ceiling<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => typeof(T) == typeof(float)
        ? Vector512.Ceiling(a.As<T, float>()).As<float, T>() : Vector512.Ceiling(a.As<T, double>()).As<double, T>();
}

internal readonly struct Round<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => typeof(T) == typeof(float)
        ? Vector512.Round(a.As<T, float>()).As<float, T>() : Vector512.Round(a.As<T, double>()).As<double, T>();
}

internal readonly struct Truncate<T> : IUnary<T>
{
    public static Vector512<T> Apply(Vector512<T> a) => typeof(T) == typeof(float)
        ? Vector512.Truncate(a.As<T, float>()).As<float, T>() : Vector512.Truncate(a.As<T, double>()).As<double, T>();
}

/// <summary>Half a unit of the last of 10 bits is added to the magnitude, the 13 bits below are cleared; NaN stays NaN.</summary>
internal readonly struct RoundTf32 : IUnary<float>
{
    public static Vector512<float> Apply(Vector512<float> a)
    {
        Vector512<float> rounded = ((a.AsInt32() + Vector512.Create(0x1000)) & Vector512.Create(~0x1fff)).AsSingle();
        return Vector512.ConditionalSelect(Vector512.Equals(a, a), rounded, Vector512.Create(float.NaN));
    }
}

internal readonly struct ShiftLeft<T> : IShift<T>
{
    public static Vector512<T> Apply(Vector512<T> a, int count) => a << count;
}

/// <summary>With the sign where T is signed.</summary>
internal readonly struct ShiftRight<T> : IShift<T>
{
    public static Vector512<T> Apply(Vector512<T> a, int count) => a >> count;
}

internal readonly struct Equal<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.Equals(a, b);
}

internal readonly struct NotEqual<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.Equals(a, b);
}

internal readonly struct Less<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.LessThan(a, b);
}

internal readonly struct LessOrEqual<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.LessThanOrEqual(a, b);
}

internal readonly struct NotLess<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.LessThan(a, b);
}

internal readonly struct NotLessOrEqual<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.LessThanOrEqual(a, b);
}

internal readonly struct Greater<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.GreaterThan(a, b);
}

internal readonly struct GreaterOrEqual<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => Vector512.GreaterThanOrEqual(a, b);
}

internal readonly struct NotGreater<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.GreaterThan(a, b);
}

internal readonly struct NotGreaterOrEqual<T> : IBinary<T>
{
    public static Vector512<T> Apply(Vector512<T> a, Vector512<T> b) => ~Vector512.GreaterThanOrEqual(a, b);
}
