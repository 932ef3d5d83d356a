namespace GatysGpu.Cli;

/// <summary>What the user gave cannot be used. The message is one line that names the option or file, its value, and what would do.</summary>
internal sealed class InputException(string message, Exception? inner = null) : Exception(message, inner);
