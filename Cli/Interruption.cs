using System.Runtime.InteropServices;

namespace GatysGpu.Cli;

/// <summary>Ctrl-C and SIGTERM: the first one asks for an orderly end, the second one ends the program at once.</summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";

    private readonly CancellationTokenSource source = new();
    private readonly Terminal terminal;
    private readonly string answer;
    private readonly PosixSignalRegistration[] registrations;
    private int signals;

    /// <summary>Listens from now on.</summary>
    /// <param name="terminal">Where the first signal is answered, unless its last line is redrawn: text would tear it.</param>
    /// <param name="answer">What is said then.</param>
    public Interruption(Terminal terminal, string answer)
    {
        (this.terminal, this.answer) = (terminal, answer);
        registrations = [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM }.Select(s => PosixSignalRegistration.Create(s, Handle))];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>Leaves signals to the system again.</summary>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        source.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref signals) == 1)
        {
            if (!terminal.Live) terminal.Note(answer);
            source.Cancel();
            return;
        }
        // The bar hides the cursor while it is redrawn.
        if (terminal.Live) terminal.Error.Write(ShowCursor);
        Environment.Exit(ExitCode.Interrupted);
    }
}
