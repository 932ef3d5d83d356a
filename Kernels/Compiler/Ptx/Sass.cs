using System.Globalization;
using System.Text.RegularExpressions;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>One machine instruction.</summary>
/// <param name="Address">Bytes from the kernel's start.</param>
/// <param name="Mnemonic">With its modifiers, such as <c>LDS.128</c>.</param>
/// <param name="Operands">The rest, as text.</param>
/// <param name="File">The C# file, where known.</param>
/// <param name="Line">The C# line; 0 where unknown.</param>
public sealed record SassInstruction(int Address, string Mnemonic, string Operands, string? File, int Line)
{
    /// <summary>The mnemonic without modifiers.</summary>
    public string Operation => Mnemonic.Split('.')[0];

    /// <summary>Bytes that a thread moves: 16 for <c>.128</c>, 8 for <c>.64</c>, 1 or 2 for <c>.U8</c> and the like, else 4. Only
    /// for loads, stores and copies.</summary>
    public int Width
    {
        get
        {
            string[] modifiers = Mnemonic.Split('.');
            if (modifiers.Contains("128")) return 16;
            if (modifiers.Contains("64")) return 8;
            if (modifiers.Any(m => m is "U8" or "S8")) return 1;
            return modifiers.Any(m => m is "U16" or "S16") ? 2 : 4;
        }
    }
}

/// <summary>A kernel's machine code, read from the text that <c>nvdisasm</c> prints.</summary>
public sealed partial class Sass
{
    private readonly List<SassInstruction> instructions = [];
    private readonly Dictionary<string, int> labels = [];

    private Sass()
    {
    }

    /// <summary>All of them, in order.</summary>
    public IReadOnlyList<SassInstruction> Instructions => instructions;

    /// <summary>Reads the text of one kernel.</summary>
    public static Sass Parse(string text)
    {
        Sass sass = new();
        (string? file, int line) = (null, 0);
        foreach (string row in text.Split('\n'))
        {
            if (Step().Match(row) is { Success: true } step)
            {
                int address = int.Parse(step.Groups["address"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                sass.instructions.Add(new SassInstruction(address, step.Groups["mnemonic"].Value,
                    step.Groups["operands"].Value.Trim(), file, line));
            }
            else if (Label().Match(row) is { Success: true } label)
            {
                sass.labels[label.Groups[1].Value] = sass.instructions.Count;
            }
            else if (Place().Match(row) is { Success: true } place)
            {
                (file, line) = (place.Groups[1].Value, int.Parse(place.Groups[2].Value, CultureInfo.InvariantCulture));
            }
        }
        return sass;
    }

    /// <summary>The whole kernel.</summary>
    public SassCount Count() => new(instructions);

    /// <summary>The innermost loop with the most multiply-adds, which is where a compute kernel spends its time.</summary>
    /// <returns>None where no loop has any.</returns>
    public SassCount? InnerLoop()
    {
        List<(int First, int Last)> loops = [.. Loops()];
        return loops.Where(a => !loops.Exists(b => b != a && b.First >= a.First && b.Last <= a.Last))
            .Select(l => new SassCount(instructions[l.First..(l.Last + 1)]))
            .Where(c => c.MultiplyAdds > 0)
            .MaxBy(c => c.MultiplyAdds);
    }

    /// <summary>A branch backwards closes a loop: from its target to the branch itself.</summary>
    private IEnumerable<(int First, int Last)> Loops()
    {
        for (int i = 0; i < instructions.Count; i++)
            if (instructions[i].Operation == "BRA" && Target().Match(instructions[i].Operands) is { Success: true } target
                && labels.TryGetValue(target.Groups[1].Value, out int first) && first <= i)
                yield return (first, i);
    }

    [GeneratedRegex(@"^\s*/\*(?<address>[0-9a-f]{4,})\*/\s+(?:\{\s*)?(?:@!?U?P[T0-9]+\s+)?"
        + @"(?<mnemonic>[A-Z][A-Z0-9_]*(?:\.[A-Za-z0-9_]+)*)(?<operands>[^;]*);")]
    private static partial Regex Step();

    [GeneratedRegex(@"^\s*(\.L_\w+):")]
    private static partial Regex Label();

    [GeneratedRegex(@"//## File ""([^""]*)"", line (\d+)")]
    private static partial Regex Place();

    [GeneratedRegex(@"`\((\.L_\w+)\)")]
    private static partial Regex Target();
}
