namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>A variable for <see cref="CudaAsm"/>'s EmitRef.</summary>
public interface ICudaAsmEmitParameter;

/// <summary>A variable that the text reads.</summary>
public struct Input<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>What it reads.</summary>
    public T Value;

    /// <summary>A number as what the text reads.</summary>
    public static implicit operator Input<T>(T value) => new() { Value = value };
}

/// <summary>A variable that the text sets.</summary>
public struct Output<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>What it was set to.</summary>
    public T Value;
}

/// <summary>A variable that the text reads and sets.</summary>
public struct Ref<T> : ICudaAsmEmitParameter
    where T : struct
{
    /// <summary>What it reads before, and what it was set to after.</summary>
    public T Value;

    /// <summary>A number as what the text reads.</summary>
    public static implicit operator Ref<T>(T value) => new() { Value = value };
}
