using System.Buffers.Binary;
using System.Text;
using GatysGpu.Weights.Sources;

namespace GatysGpu.Weights.Hdf5;

/// <summary>The groups of an HDF5 file as h5py writes it by default.</summary>
/// <remarks>
/// The HDF5 File Format Specification, version 1.1: superblock 0 and 1 (II.A), version 1 B-trees (III.A.1), symbol table nodes
/// (III.B), local heaps (III.D), object headers of version 1 (IV.A.1.a). What newer libraries write only on request
/// (<c>libver='latest'</c>) is refused with a message. Every address is checked by <see cref="SourceFile"/>; a budget of bytes
/// ends trees that loop.
/// </remarks>
internal sealed class Hdf5File(SourceFile file)
{
    private const int EntrySize = 40, MaximumDepth = 8, MaximumHeap = 1 << 16;
    private int budget = 64 << 20;
    private long baseAddress;

    /// <summary>One message of an object's header.</summary>
    public readonly record struct Message(int Type, byte[] Data);

    /// <summary>First bytes of such a file.</summary>
    public static ReadOnlySpan<byte> Signature => [0x89, (byte)'H', (byte)'D', (byte)'F', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>All objects that are not groups: path without a leading slash, and header messages.</summary>
    public IEnumerable<(string Path, List<Message> Messages)> Objects()
    {
        byte[] super = Read(0, 100);
        int version = super[8];
        if (version > 1) throw Unsupported($"superblock version {version}", "version 0 or 1");
        if (super[13] != 8 || super[14] != 8) throw Unsupported($"{8 * super[13]}-bit offsets", "64-bit");
        int at = version == 0 ? 24 : 28;
        baseAddress = Int64(super, at);
        return Walk("", Int64(super, at + 4 * 8 + 8), 0);
    }

    /// <summary>Bytes at an address of the file's own.</summary>
    public byte[] Read(long address, int count)
    {
        // 64 more, so that reading nothing costs too.
        if ((budget -= count + 64) < 0) throw Damaged("its structure takes over 64 MB, or forms a loop");
        if (address < 0 || address > file.Length) throw Damaged($"refers to address {address} of {file.Length}");
        return file.Read(baseAddress + address, count);
    }

    /// <summary>The address as an offset in the file.</summary>
    public long Offset(long address) => baseAddress + address;

    /// <summary>An error for a structure that contradicts itself.</summary>
    public WeightException Damaged(string what) =>
        new(file.Path, $"is HDF5, but {what}", "It is cut off or damaged: download it again.");

    /// <summary>An error for a structure that is in order but not read here.</summary>
    public WeightException Unsupported(string found, string expected) =>
        new(file.Path, $"is HDF5 with {found}, expected {expected}",
        $"Save it again with h5py's defaults, without compression; or take {FileKinds.Readable}.");

    private IEnumerable<(string, List<Message>)> Walk(string path, long header, int depth)
    {
        if (depth > MaximumDepth) throw Damaged($"its groups are nested more than {MaximumDepth} deep");
        List<Message> messages = Header(header);
        int table = messages.FindIndex(m => m.Type == 0x11);
        if (table < 0)
        {
            yield return (path, messages);
            yield break;
        }
        byte[] addresses = Sized(messages[table], 16);
        byte[] heap = Read(Int64(addresses, 8), 32);
        if (!heap.AsSpan().StartsWith("HEAP"u8)) throw Damaged($"the group '{path}' has no heap of names");
        long namesSize = Int64(heap, 8);
        if (namesSize is < 0 or > MaximumHeap) throw Damaged($"the group '{path}' has {namesSize} bytes of names");
        byte[] names = Read(Int64(heap, 24), (int)namesSize);
        foreach ((long name, long child) in Entries(Int64(addresses, 0), 0))
        {
            if (name < 0 || name >= names.Length) throw Damaged($"a name in the group '{path}' lies at {name} of {names.Length}");
            ReadOnlySpan<byte> text = names.AsSpan((int)name);
            int end = text.IndexOf((byte)0);
            string own = Encoding.UTF8.GetString(end < 0 ? text : text[..end]);
            foreach ((string, List<Message>) found in Walk(path.Length == 0 ? own : $"{path}/{own}", child, depth + 1))
                yield return found;
        }
    }

    // A group's B-tree: inner nodes point to nodes, leaves (level 0) to symbol table nodes, whose entries name objects.
    private IEnumerable<(long Name, long Header)> Entries(long address, int depth)
    {
        if (depth > MaximumDepth) throw Damaged("a B-tree is too deep");
        byte[] node = Read(address, 24);
        if (!node.AsSpan().StartsWith("TREE"u8) || node[4] != 0) throw Damaged($"there is no B-tree of a group at {address}");
        int used = UInt16(node, 6), level = node[5];
        // Keys and children take turns: key, child, key, child, …, key.
        byte[] children = Read(address + 24, used * 16 + 8);
        for (int i = 0; i < used; i++)
        {
            long child = Int64(children, 8 + 16 * i);
            if (level > 0)
            {
                foreach ((long, long) entry in Entries(child, depth + 1)) yield return entry;
                continue;
            }
            byte[] symbols = Read(child, 8);
            if (!symbols.AsSpan().StartsWith("SNOD"u8)) throw Damaged($"there is no symbol table at {child}");
            int count = UInt16(symbols, 6);
            byte[] entries = Read(child + 8, count * EntrySize);
            for (int e = 0; e < count; e++) yield return (Int64(entries, e * EntrySize), Int64(entries, e * EntrySize + 8));
        }
    }

    private List<Message> Header(long address)
    {
        byte[] prefix = Read(address, 16);
        if (prefix[0] != 1)
            throw prefix.AsSpan().StartsWith("OHDR"u8) ? Unsupported("object headers of version 2", "version 1")
                : Damaged($"there is no object at {address}");
        List<Message> messages = [];
        Queue<(long Address, long Length)> blocks = new([(address + 16, UInt32(prefix, 8))]);
        while (blocks.TryDequeue(out (long Address, long Length) block))
        {
            if (block.Length is < 0 or > MaximumHeap)
                throw Damaged($"the object at {address} has {block.Length} bytes of header");
            byte[] bytes = Read(block.Address, (int)block.Length);
            for (int at = 0; at + 8 <= bytes.Length;)
            {
                (int type, int size) = (UInt16(bytes, at), UInt16(bytes, at + 2));
                if (size > bytes.Length - at - 8)
                    throw Damaged($"a message of the object at {address} is longer than its header");
                byte[] data = bytes[(at + 8)..(at + 8 + size)];
                at += 8 + size;
                if (type == 0x10) blocks.Enqueue((Int64(Sized(new(type, data), 16), 0), Int64(data, 8)));
                else messages.Add(new Message(type, data));
            }
        }
        return messages;
    }

    /// <summary>A message's bytes, of which there must be at least <paramref name="count"/>.</summary>
    public byte[] Sized(Message message, int count) =>
        message.Data.Length >= count ? message.Data
            : throw Damaged($"a message of type {message.Type} has {message.Data.Length} bytes, expected {count}");

    public static long Int64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));
    public static uint UInt32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
    public static ushort UInt16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));
}
