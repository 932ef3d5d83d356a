namespace GatysGpu.Cli;

/// <summary>What the program tells the shell.</summary>
internal static class ExitCode
{
    /// <summary>All that was asked for was done.</summary>
    public const int Ok = 0;

    /// <summary>A mistake of the program itself.</summary>
    public const int Defect = 1;

    /// <summary>The command line, a picture or a file of weights is not what it must be.</summary>
    public const int BadInput = 2;

    /// <summary>The machine has too little memory for it.</summary>
    public const int TooLarge = 3;

    /// <summary>Stopped by a signal: 128 + SIGINT, as shells have it.</summary>
    public const int Interrupted = 130;
}
