using System.Buffers.Binary;
using System.Text;

namespace GatysGpu.Tests.Engine;

/// <summary>Reads NumPy's .npy files of float64, for golden gradients.</summary>
internal static class NpyArray
{
    public static double[] Read(string path)
    {
        byte[] file = File.ReadAllBytes(path);
        Assert.That(file.AsSpan(1, 5).SequenceEqual("NUMPY"u8), $"{path} is not an .npy file");
        int header = BinaryPrimitives.ReadUInt16LittleEndian(file.AsSpan(8));
        Assert.That(Encoding.ASCII.GetString(file, 10, header), Does.Contain("'<f8'").And.Contain("'fortran_order': False"));
        ReadOnlySpan<byte> data = file.AsSpan(10 + header);
        double[] values = new double[data.Length / 8];
        for (int i = 0; i < values.Length; i++) values[i] = BinaryPrimitives.ReadDoubleLittleEndian(data[(8 * i)..]);
        return values;
    }
}
