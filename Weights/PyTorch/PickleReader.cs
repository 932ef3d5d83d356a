using System.Globalization;
using System.Numerics;
using System.Text;

namespace GatysGpu.Weights.PyTorch;

/// <summary>Reads Python pickles, protocols 0 to 5, as far as files of weights use them.</summary>
/// <remarks>
/// A pickle is a program for a stack machine; Python's own reader lets it call anything. This one knows tensors, numbers,
/// texts, lists, tuples and dictionaries, calls nothing but <see cref="PickleAllowList"/>, and gives up after a million
/// instructions, so that ten megabytes of pickle cannot take more memory than they should.
/// Instructions: Python's <c>pickletools</c>.
/// </remarks>
internal sealed class PickleReader(ByteCursor input, Func<object?, object?> persistent)
{
    private const int MaximumInstructions = 1_000_000;
    private static readonly object Mark = new();
    private static readonly object?[] EmptyTuple = [];

    private readonly List<object?> stack = [];
    private readonly Dictionary<long, object?> memo = [];
    private int instructions;

    /// <summary>Reads one pickle; the input then stands behind it.</summary>
    /// <exception cref="PickleException">It is cut off, too long, or uses what weights do not need.</exception>
    public object? Read()
    {
        stack.Clear();
        memo.Clear();
        for (byte code; (code = input.Byte()) != '.';)
        {
            if (++instructions > MaximumInstructions) throw new PickleException("has over 1,000,000 instructions");
            Run(code);
        }
        return Pop();
    }

    private void Run(byte code)
    {
        switch (code)
        {
            case 0x80: input.Byte(); break; // PROTO
            case 0x95: input.Int64(); break; // FRAME
            case (byte)'(': stack.Add(Mark); break;
            case (byte)'0': Pop(); break;
            case (byte)'1': PopToMark(); break;
            case (byte)'2': stack.Add(Peek()); break;
            case (byte)'N': stack.Add(null); break;
            case 0x88: stack.Add(true); break;
            case 0x89: stack.Add(false); break;
            case (byte)'c': stack.Add(PickleAllowList.Find(input.Line(), input.Line())); break;
            case 0x93: StackGlobal(); break;
            case (byte)'R': Reduce(); break;
            case 0x81: Reduce(); break; // NEWOBJ: a class called with a tuple
            case (byte)'b': Build(); break;
            case (byte)'P': stack.Add(persistent(input.Line())); break;
            case (byte)'Q': stack.Add(persistent(Pop())); break;
            case (byte)'p': memo[Number(input.Line())] = Peek(); break;
            case (byte)'q': memo[input.Byte()] = Peek(); break;
            case (byte)'r': memo[(uint)input.Int32()] = Peek(); break;
            case 0x94: memo[memo.Count] = Peek(); break;
            case (byte)'g': Get(Number(input.Line())); break;
            case (byte)'h': Get(input.Byte()); break;
            case (byte)'j': Get((uint)input.Int32()); break;
            default:
                if (!RunNumber(code) && !RunText(code) && !RunContainer(code))
                    throw new PickleException($"has the instruction 0x{code:X2} at byte {input.Position - 1}, which weights do "
                        + "not need");
                break;
        }
    }

    private bool RunNumber(byte code)
    {
        switch (code)
        {
            case (byte)'J': stack.Add((long)input.Int32()); return true;
            case (byte)'K': stack.Add((long)input.Byte()); return true;
            case (byte)'M': stack.Add((long)(input.Byte() | input.Byte() << 8)); return true;
            case (byte)'I': stack.Add(input.Line() switch { "00" => false, "01" => true, string line => Number(line) });
                return true;
            case (byte)'L': stack.Add(Number(input.Line().TrimEnd('L'))); return true;
            case 0x8A: stack.Add(Long(input.Byte())); return true;
            case 0x8B: stack.Add(Long(input.Int32())); return true;
            case (byte)'G': stack.Add(input.BigEndianDouble()); return true;
            case (byte)'F':
                stack.Add(double.TryParse(input.Line(), NumberStyles.Float, CultureInfo.InvariantCulture, out double d) ? d
                    : throw new PickleException("has a text that is no number"));
                return true;
            default: return false;
        }
    }

    private bool RunText(byte code)
    {
        // Python 2 wrote names as bytes; they are ASCII.
        switch (code)
        {
            case (byte)'S': stack.Add(input.Line().Trim('\'', '"')); return true;
            case (byte)'V': stack.Add(input.Line()); return true;
            case (byte)'U' or (byte)'C': stack.Add(input.Text(input.Byte(), Encoding.Latin1)); return true;
            case (byte)'T' or (byte)'B': stack.Add(input.Text(input.Int32(), Encoding.Latin1)); return true;
            case 0x8C: stack.Add(input.Text(input.Byte(), Encoding.UTF8)); return true;
            case (byte)'X': stack.Add(input.Text((uint)input.Int32(), Encoding.UTF8)); return true;
            case 0x8D: stack.Add(input.Text(input.Int64(), Encoding.UTF8)); return true;
            default: return false;
        }
    }

    private bool RunContainer(byte code)
    {
        switch (code)
        {
            case (byte)']': stack.Add(new List<object?>()); return true;
            case (byte)'l': stack.Add(PopToMark()); return true;
            case (byte)'a': AppendTo([Pop()]); return true;
            case (byte)'e': AppendTo(PopToMark()); return true;
            case (byte)')': stack.Add(EmptyTuple); return true;
            case (byte)'t': stack.Add(PopToMark().ToArray()); return true;
            case 0x85 or 0x86 or 0x87: stack.Add(PopMany(code - 0x84).ToArray()); return true;
            case (byte)'}': stack.Add(new PickleDictionary()); return true;
            case (byte)'d': Dictionary(new PickleDictionary(), PopToMark(), add: true); return true;
            case (byte)'s': SetItems(PopMany(2)); return true;
            case (byte)'u': SetItems(PopToMark()); return true;
            default: return false;
        }
    }

    private void Reduce()
    {
        object? arguments = Pop();
        stack.Add(PickleAllowList.Call(Pop(), arguments));
    }

    private void StackGlobal()
    {
        object? name = Pop(), module = Pop();
        stack.Add(module is string m && name is string n ? PickleAllowList.Find(m, n) :
            throw new PickleException("names something without text"));
    }

    // An ordered dictionary may carry attributes (_metadata); nothing else may.
    private void Build()
    {
        object? state = Pop();
        if (Peek() is not PickleDictionary || state is not PickleDictionary)
            throw new PickleException($"sets the state of a {Peek()?.GetType().Name}, expected a dictionary's");
    }

    private void SetItems(List<object?> items) =>
        Dictionary(Peek() as PickleDictionary ?? throw new PickleException("sets an item of something that is no dictionary"),
            items, add: false);

    private void Dictionary(PickleDictionary dictionary, List<object?> items, bool add)
    {
        if (items.Count % 2 != 0) throw new PickleException("has a dictionary with a key but no value");
        for (int i = 0; i < items.Count; i += 2) dictionary.Set(items[i], items[i + 1]);
        if (add) stack.Add(dictionary);
    }

    private void AppendTo(List<object?> items) =>
        (Peek() as List<object?> ?? throw new PickleException("appends to something that is no list")).AddRange(items);

    private void Get(long key) =>
        stack.Add(memo.TryGetValue(key, out object? value) ? value : throw new PickleException(
            $"recalls value {key}, which it did not store"));

    private object? Peek() =>
        stack.Count > 0 && stack[^1] != Mark ? stack[^1] : throw new PickleException("takes from an empty stack");

    private object? Pop()
    {
        object? top = Peek();
        stack.RemoveAt(stack.Count - 1);
        return top;
    }

    private List<object?> PopMany(int count)
    {
        object?[] values = new object?[count];
        for (int i = count - 1; i >= 0; i--) values[i] = Pop();
        return [.. values];
    }

    private List<object?> PopToMark()
    {
        int mark = stack.LastIndexOf(Mark);
        if (mark < 0) throw new PickleException("takes back to a mark that it did not set");
        List<object?> values = stack[(mark + 1)..];
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    // Sizes and offsets fit 64 bits, and the container's magic number fits 80.
    private object Long(int length)
    {
        if (length is < 0 or > 16) throw new PickleException($"has an integer of {length} bytes, expected at most 16");
        BigInteger value = new(input.Take(length));
        return value >= long.MinValue && value <= long.MaxValue ? (long)value : value;
    }

    private static long Number(string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
        ? value
        : throw new PickleException($"has the text '{(text.Length <= 30 ? text : text[..30])}' for an integer");
}
