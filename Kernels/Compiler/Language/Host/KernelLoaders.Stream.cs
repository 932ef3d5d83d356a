namespace GatysGpu.Kernels.Compiler.Language;

// Launches on the default stream.
public static partial class KernelLoaders
{
    /// <summary>Like <see cref="LoadKernel{T1}(Accelerator, Action{T1})"/>, for launches on the default stream.</summary>
    public static Action<KernelConfig, T1> LoadStreamKernel<T1>(this Accelerator accelerator, Action<T1> action)
        where T1 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1) => launcher.Launch(accelerator.DefaultStream, config, ValueTuple.Create(p1));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2> LoadStreamKernel<T1, T2>(this Accelerator accelerator, Action<T1, T2> action)
        where T1 : struct where T2 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3>
        LoadStreamKernel<T1, T2, T3>(this Accelerator accelerator, Action<T1, T2, T3> action)
        where T1 : struct where T2 : struct where T3 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4>
        LoadStreamKernel<T1, T2, T3, T4>(this Accelerator accelerator, Action<T1, T2, T3, T4> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5>
        LoadStreamKernel<T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4, p5));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4, p5, p6));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4, p5,
            p6, p7));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7,
            T8> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4,
            p5, p6, p7, p8));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7,
            T8, T9> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3,
            p4, p5, p6, p7, p8, p9));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6,
            T7, T8, T9, T10> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2,
            p3, p4, p5, p6, p7, p8, p9, p10));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5,
            T6, T7, T8, T9, T10, T11> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => launcher.Launch(accelerator.DefaultStream, config,
            (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator, Action<T1, T2, T3,
            T4, T5, T6, T7, T8, T9, T10, T11, T12> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => launcher.Launch(accelerator.DefaultStream,
            config, (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(this Accelerator accelerator, Action<T1, T2,
            T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
        where T13 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => launcher.Launch(accelerator.DefaultStream,
            config, (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));
    }

    /// <inheritdoc cref="LoadStreamKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadStreamKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(this Accelerator accelerator, Action<T1,
            T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
        where T13 : struct where T14 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13,
            p14) => launcher.Launch(accelerator.DefaultStream, config, (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13,
            p14));
    }
}
