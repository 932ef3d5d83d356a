using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>f(a), on vectors of lanes.</summary>
internal interface IUnary<T>
{
    static abstract Vector512<T> Apply(Vector512<T> a);
}

/// <summary>f(a, b), on vectors of lanes.</summary>
internal interface IBinary<T>
{
    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b);
}

/// <summary>f(a, b, c), on vectors of lanes.</summary>
internal interface ITernary<T>
{
    static abstract Vector512<T> Apply(Vector512<T> a, Vector512<T> b, Vector512<T> c);
}

/// <summary>f(a, n) with n the same in all lanes.</summary>
internal interface IShift<T>
{
    static abstract Vector512<T> Apply(Vector512<T> a, int count);
}

/// <summary>f(a) lane by lane, to another type maybe.</summary>
internal interface IScalarUnary<TFrom, TTo>
{
    static abstract TTo Apply(TFrom a);
}

/// <summary>f(a, b) lane by lane.</summary>
internal interface IScalarBinary<T, TOther>
{
    static abstract T Apply(T a, TOther b);
}

/// <summary>Steps that do one thing to every active lane: whole rows in vectors, the lanes elsewhere left alone.</summary>
internal static unsafe class LaneRunners
{
    private const MethodImplOptions Hot = MethodImplOptions.AggressiveOptimization;

    [MethodImpl(Hot)]
    internal static void Unary<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, IUnary<T>
    {
        T* a = (T*)(frame + step->A), r = (T*)(frame + step->R);
        LaneMask.Put(r, 0, TOp.Apply(Vector512.Load(a)), mask);
        LaneMask.Put(r, Vector512<T>.Count, TOp.Apply(Vector512.Load(a + Vector512<T>.Count)), mask);
        if (sizeof(T) == 4) return;
        LaneMask.Put(r, 16, TOp.Apply(Vector512.Load(a + 16)), mask);
        LaneMask.Put(r, 24, TOp.Apply(Vector512.Load(a + 24)), mask);
    }

    [MethodImpl(Hot)]
    internal static void Binary<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, IBinary<T>
    {
        T* a = (T*)(frame + step->A), b = (T*)(frame + step->B), r = (T*)(frame + step->R);
        int second = Vector512<T>.Count;
        LaneMask.Put(r, 0, TOp.Apply(Vector512.Load(a), Vector512.Load(b)), mask);
        LaneMask.Put(r, second, TOp.Apply(Vector512.Load(a + second), Vector512.Load(b + second)), mask);
        if (sizeof(T) == 4) return;
        LaneMask.Put(r, 16, TOp.Apply(Vector512.Load(a + 16), Vector512.Load(b + 16)), mask);
        LaneMask.Put(r, 24, TOp.Apply(Vector512.Load(a + 24), Vector512.Load(b + 24)), mask);
    }

    [MethodImpl(Hot)]
    internal static void Ternary<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, ITernary<T>
    {
        T* a = (T*)(frame + step->A), b = (T*)(frame + step->B), c = (T*)(frame + step->C), r = (T*)(frame + step->R);
        int second = Vector512<T>.Count;
        LaneMask.Put(r, 0, TOp.Apply(Vector512.Load(a), Vector512.Load(b), Vector512.Load(c)), mask);
        LaneMask.Put(r, second, TOp.Apply(Vector512.Load(a + second), Vector512.Load(b + second), Vector512.Load(c + second)),
            mask);
        if (sizeof(T) == 4) return;
        LaneMask.Put(r, 16, TOp.Apply(Vector512.Load(a + 16), Vector512.Load(b + 16), Vector512.Load(c + 16)), mask);
        LaneMask.Put(r, 24, TOp.Apply(Vector512.Load(a + 24), Vector512.Load(b + 24), Vector512.Load(c + 24)), mask);
    }

    /// <summary>A shift by a constant, which is in the step.</summary>
    [MethodImpl(Hot)]
    internal static void Shift<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, IShift<T>
    {
        T* a = (T*)(frame + step->A), r = (T*)(frame + step->R);
        int count = (int)step->Immediate;
        for (int k = 0; k < 32; k += Vector512<T>.Count) LaneMask.Put(r, k, TOp.Apply(Vector512.Load(a + k), count), mask);
    }

    /// <summary>A comparison: its operation gives all ones where it holds.</summary>
    [MethodImpl(Hot)]
    internal static void Compare<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, IBinary<T>
    {
        T* a = (T*)(frame + step->A), b = (T*)(frame + step->B);
        int second = Vector512<T>.Count;
        uint bits = (uint)TOp.Apply(Vector512.Load(a), Vector512.Load(b)).ExtractMostSignificantBits();
        bits |= (uint)TOp.Apply(Vector512.Load(a + second), Vector512.Load(b + second)).ExtractMostSignificantBits() << second;
        if (sizeof(T) == 8)
        {
            bits |= (uint)TOp.Apply(Vector512.Load(a + 16), Vector512.Load(b + 16)).ExtractMostSignificantBits() << 16;
            bits |= (uint)TOp.Apply(Vector512.Load(a + 24), Vector512.Load(b + 24)).ExtractMostSignificantBits() << 24;
        }
        LaneMask.Put(frame + step->R, bits, mask);
    }

    /// <summary>A: truth value; B where it holds, else C.</summary>
    [MethodImpl(Hot)]
    internal static void Select<T>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
    {
        T* a = (T*)(frame + step->B), b = (T*)(frame + step->C), r = (T*)(frame + step->R);
        uint condition = *(uint*)(frame + step->A);
        for (int k = 0; k < 32; k += Vector512<T>.Count)
        {
            Vector512<T> value = Vector512.ConditionalSelect(LaneMask.Expand<T>(condition, k), Vector512.Load(a + k),
                Vector512.Load(b + k));
            LaneMask.Put(r, k, value, mask);
        }
    }

    /// <summary>The same for truth values.</summary>
    internal static void SelectTruth(byte* frame, Step* step, uint mask, GroupRun run)
    {
        uint condition = *(uint*)(frame + step->A);
        LaneMask.Put(frame + step->R, *(uint*)(frame + step->B) & condition | *(uint*)(frame + step->C) & ~condition, mask);
    }

    internal static void Truth<TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where TOp : struct, IScalarBinary<uint, uint> =>
        LaneMask.Put(frame + step->R, TOp.Apply(*(uint*)(frame + step->A), *(uint*)(frame + step->B)), mask);

    [MethodImpl(Hot)]
    internal static void Scalar<TFrom, TTo, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where TFrom : unmanaged
        where TTo : unmanaged
        where TOp : struct, IScalarUnary<TFrom, TTo>
    {
        TFrom* a = (TFrom*)(frame + step->A);
        TTo* r = (TTo*)(frame + step->R);
        for (uint lanes = mask & run.Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            r[lane] = TOp.Apply(a[lane]);
        }
    }

    [MethodImpl(Hot)]
    internal static void ScalarBinary<T, TOther, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOther : unmanaged
        where TOp : struct, IScalarBinary<T, TOther>
    {
        T* a = (T*)(frame + step->A), r = (T*)(frame + step->R);
        TOther* b = (TOther*)(frame + step->B);
        for (uint lanes = run.Active; lanes != 0;)
        {
            int lane = LaneMask.Next(ref lanes);
            r[lane] = TOp.Apply(a[lane], b[lane]);
        }
    }

    /// <summary>An integer division, which stops at a divisor of zero.</summary>
    [MethodImpl(Hot)]
    internal static void Divide<T, TOp>(byte* frame, Step* step, uint mask, GroupRun run)
        where T : unmanaged
        where TOp : struct, IScalarBinary<T, T>
    {
        T* b = (T*)(frame + step->B);
        uint zero = 0;
        for (int k = 0; k < 32; k += Vector512<T>.Count)
            zero |= (uint)Vector512.Equals(Vector512.Load(b + k), Vector512<T>.Zero).ExtractMostSignificantBits() << k;
        if ((zero & run.Active) != 0) LaneFaults.DivisionByZero(run, step, zero & run.Active);
        ScalarBinary<T, T, TOp>(frame, step, mask, run);
    }
}
