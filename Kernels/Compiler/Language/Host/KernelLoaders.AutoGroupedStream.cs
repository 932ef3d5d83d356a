namespace GatysGpu.Kernels.Compiler.Language;

// One thread an index, on the default stream.
public static partial class KernelLoaders
{
    /// <summary>Like <see cref="LoadAutoGroupedKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>, for launches on the
    /// default stream.</summary>
    public static Action<TIndex, T1>
        LoadAutoGroupedStreamKernel<TIndex, T1>(this Accelerator accelerator, Action<TIndex, T1> action)
        where TIndex : struct, IIndex where T1 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2>(this Accelerator accelerator, Action<TIndex, T1, T2> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3>(this Accelerator accelerator, Action<TIndex, T1, T2, T3> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2, p3));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2, p3, p4));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4,
            T5> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2, p3,
            p4, p5));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<TIndex, T1, T2, T3,
            T4, T5, T6> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2,
            p3, p4, p5, p6));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Action<TIndex, T1, T2,
            T3, T4, T5, T6, T7> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1,
            p2, p3, p4, p5, p6, p7));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Action<TIndex, T1,
            T2, T3, T4, T5, T6, T7, T8> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent,
            p1, p2, p3, p4, p5, p6, p7, p8));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Action<TIndex,
            T1, T2, T3, T4, T5, T6, T7, T8, T9> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9) => launcher.Launch(accelerator.DefaultStream, Extent(extent),
            (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => launcher.Launch(accelerator.DefaultStream, Extent(extent),
            (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => launcher.Launch(accelerator.DefaultStream,
            Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator,
            Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => launcher.Launch(accelerator.DefaultStream,
            Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12,
            T13>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct where T13 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => launcher.Launch(accelerator.DefaultStream,
            Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));
    }

    /// <inheritdoc cref="LoadAutoGroupedStreamKernel{TIndex, T1}(Accelerator, Action{TIndex, T1})"/>
    public static Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadAutoGroupedStreamKernel<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13,
            T14>(this Accelerator accelerator, Action<TIndex, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13,
            T14> action)
        where TIndex : struct, IIndex where T1 : struct where T2 : struct where T3 : struct where T4 : struct
        where T5 : struct where T6 : struct where T7 : struct where T8 : struct where T9 : struct where T10 : struct
        where T11 : struct where T12 : struct where T13 : struct where T14 : struct
    {
        KernelLauncher launcher = AutoGrouped<TIndex>(accelerator, action);
        return (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13,
            p14) => launcher.Launch(accelerator.DefaultStream, Extent(extent), (extent, p1, p2, p3, p4, p5, p6, p7, p8, p9,
            p10, p11, p12, p13, p14));
    }
}
