using System.Runtime.CompilerServices;

namespace GatysGpu.Kernels.Devices;

/// <summary>A message that is put together only where the condition beside it does not hold: operations check their arguments
/// thousands of times a second, and nothing is allocated inside an iteration.</summary>
[InterpolatedStringHandler]
internal ref struct RequirementMessage
{
    private DefaultInterpolatedStringHandler text;

    /// <summary>Called by the compiler.</summary>
    /// <param name="literalLength">Characters of the fixed text.</param>
    /// <param name="formattedCount">Values in it.</param>
    /// <param name="condition">What is required.</param>
    /// <param name="needed">Whether the text is to be made.</param>
    public RequirementMessage(int literalLength, int formattedCount, bool condition, out bool needed)
    {
        needed = !condition;
        if (needed) text = new DefaultInterpolatedStringHandler(literalLength, formattedCount);
    }

    /// <summary>Fixed text.</summary>
    public void AppendLiteral(string value) => text.AppendLiteral(value);

    /// <summary>A value.</summary>
    public void AppendFormatted<T>(T value) => text.AppendFormatted(value);

    /// <summary>The text.</summary>
    public override string ToString() => text.ToStringAndClear();
}
