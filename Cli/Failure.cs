using GatysGpu.Engine.Imaging;
using GatysGpu.Engine.Network;
using GatysGpu.Engine.Optimizers;
using GatysGpu.Kernels.Devices;
using GatysGpu.Weights;

namespace GatysGpu.Cli;

/// <summary>From an exception to an exit code and what is said on the error stream.</summary>
internal static class Failure
{
    /// <summary>Says what went wrong: one line, unless it is a defect of the program.</summary>
    /// <param name="failure">What ended a command.</param>
    /// <param name="error">The error stream.</param>
    /// <returns>One of <see cref="ExitCode"/>.</returns>
    public static int Report(Exception failure, TextWriter error)
    {
        // Parallel loops wrap what their bodies throw; what happened is inside.
        while (failure is AggregateException { InnerException: { } inner }) failure = inner;
        int code = CodeOf(failure);
        error.WriteLine($"gatys: {Terminal.OneLine(MessageOf(failure, code))}");
        if (code != ExitCode.Defect) return code;
        error.WriteLine("This is a defect of gatys, not of what you gave it. Please report it with your command line, the output of");
        error.WriteLine("'gatys --version' and these lines:");
        error.WriteLine(failure);
        return code;
    }

    private static int CodeOf(Exception failure) => failure switch
    {
        DeviceMemoryException or OutOfMemoryException or PictureException { InnerException: OutOfMemoryException } => ExitCode.TooLarge,
        InputException or PictureException or PictureTooSmallException or WeightException or OptimizationException => ExitCode.BadInput,
        // A disk that fills up or a network drive that goes away; files that are named by options are checked where they are opened.
        IOException or UnauthorizedAccessException => ExitCode.BadInput,
        _ => ExitCode.Defect,
    };

    private static string MessageOf(Exception failure, int code) => failure switch
    {
        OutOfMemoryException => "there is not enough memory; use a smaller --size",
        _ when code == ExitCode.Defect => $"{failure.GetType().Name}: {failure.Message}",
        _ => failure.Message,
    };
}
