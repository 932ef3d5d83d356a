using System.Globalization;
using System.Text;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Ptx;

/// <summary>Names of registers, parameters and arrays in one PTX text, and which registers it must declare.</summary>
/// <remarks>A register is <c>%</c>, the name of its variable in the source and its number: <c>%sum_12</c>. The number keeps the
/// names apart from one another and from PTX's own (<c>%tid</c>). Parameters and arrays get a number or a prefix for the same
/// reason: PTX has reserved words such as <c>max</c>.</remarks>
internal sealed class PtxNames
{
    private const int LongestName = 40;
    private const int LongestLine = 120;

    private readonly SortedDictionary<string, List<string>> declared = new(StringComparer.Ordinal);
    private readonly Dictionary<Value, string> known = [];
    private readonly Dictionary<MemoryArray, string> arrays = [];
    private int registers;

    /// <summary>The name of a register or of the register that holds a parameter. Declares it at its first use.</summary>
    public string Of(Value value)
    {
        if (known.TryGetValue(value, out string? name)) return name;
        name = value switch
        {
            Parameter parameter => $"%{Sanitised(parameter.Name)}_arg{parameter.Index.ToString(CultureInfo.InvariantCulture)}",
            Register register => Numbered(register.Name ?? "t"),
            _ => throw new ArgumentException($"{value.GetType().Name} has no register"),
        };
        Declare(ClassOf(value.Type), name);
        return known[value] = name;
    }

    /// <summary>One more register of a class such as <c>b32</c>.</summary>
    public string Temporary(string registerClass, string name)
    {
        string full = Numbered(name);
        Declare(registerClass, full);
        return full;
    }

    /// <summary>Name of a parameter of the entry.</summary>
    public static string OfParameter(Parameter parameter) =>
        $"{Sanitised(parameter.Name)}_{parameter.Index.ToString(CultureInfo.InvariantCulture)}";

    /// <summary>Name of a shared or local array.</summary>
    public string OfArray(MemoryArray array)
    {
        if (arrays.TryGetValue(array, out string? name)) return name;
        name = (array.Dynamic ? "dynamic_" : array.Shared ? "shared_" : "local_") + Sanitised(array.Name);
        while (arrays.ContainsValue(name)) name += "_";
        return arrays[array] = name;
    }

    /// <summary>The declarations of all registers named so far.</summary>
    public string Declarations()
    {
        StringBuilder text = new();
        foreach ((string registerClass, List<string> names) in declared)
        {
            int line = LongestLine;
            foreach (string name in names)
            {
                if (line + name.Length + 2 > LongestLine)
                {
                    if (text.Length > 0) text.Append(";\n");
                    text.Append("\t.reg .").Append(registerClass).Append(' ').Append(name);
                    line = 16 + name.Length;
                    continue;
                }
                text.Append(", ").Append(name);
                line += name.Length + 2;
            }
        }
        return text.Length > 0 ? text.Append(";\n").ToString() : "";
    }

    /// <summary>The register class of a type. Bit classes fit signed and unsigned instructions alike.</summary>
    public static string ClassOf(IrType type) => type switch
    {
        IrType.Bool => "pred",
        IrType.Float32 => "f32",
        IrType.Float64 => "f64",
        _ => type.Is64Bit() ? "b64" : "b32",
    };

    private string Numbered(string name) => $"%{Sanitised(name)}_{(registers++).ToString(CultureInfo.InvariantCulture)}";

    private void Declare(string registerClass, string name)
    {
        if (!declared.TryGetValue(registerClass, out List<string>? names)) declared[registerClass] = names = [];
        names.Add(name);
    }

    private static string Sanitised(string name)
    {
        StringBuilder text = new();
        foreach (char c in name.AsSpan(0, Math.Min(name.Length, LongestName)))
            text.Append(char.IsAsciiLetterOrDigit(c) || c is '_' or '$' ? c : '_');
        return text.Length > 0 ? text.ToString() : "_";
    }
}
