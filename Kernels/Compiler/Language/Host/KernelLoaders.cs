namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>From a method to something that can be launched.</summary>
/// <remarks>A launch allocates nothing. One overload for each number of parameters, 1 to 14.</remarks>
public static partial class KernelLoaders
{
    /// <summary>Compiles a kernel for launches on any stream; it is compiled at the first launch with each set of specialised
    /// values.</summary>
    /// <param name="accelerator">Where it runs.</param>
    /// <param name="action">A static method.</param>
    /// <exception cref="KernelCompileException">It is no static method, or a parameter cannot be passed.</exception>
    public static Action<AcceleratorStream, KernelConfig, T1> LoadKernel<T1>(this Accelerator accelerator, Action<T1> action)
        where T1 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1) => launcher.Launch(stream, config, ValueTuple.Create(p1));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2>
        LoadKernel<T1, T2>(this Accelerator accelerator, Action<T1, T2> action)
        where T1 : struct where T2 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2) => launcher.Launch(stream, config, (p1, p2));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3>
        LoadKernel<T1, T2, T3>(this Accelerator accelerator, Action<T1, T2, T3> action)
        where T1 : struct where T2 : struct where T3 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3) => launcher.Launch(stream, config, (p1, p2, p3));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4>
        LoadKernel<T1, T2, T3, T4>(this Accelerator accelerator, Action<T1, T2, T3, T4> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4) => launcher.Launch(stream, config, (p1, p2, p3, p4));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5>
        LoadKernel<T1, T2, T3, T4, T5>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5) => launcher.Launch(stream, config, (p1, p2, p3, p4, p5));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6>
        LoadKernel<T1, T2, T3, T4, T5, T6>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6) => launcher.Launch(stream, config, (p1, p2, p3, p4, p5, p6));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7) => launcher.Launch(stream, config, (p1, p2, p3, p4, p5, p6, p7));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8) => launcher.Launch(stream, config, (p1, p2, p3, p4, p5, p6, p7,
            p8));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7, T8,
            T9> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9) => launcher.Launch(stream, config, (p1, p2, p3, p4, p5, p6,
            p7, p8, p9));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6, T7,
            T8, T9, T10> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10) => launcher.Launch(stream, config, (p1, p2, p3, p4,
            p5, p6, p7, p8, p9, p10));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5, T6,
            T7, T8, T9, T10, T11> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11) => launcher.Launch(stream, config, (p1, p2, p3,
            p4, p5, p6, p7, p8, p9, p10, p11));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12>(this Accelerator accelerator, Action<T1, T2, T3, T4, T5,
            T6, T7, T8, T9, T10, T11, T12> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12) => launcher.Launch(stream, config, (p1, p2,
            p3, p4, p5, p6, p7, p8, p9, p10, p11, p12));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13>(this Accelerator accelerator, Action<T1, T2, T3, T4,
            T5, T6, T7, T8, T9, T10, T11, T12, T13> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
        where T13 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13) => launcher.Launch(stream, config, (p1,
            p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13));
    }

    /// <inheritdoc cref="LoadKernel{T1}(Accelerator, Action{T1})"/>
    public static Action<AcceleratorStream, KernelConfig, T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>
        LoadKernel<T1, T2, T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14>(this Accelerator accelerator, Action<T1, T2,
            T3, T4, T5, T6, T7, T8, T9, T10, T11, T12, T13, T14> action)
        where T1 : struct where T2 : struct where T3 : struct where T4 : struct where T5 : struct where T6 : struct
        where T7 : struct where T8 : struct where T9 : struct where T10 : struct where T11 : struct where T12 : struct
        where T13 : struct where T14 : struct
    {
        KernelLauncher launcher = new(accelerator, action, autoGrouped: false);
        return (stream, config, p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14) => launcher.Launch(stream, config,
            (p1, p2, p3, p4, p5, p6, p7, p8, p9, p10, p11, p12, p13, p14));
    }
}
