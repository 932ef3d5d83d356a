namespace GatysGpu.Kernels.Compiler.Simt;

/// <summary>Puts copies that happen at once into an order in which they can happen one after the other.</summary>
internal static class ParallelMoves
{
    /// <summary>The copies in order; a cycle is opened with a spare row.</summary>
    /// <param name="moves">Each destination once; rows are either the same or apart.</param>
    /// <param name="spare">Gives a row of a size that nothing else uses.</param>
    internal static List<Move> Order(IEnumerable<Move> moves, Func<int, int> spare)
    {
        List<Move> waiting = [.. moves.Where(m => m.Destination != m.Source)];
        Dictionary<int, int> readers = [];
        foreach (Move move in waiting) readers[move.Source] = readers.GetValueOrDefault(move.Source) + 1;
        List<Move> ordered = [];
        while (waiting.Count > 0)
        {
            int ready = waiting.FindIndex(m => readers.GetValueOrDefault(m.Destination) == 0);
            if (ready >= 0)
            {
                Move move = waiting[ready];
                waiting.RemoveAt(ready);
                ordered.Add(move);
                readers[move.Source]--;
                continue;
            }
            // Everything left is read before it may be written: save the first one's old value and let its readers take that.
            Move first = waiting[0];
            int saved = spare(first.Size);
            ordered.Add(new Move(saved, first.Destination, first.Size));
            for (int i = 0; i < waiting.Count; i++)
                if (waiting[i].Source == first.Destination) waiting[i] = waiting[i] with { Source = saved };
            readers[saved] = readers[first.Destination];
            readers[first.Destination] = 0;
        }
        return ordered;
    }
}
