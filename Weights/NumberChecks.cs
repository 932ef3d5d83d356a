using System.Runtime.InteropServices;

namespace GatysGpu.Weights;

/// <summary>Searches values for what no network holds.</summary>
internal static class NumberChecks
{
    /// <summary>Index of the first value that is NaN or whose magnitude exceeds <paramref name="limit"/>, or −1.</summary>
    /// <param name="values">The values.</param>
    /// <param name="limit">Finite, above 0; infinity exceeds it.</param>
    /// <remarks>Bits without the sign order like magnitudes, NaN above infinity: one integer comparison a value, and
    /// no branch until a block of them is known to hold one.</remarks>
    public static int IndexOfBeyond(ReadOnlySpan<float> values, float limit)
    {
        ReadOnlySpan<uint> bits = MemoryMarshal.Cast<float, uint>(values);
        uint largest = BitConverter.SingleToUInt32Bits(limit);
        for (int start = 0; start < bits.Length; start += 4096)
        {
            ReadOnlySpan<uint> block = bits.Slice(start, Math.Min(4096, bits.Length - start));
            uint beyond = 0;
            foreach (uint b in block) beyond |= (b & 0x7FFFFFFF) > largest ? 1u : 0u;
            if (beyond == 0) continue;
            for (int i = 0; i < block.Length; i++)
                if ((block[i] & 0x7FFFFFFF) > largest) return start + i;
        }
        return -1;
    }
}
