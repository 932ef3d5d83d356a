namespace GatysGpu.Weights;

/// <summary>A file of weights is not what it should be, or lacks what was asked of it.</summary>
/// <remarks>The only exception that this library throws for a bad, incomplete or unknown file. Its message always says
/// which file, what is wrong with both values, and what can be done about it. Failures of the file system itself stay
/// <see cref="IOException"/>.</remarks>
public sealed class WeightException : Exception
{
    /// <summary>The file that the message is about, as the caller named it.</summary>
    public string File { get; }

    /// <summary>A message of the form <c>file: what is wrong. Remedy.</c></summary>
    /// <param name="file">The file as the caller named it.</param>
    /// <param name="what">What is wrong: expected and found value, without a full stop at the end.</param>
    /// <param name="remedy">One sentence that says what to do, with its full stop.</param>
    /// <param name="inner">The failure that led here, if there was one.</param>
    public WeightException(string file, string what, string remedy, Exception? inner = null)
        : base($"{file}: {what}. {remedy}", inner) => File = file;
}
