using System.Security.Cryptography;

namespace GatysGpu.Weights;

/// <summary>Hashes of whole files.</summary>
internal static class FileHash
{
    /// <summary>A file's hash in lower-case hexadecimal digits; read in pieces.</summary>
    public static string Of(string path, HashAlgorithmName algorithm)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        using IncrementalHash hash = IncrementalHash.CreateHash(algorithm);
        byte[] chunk = new byte[1 << 18];
        for (int n; (n = file.Read(chunk)) > 0;) hash.AppendData(chunk, 0, n);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
