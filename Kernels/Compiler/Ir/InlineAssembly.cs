using System.Text;

namespace GatysGpu.Kernels.Compiler.Ir;

/// <summary>What PTX text does with one of its arguments.</summary>
public enum AssemblyArgument
{
    /// <summary>Reads it.</summary>
    Input,

    /// <summary>Sets it.</summary>
    Output,

    /// <summary>Reads it and sets it, in one register.</summary>
    InputOutput,
}

/// <summary>PTX text with places for the registers of its arguments: <c>%0</c>, <c>%1</c>, …; <c>%%</c> is a percent
/// sign.</summary>
/// <param name="Text">The text as written in the kernel.</param>
/// <param name="Arguments">What becomes of each argument; operands and results of the instruction are in this order.</param>
public sealed record InlineAssembly(string Text, IReadOnlyList<AssemblyArgument> Arguments)
{
    /// <summary>What is wrong with the text, as part of a sentence, and the way out; none where all is well.</summary>
    public (string Construct, string Remedy)? Mistake()
    {
        HashSet<int> named = [];
        foreach ((string plain, int place) in Pieces())
        {
            if (place == NoPlace) return ("a '%' that is neither '%%' nor before a number", "Write '%%' for PTX's own '%'.");
            if (place >= Arguments.Count)
                return ($"the place %{place} but {Arguments.Count} arguments", "Count them from %0.");
            if (place >= 0) named.Add(place);
            foreach (char c in plain)
                if (c is not (>= ' ' and <= '~' or '\n' or '\r' or '\t'))
                    return ($"the character U+{(int)c:X4}", "PTX is printable ASCII.");
        }
        for (int i = 0; i < Arguments.Count; i++)
            if (!named.Contains(i)) return ($"an argument, %{i}, that the text does not name", "Name it, or leave it away.");
        return Text.AsSpan().TrimEnd() is [.., ';' or '}'] ? null
            : ("a statement without its end", "Let the text end with ';' or '}'.");
    }

    /// <summary>The text with registers in their places.</summary>
    /// <param name="registers">The register of each argument.</param>
    public string With(IReadOnlyList<string> registers)
    {
        StringBuilder text = new();
        foreach ((string plain, int place) in Pieces())
        {
            text.Append(plain);
            if (place >= 0) text.Append(registers[place]);
        }
        return text.ToString();
    }

    private const int NoPlace = -2;

    private const int End = -1;

    // Plain text and the argument behind it.
    private IEnumerable<(string Plain, int Place)> Pieces()
    {
        StringBuilder plain = new();
        for (int i = 0; i < Text.Length; i++)
        {
            if (Text[i] != '%' || i + 1 < Text.Length && Text[i + 1] == '%')
            {
                if (Text[i] == '%') i++;
                plain.Append(Text[i]);
                continue;
            }
            int digits = 0;
            while (i + digits + 1 < Text.Length && char.IsAsciiDigit(Text[i + digits + 1])) digits++;
            bool number = int.TryParse(Text.AsSpan(i + 1, digits), out int place);
            yield return (plain.ToString(), number ? place : digits > 0 ? int.MaxValue : NoPlace);
            plain.Clear();
            i += digits;
        }
        yield return (plain.ToString(), End);
    }
}
