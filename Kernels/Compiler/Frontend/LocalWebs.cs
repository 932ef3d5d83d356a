using System.Collections;
using System.Reflection.Emit;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Which accesses of a method's local variables belong together.</summary>
/// <remarks>
/// The C# compiler lets variables of one type share a slot where their lives do not overlap. A web is what one variable was in
/// the source: stores and the loads that they reach (Muchnick, Advanced Compiler Design, 16.3.3). So a slot may hold a view of
/// global memory here and one of shared memory there, and each variable keeps its name. Taking the address (ldloca) is a load
/// that may also store.
/// </remarks>
internal sealed class LocalWebs
{
    private readonly int[] webOf;

    private LocalWebs(int[] webOf, Web[] webs)
    {
        this.webOf = webOf;
        Webs = webs;
    }

    /// <summary>One variable of the source.</summary>
    /// <param name="Slot">Its slot.</param>
    /// <param name="Accesses">Indices of the instructions that access it, ascending.</param>
    /// <param name="Stores">Those of them after which nothing is left of what was there.</param>
    /// <param name="Zeroed">Whether some access sees the zeros with which the method begins.</param>
    public readonly record struct Web(int Slot, int[] Accesses, int[] Stores, bool Zeroed);

    /// <summary>All of them.</summary>
    public IReadOnlyList<Web> Webs { get; }

    /// <summary>The web that the instruction at an index accesses.</summary>
    public int At(int instruction) => webOf[instruction];

    /// <summary>The webs of a method.</summary>
    /// <param name="instructions">Its body.</param>
    /// <param name="slots">Number of slots.</param>
    /// <param name="split">Whether a slot whose address is taken may be several variables: needed where it holds a view, whose
    /// kind of memory may differ. Elsewhere the address may outlive a store, so that the slot is one variable.</param>
    public static LocalWebs Find(IlInstruction[] instructions, int slots, Func<int, bool> split)
    {
        Access[] accesses =
            [.. instructions.Select((il, i) =>
            Classify(il, i + 1 < instructions.Length ? instructions[i + 1].OpCode : OpCodes.Nop))];
        HashSet<int> whole = [.. accesses.Where(a => a.Slot >= 0 && a.Reads && a.Writes && !split(a.Slot)).Select(a => a.Slot)];
        for (int i = 0; i < accesses.Length; i++)
            if (whole.Contains(accesses[i].Slot)) accesses[i] = accesses[i] with { Reads = true, Kills = false };
        return new Search(instructions, accesses, slots).Run();
    }

    // The slot that an instruction accesses: what it may read, what it writes, and whether nothing of before is left then.
    private readonly record struct Access(int Slot, bool Reads, bool Writes, bool Kills);

    private static Access Classify(IlInstruction il, OpCode next)
    {
        string name = il.OpCode.Name!;
        if (name == "localloc" || !name.Contains("loc", StringComparison.Ordinal)) return new Access(-1, false, false, false);
        int slot = il.OpCode.OperandType == OperandType.InlineNone ? name[^1] - '0' : (int)il.Number;
        if (name[0] == 's') return new Access(slot, false, true, true);
        if (!name.StartsWith("ldloca", StringComparison.Ordinal)) return new Access(slot, true, false, false);
        bool whole = next == OpCodes.Initobj;
        return new Access(slot, !whole, true, whole);
    }

    // Reaching definitions. Definition s is the zeros of slot s; then comes one for each instruction that writes.
    private sealed class Search
    {
        private readonly IlInstruction[] instructions;
        private readonly Access[] accesses;
        private readonly int slots;
        private readonly int[] definitionAt;
        private readonly List<int>[] definitionsOf;
        private readonly int[] parent;

        public Search(IlInstruction[] instructions, Access[] accesses, int slots)
        {
            this.instructions = instructions;
            this.accesses = accesses;
            this.slots = slots;
            definitionAt = new int[accesses.Length];
            definitionsOf = [.. Enumerable.Range(0, slots).Select(s => new List<int> { s })];
            int count = slots;
            for (int i = 0; i < accesses.Length; i++)
                if (accesses[i].Writes) definitionsOf[accesses[i].Slot].Add(definitionAt[i] = count++);
            parent = [.. Enumerable.Range(0, count)];
        }

        public LocalWebs Run()
        {
            (int Start, int End, int[] Next)[] blocks = Blocks();
            BitArray?[] entering = new BitArray?[blocks.Length];
            entering[0] = new BitArray(parent.Length);
            for (int s = 0; s < slots; s++) entering[0]![s] = true;
            Stack<int> work = new([0]);
            while (work.TryPop(out int b))
            {
                BitArray leaving = new(entering[b]!);
                for (int i = blocks[b].Start; i < blocks[b].End; i++) Define(i, leaving);
                foreach (int next in blocks[b].Next)
                {
                    BitArray merged = entering[next] is { } before ? new BitArray(before).Or(leaving) : new BitArray(leaving);
                    if (entering[next] is { } old && !new BitArray(merged).Xor(old).HasAnySet()) continue;
                    entering[next] = merged;
                    work.Push(next);
                }
            }
            int[] roots = new int[accesses.Length];
            for (int b = 0; b < blocks.Length; b++)
            {
                BitArray reaching = entering[b] ?? new BitArray(parent.Length);
                for (int i = blocks[b].Start; i < blocks[b].End; i++)
                {
                    if (accesses[i].Slot >= 0) roots[i] = Use(i, reaching);
                    Define(i, reaching);
                }
            }
            return Collect(roots);
        }

        private void Define(int i, BitArray reaching)
        {
            if (!accesses[i].Writes) return;
            if (accesses[i].Kills)
                foreach (int definition in definitionsOf[accesses[i].Slot]) reaching[definition] = false;
            reaching[definitionAt[i]] = true;
        }

        private int Use(int i, BitArray reaching)
        {
            int found = accesses[i].Writes ? definitionAt[i] : -1;
            if (accesses[i].Reads)
                foreach (int definition in definitionsOf[accesses[i].Slot])
                    if (reaching[definition])
                    {
                        if (found >= 0) parent[Root(definition)] = Root(found);
                        found = definition;
                    }
            return found < 0 ? accesses[i].Slot : found;
        }

        private int Root(int definition)
        {
            while (parent[definition] != definition) definition = parent[definition] = parent[parent[definition]];
            return definition;
        }

        private LocalWebs Collect(int[] found)
        {
            int[] webOf = new int[accesses.Length];
            Dictionary<int, int> number = [];
            List<List<int>> members = [];
            for (int i = 0; i < accesses.Length; i++)
            {
                webOf[i] = -1;
                if (accesses[i].Slot < 0) continue;
                int root = Root(found[i]);
                if (!number.TryGetValue(root, out int web))
                {
                    number[root] = web = members.Count;
                    members.Add([]);
                }
                members[web].Add(i);
                webOf[i] = web;
            }
            HashSet<int> zeroed = [.. Enumerable.Range(0, slots).Select(Root)];
            return new LocalWebs(webOf, [.. number.OrderBy(n => n.Value)
                .Select(n => new Web(accesses[members[n.Value][0]].Slot, [.. members[n.Value]],
                    [.. members[n.Value].Where(i => accesses[i].Kills)], zeroed.Contains(n.Key)))]);
        }

        private (int, int, int[])[] Blocks()
        {
            SortedSet<int> starts = [0];
            Dictionary<int, int> indexOf = [];
            for (int i = 0; i < instructions.Length; i++) indexOf[instructions[i].Offset] = i;
            for (int i = 0; i < instructions.Length; i++)
            {
                foreach (int target in Targets(i)) starts.Add(indexOf[target]);
                if (instructions[i].EndsBlock) starts.Add(i + 1);
            }
            starts.Remove(instructions.Length);
            int[] order = [.. starts];
            Dictionary<int, int> blockAt = [];
            for (int b = 0; b < order.Length; b++) blockAt[order[b]] = b;
            return [.. order.Select((start, b) =>
            {
                int end = b + 1 < order.Length ? order[b + 1] : instructions.Length;
                IEnumerable<int> next = Targets(end - 1).Select(t => blockAt[indexOf[t]]);
                if (instructions[end - 1].FallsThrough && end < instructions.Length) next = next.Append(b + 1);
                return (start, end, next.ToArray());
            })];
        }

        private int[] Targets(int i) =>
            instructions[i].Targets ?? (instructions[i].IsBranch ? [(int)instructions[i].Number] : []);
    }
}
