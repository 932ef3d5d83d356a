using System.Globalization;
using System.Text.RegularExpressions;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Runs one thread of a printed kernel: the integer instructions, branches, loads and stores, enough to see what a text
/// means that no GPU is there to run. Addresses are plain numbers; each space is a dictionary.</summary>
internal sealed partial class PtxMachine(string ptx)
{
    private readonly Dictionary<string, ulong> registers = [];
    private readonly Dictionary<string, ulong> arrays = [];
    private readonly List<string> parameters = [];
    private readonly List<string> lines = [];
    private readonly Dictionary<string, int> labels = [];

    /// <summary>What was stored: space and address to value, the last one stored.</summary>
    public Dictionary<(string Space, ulong Address), ulong> Memory { get; } = [];

    /// <summary>Addresses of loads and stores, in order.</summary>
    public List<(string Space, ulong Address)> Accesses { get; } = [];

    public ulong ThreadX { get; set; }

    public PtxMachine Run(params ulong[] arguments)
    {
        Read();
        Assert.That(arguments, Has.Length.EqualTo(parameters.Count), "arguments");
        int steps = 0;
        for (int at = 0; ; at++)
        {
            Assert.That(++steps, Is.LessThan(100_000), "the kernel does not end");
            string line = lines[at];
            if (Guard().Match(line) is { Success: true } guard)
            {
                if (registers[guard.Groups[2].Value] == 0 != (guard.Groups[1].Value == "!")) continue;
                line = line[guard.Length..];
            }
            if (line == "ret") return this;
            int space = line.IndexOf(' ');
            string[] operands = [.. line[space..].Split(',').Select(o => o.Trim())];
            if (line[..space] == "bra") at = labels[operands[0]] - 1;
            else Step(line[..space], operands, arguments);
        }
    }

    private void Read()
    {
        ulong next = 4096;
        foreach (string raw in ptx.Split('\n'))
        {
            string line = raw.Trim().TrimEnd(';', ',', ')');
            if (line.StartsWith(".param", StringComparison.Ordinal)) parameters.Add(line.Split(' ')[^1]);
            else if (line.Contains(".b8 ", StringComparison.Ordinal)) arrays[line.Split(".b8 ")[1].Split('[')[0]] = next += 65536;
            else if (line.EndsWith(':')) labels[line[..^1]] = lines.Count;
            else if (line.Length > 0 && line[0] is '@' || line.Length > 0 && char.IsAsciiLetter(line[0])) lines.Add(line);
        }
    }

    private void Step(string mnemonic, string[] operands, ulong[] arguments)
    {
        string[] parts = mnemonic.Split('.');
        string type = parts[^1];
        ulong A(int i) => Value(operands[i]);
        if (mnemonic.StartsWith("ld.param", StringComparison.Ordinal))
        {
            Set(operands[0], arguments[parameters.IndexOf(operands[1].Trim('[', ']'))], type);
            return;
        }
        if (parts[0] is "ld" or "st")
        {
            (string place, string register) = parts[0] == "ld" ? (operands[1], operands[0]) : (operands[0], operands[1]);
            ulong address = place.Trim('[', ']').Split('+').Aggregate(0UL, (sum, part) => sum + Value(part.Trim()));
            if (parts[1] != "global") address = (uint)address;
            Accesses.Add((parts[1], address));
            if (parts[0] == "ld") Set(register, Memory.GetValueOrDefault((parts[1], address)), type);
            else Memory[(parts[1], address)] = Value(register);
            return;
        }
        Set(operands[0], parts[0] switch
        {
            "mov" => operands[1] == "%tid.x" ? ThreadX : A(1),
            "add" => A(1) + A(2),
            "sub" => A(1) - A(2),
            "mul" when parts[1] == "lo" => A(1) * A(2),
            "mul" => type == "s32" ? (ulong)((long)(int)A(1) * (int)A(2)) : (ulong)(uint)A(1) * (uint)A(2),
            "shl" => A(1) << (int)A(2),
            "shr" => type switch
            {
                "s32" => (ulong)((int)A(1) >> (int)A(2)),
                "s64" => (ulong)((long)A(1) >> (int)A(2)),
                "u32" => (uint)A(1) >> (int)A(2),
                _ => A(1) >> (int)A(2),
            },
            "and" => A(1) & A(2),
            "xor" => A(1) ^ A(2),
            "not" => A(1) ^ 1,
            "neg" => 0 - A(1),
            "cvt" => parts[2] == "s32" ? (ulong)(int)A(1) : parts[2] == "u32" ? (uint)A(1) : A(1),
            "setp" => Compare(parts[1], type, A(1), A(2)) ? 1UL : 0UL,
            "selp" => A(3) != 0 ? A(1) : A(2),
            _ => throw new NotSupportedException(mnemonic),
        }, parts[0] is "setp" ? "pred" : mnemonic.StartsWith("mul.wide", StringComparison.Ordinal) ? "b64" : parts[0] == "cvt"
            ? parts[1] : type);
    }

    private static bool Compare(string relation, string type, ulong a, ulong b)
    {
        int order = type switch
        {
            "s32" => ((int)a).CompareTo((int)b),
            "u32" => ((uint)a).CompareTo((uint)b),
            "s64" => ((long)a).CompareTo((long)b),
            _ => a.CompareTo(b),
        };
        return relation switch
        {
            "eq" => order == 0,
            "ne" => order != 0,
            "lt" => order < 0,
            "le" => order <= 0,
            "gt" => order > 0,
            _ => order >= 0,
        };
    }

    private ulong Value(string text)
    {
        if (text[0] == '%') return registers[text];
        if (arrays.TryGetValue(text.Split('+')[0], out ulong address))
            return address + (text.Contains('+') ? Value(text.Split('+')[1]) : 0);
        return (ulong)long.Parse(text, CultureInfo.InvariantCulture);
    }

    private void Set(string register, ulong value, string type) =>
        registers[register] = type.EndsWith("32", StringComparison.Ordinal) ? (uint)value : value;

    [GeneratedRegex(@"^@(!?)(%\w+) ")]
    private static partial Regex Guard();
}
