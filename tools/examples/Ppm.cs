using GatysGpu.Engine.Imaging;

namespace GatysGpu.Examples;

internal static class Ppm
{
    public static void Write(Picture picture, string path)
    {
        using var file = File.Create(path);
        file.Write(System.Text.Encoding.ASCII.GetBytes($"P6\n{picture.Width} {picture.Height}\n255\n"));
        var bytes = new byte[picture.Samples.Length];
        int plane = picture.Width * picture.Height;
        for (int i = 0; i < plane; i++)
            for (int c = 0; c < 3; c++) bytes[(3 * i) + c] = (byte)MathF.Round(picture.Samples[(c * plane) + i]);
        file.Write(bytes);
    }
}
