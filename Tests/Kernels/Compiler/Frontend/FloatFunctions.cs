using System.Numerics;

namespace GatysGpu.Tests.Kernels.Compiler.Frontend;

/// <summary>Floats with NaN, infinities and −0; every comparison and its negation, which C# compiles to the "unordered"
/// branches.</summary>
internal static class FloatFunctions
{
    public static float Arithmetic(float a, float b) => a * b - a / b + (a - b);

    public static double DoubleArithmetic(double a, double b) => a * b - a / b + (a - b);

    public static float Zeros(float a) => (a + 0f) - (0f - a) + (a - 0f) * 1f + a / 1f + 0f * a;

    public static float NegativeZero(float a) => a + -0f;

    public static float MinusZero(float a) => a - 0f;

    public static float MinusNegativeZero(float a) => a - -0f;

    public static float TimesOne(float a) => 1f * a * 1f / 1f;

    public static float Negated(float a) => -a;

    public static float NegatedTwice(float a) => - -a;

    public static float SumOfProducts(float a, float b, float c) => a * b + c + (c - a * b) - (a * c - b);

    public static double SumOfDoubleProducts(double a, double b, double c) => a * b + c + (c - a * b) - (a * c - b);

    public static int Comparisons(float a, float b) =>
        (a < b ? 1 : 0) + (a <= b ? 2 : 0) + (a > b ? 4 : 0) + (a >= b ? 8 : 0) + (a == b ? 16 : 0) + (a != b ? 32 : 0);

    public static int NegatedComparisons(float a, float b) =>
        (!(a < b) ? 1 : 0) + (!(a <= b) ? 2 : 0) + (!(a > b) ? 4 : 0) + (!(a >= b) ? 8 : 0) + (!(a == b) ? 16 : 0)
            + (!(a != b) ? 32 : 0);

    public static int DoubleComparisons(double a, double b) =>
        (a < b ? 1 : 0) + (!(a <= b) ? 2 : 0) + (a > b ? 4 : 0) + (!(a >= b) ? 8 : 0) + (a == b ? 16 : 0) + (!(a != b) ? 32 : 0);

    public static bool ComparisonValues(float a, float b)
    {
        bool less = a < b;
        bool notLess = !(a < b);
        bool equal = a == b;
        return less ^ notLess ^ equal ^ !(a >= b);
    }

    public static int ComparisonBranches(float a, float b)
    {
        int result = 0;
        if (a < b) result += 1;
        if (!(a < b)) result += 2;
        if (a <= b) result += 4;
        if (!(a <= b)) result += 8;
        if (a > b) result += 16;
        if (!(a > b)) result += 32;
        if (a >= b) result += 64;
        if (!(a >= b)) result += 128;
        if (a == b) result += 256;
        if (a != b) result += 512;
        return result;
    }

    public static int LoopUntil(float a)
    {
        int rounds = 0;
        for (float x = 0; x < a && rounds < 20; x += 0.75f) rounds++;
        return rounds;
    }

    public static int LoopWhileNot(float a)
    {
        int rounds = 0;
        float x = 0;
        while (!(x >= a) && rounds < 20)
        {
            x += 0.75f;
            rounds++;
        }
        return rounds;
    }

    public static float Relu(float a) => a > 0 ? a : 0f;

    public static float SelfComparison(float a)
    {
        float same = a;
        return a == same ? 1f : a != same ? 2f : 3f;
    }

    public static bool IsNaN(float a, double b) => float.IsNaN(a) || double.IsNaN(b);

    public static int Classes(float a) =>
        (float.IsFinite(a) ? 1 : 0) + (float.IsInfinity(a) ? 2 : 0) + (float.IsNegative(a) ? 4 : 0);

    public static float Rounding(float a) =>
        float.IsNaN(a) ? 0 : MathF.Floor(a) + 3 * MathF.Ceiling(a) + 5 * MathF.Truncate(a) + 7 * MathF.Round(a);

    public static double DoubleRounding(double a) =>
        double.IsNaN(a) ? 0 : Math.Floor(a) + 3 * Math.Ceiling(a) + 5 * Math.Truncate(a) + 7 * Math.Round(a);

    public static float Roots(float a) => MathF.Sqrt(MathF.Abs(a)) + MathF.Abs(-a);

    public static double DoubleRoots(double a) => Math.Sqrt(Math.Abs(a));

    public static float MinMax(float a, float b) =>
        float.IsNaN(a) || float.IsNaN(b) ? 0 : MathF.Min(a, b) - Math.Max(a, b) + Math.Clamp(a, -1f, 2f);

    public static float Constants(float a) => a * float.MaxValue * 0f + MathF.PI * MathF.Sqrt(2f) - float.Epsilon;

    public static float GenericNumbers(float a, float b) => Polynomial(a, b);

    private static T Polynomial<T>(T a, T b)
        where T : INumber<T> => a * a + b * T.One - T.Zero + (a > b ? a : -b);
}
