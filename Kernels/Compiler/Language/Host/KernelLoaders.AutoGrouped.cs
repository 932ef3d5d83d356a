using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

// One thread an index.
public static partial class KernelLoaders
{
    private static KernelLauncher AutoGrouped<TIndex>(Accelerator accelerator, Delegate action)
        where TIndex : struct, IIndex
    {
        if (typeof(TIndex) != typeof(Index1D))
        {
            string method = $"{action.Method.DeclaringType?.Name}.{action.Method.Name}";
            throw new KernelCompileException(new SourceLocation(method, null, 0, null), $"one thread for each {typeof(TIndex).Name}",
                "Take an Index1D and divide, or load the kernel with LoadStreamKernel.");
        }
        return new KernelLauncher(accelerator, action, autoGrouped: true);
    }

    /// <summary>An extent that is known to be an <see cref="Index1D"/>.</summary>
    private static Index1D Extent<TIndex>(TIndex extent)
        where TIndex : struct, IIndex => Unsafe.As<TIndex, Index1D>(ref extent);

    /// <summary>Like <see cref="LoadKernel{T1}(Accelerator, Action{T1})"/>, launched with one thread for each index below an
    /// extent; the size of
    /// the groups is the accelerator's choice.</summary>
    public static Action<AcceleratorStream, TIndex, T1>
        LoadAutoGroupedKernel<TIndex, T1>(this Accelerator accelerator, Action<TIndex, T1> action)
        where TIndex : struct, IIndex where T1 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1) => launcher.Launch(stream, Extent(extent), (extent, p1));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2>
        LoadAutoGroupedKernel<TIndex, T1, T2>(this Accelerator accelerator, Action<TIndex, T1, T2> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2) => launcher.Launch(stream, Extent(extent), (extent, p1, p2));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3>(this Accelerator accelerator, Action<TIndex, T1, T2, T3> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3, p4));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4,
            T5> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3, p4, p5));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5,
            T6> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3, p4, p5,
            p6));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4,
            T5, T6, T7> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3, p4,
            p5, p6, p7));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Action<TIndex, T1, T2, T3,
            T4, T5, T6, T7, T8> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8) => launcher.Launch(stream, Extent(extent), (extent, p1, p2, p3,
            p4, p5, p6, p7, p8));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Action<TIndex, T1, T2,
            T3, T4, T5, T6, T7, T8, T9> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9) => launcher.Launch(stream, Extent(extent), (extent, p1, p2,
            p3, p4, p5, p6, p7, p8, p9));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator, Action<TIndex, T1,
            T2, T3, T4, T5, T6, T7, T8, T9, T10> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => launcher.Launch(stream, Extent(extent), (extent,
            p1, p2, p3, p4, p5, p6, p7, p8, p9, p10));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => launcher.Launch(stream, Extent(extent),
            (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => launcher.Launch(stream, Extent(extent),
            (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct where T13 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => launcher.Launch(stream,
            Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));
    }

    /// <inheritdoc cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<AcceleratorStream, TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadAutoGroupedKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13,
            T14>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13,
            T14> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct where T13 : struct where T14 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (stream, extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14) => launcher.Launch(stream,
            Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14));
    }
}
