using System.Security.Cryptography;

namespace GatysGpu.Weights.Flat;

/// <summary>Passes everything that is written on to another stream and into SHA-256, and counts it.</summary>
internal sealed class HashingStream(Stream inner) : IDisposable
{
    private static readonly byte[] Zeros = new byte[FlatFormat.Alignment];
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>Bytes written so far.</summary>
    public long Position { get; private set; }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        hash.AppendData(bytes);
        inner.Write(bytes);
        Position += bytes.Length;
    }

    /// <summary>Zeros up to <paramref name="offset"/>, at most 63.</summary>
    public void PadTo(long offset) => Write(Zeros.AsSpan(0, (int)(offset - Position)));

    /// <summary>Writes the hash of all that went before; nothing may follow.</summary>
    public void WriteHash()
    {
        byte[] digest = hash.GetHashAndReset();
        inner.Write(digest);
        Position += digest.Length;
    }

    public void Dispose() => hash.Dispose();
}
