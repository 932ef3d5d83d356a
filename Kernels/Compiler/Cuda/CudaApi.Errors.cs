using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Cuda;

// From a result to an exception.
internal sealed unsafe partial class CudaApi
{
    /// <summary>Throws where a call failed.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="call">Its name.</param>
    /// <param name="subject">What it was about; put together only where the call failed.</param>
    /// <exception cref="CudaException">The call failed.</exception>
    public void Check(
        CudaResult result, string call, [InterpolatedStringHandlerArgument(nameof(result))] ref FailureText subject)
    {
        if (result != CudaResult.Success) Throw(result, call, subject.ToStringAndClear());
    }

    /// <summary>Throws where a call that gives something back failed, unless the context is lost and all that it owned with it:
    /// the call that lost it, or the next that is no such call, has that error too, and a clean-up must not hide it.</summary>
    /// <param name="result">What it returned.</param>
    /// <param name="call">Its name.</param>
    /// <param name="subject">What it was to give back.</param>
    /// <exception cref="CudaException">The call failed, and the context is not lost.</exception>
    public void CheckRelease(
        CudaResult result, string call, [InterpolatedStringHandlerArgument(nameof(result))] ref FailureText subject)
    {
        if (result != CudaResult.Success && !result.IsContextLost()) Throw(result, call, subject.ToStringAndClear());
    }

    /// <summary>The exception of a failed call.</summary>
    /// <param name="result">What the call returned.</param>
    /// <param name="call">Its name.</param>
    /// <param name="subject">What it was about.</param>
    /// <param name="log">The log of the driver's assembler.</param>
    public CudaException Failure(CudaResult result, string call, string subject, string log = "") =>
        new(call, result, ErrorName(result), ErrorText(result), subject, log);

    /// <summary>The driver's name of a code.</summary>
    public string ErrorName(CudaResult result) => Text(GetErrorName, result, "an error that this driver has no name for");

    /// <summary>The driver's description of a code.</summary>
    public string ErrorText(CudaResult result) => Text(GetErrorString, result, "an error that this driver does not describe");

    private static string Text(delegate* unmanaged<CudaResult, byte**, CudaResult> call, CudaResult result, string unknown)
    {
        byte* text = null;
        return call(result, &text) == CudaResult.Success && text != null ? Marshal.PtrToStringUTF8((nint)text)! : unknown;
    }

    [DoesNotReturn]
    private void Throw(CudaResult result, string call, string subject) => throw Failure(result, call, subject);
}

/// <summary>An interpolated string that is put together only where a call failed, so that a call that works allocates
/// nothing.</summary>
[InterpolatedStringHandler]
internal ref struct FailureText
{
    private DefaultInterpolatedStringHandler text;

    public FailureText(int literalLength, int formattedCount, CudaResult result, out bool failed)
    {
        failed = result != CudaResult.Success;
        text = failed ? new DefaultInterpolatedStringHandler(literalLength, formattedCount, CultureInfo.InvariantCulture) : default;
    }

    public void AppendLiteral(string literal) => text.AppendLiteral(literal);

    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    public string ToStringAndClear() => text.ToStringAndClear();
}
