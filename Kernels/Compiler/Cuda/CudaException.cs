namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>A call of the NVIDIA driver failed. The message names the call, the driver's name, code and text of the error, and
/// what the call was about. A kernel's fault is reported by whichever call comes next, not by the launch.</summary>
public class CudaException : Exception
{
    /// <summary>Describes a failed call.</summary>
    /// <param name="call">Name of the driver's entry point, such as "cuLaunchKernel".</param>
    /// <param name="result">What it returned.</param>
    /// <param name="errorName">The driver's name of that code.</param>
    /// <param name="errorText">The driver's description of that code.</param>
    /// <param name="subject">What the call was about: a kernel and its shape, a number of bytes, a device.</param>
    /// <param name="log">The log of the driver's assembler; empty for every other call.</param>
    public CudaException(string call, CudaResult result, string errorName, string errorText, string subject, string log = "")
        : this(call, result, errorName, errorText, subject, log, Describe(call, result, errorName, errorText, subject, log))
    {
    }

    private protected CudaException(
        string call, CudaResult result, string errorName, string errorText, string subject, string log, string message) : base(message)
    {
        Call = call;
        Result = result;
        ErrorName = errorName;
        ErrorText = errorText;
        Subject = subject;
        Log = log;
    }

    /// <summary>The driver's entry point.</summary>
    public string Call { get; }

    /// <summary>What it returned.</summary>
    public CudaResult Result { get; }

    /// <summary>The driver's name of the code, such as "CUDA_ERROR_ILLEGAL_ADDRESS".</summary>
    public string ErrorName { get; }

    /// <summary>The driver's description of the code.</summary>
    public string ErrorText { get; }

    /// <summary>What the call was about.</summary>
    public string Subject { get; }

    /// <summary>What the driver's assembler wrote about the PTX that it refused; empty for every other call.</summary>
    public string Log { get; }

    private static string Describe(string call, CudaResult result, string name, string text, string subject, string log)
    {
        string remedy = result.Remedy();
        return $"{call}: {subject}: {text} ({name}, {(int)result})"
            + (remedy.Length == 0 ? "" : $". {remedy}")
            + (log.Length == 0 ? "" : $"{Environment.NewLine}{log}");
    }
}
