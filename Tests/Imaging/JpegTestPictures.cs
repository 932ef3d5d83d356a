using System.Diagnostics;
using System.Text;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

/// <summary>Pictures for the JPEG tests, made by formula, and what the tests do with them.</summary>
internal static class JpegTestPictures
{
    /// <summary>No limit that matters here.</summary>
    public const long MaxPixels = 100_000_000;

    /// <summary>19×13 pixels with waves of several lengths and a red disc; the picture in <see cref="JpegEmbeddedFiles"/>.</summary>
    public static Picture Small() => Make(19, 13, (x, y) => (x - 6) * (x - 6) + (y - 7) * (y - 7) < 16
        ? (230, 40, 60)
        : (Wave(5 * x + 3 * y), Wave(200 + 2 * x - 7 * y), Wave(3 * x + y * y)));

    /// <summary>Smooth slopes, a few edges and a little noise, about what a photograph has.</summary>
    public static Picture Photo(int width, int height, int seed = 1)
    {
        Random random = new(seed);
        return Make(width, height, (x, y) =>
        {
            int noise = random.Next(-6, 7), edge = (x / 29 + y / 23) % 3 * 40;
            return (40 + edge + (x * 2 + y) % 90 + noise, 60 + edge + (y * 2) % 70 + noise, 200 - edge - x % 80 + noise);
        });
    }

    /// <summary>The samples as R, G, B bytes, row by row. They must be whole numbers.</summary>
    public static byte[] Interleaved(Picture picture)
    {
        var bytes = new byte[picture.Samples.Length];
        for (int i = 0; i < bytes.Length; i++) bytes[i] = (byte)picture.Plane(i % 3)[i / 3];
        return bytes;
    }

    /// <summary>A picture of R, G, B bytes.</summary>
    public static Picture FromInterleaved(int width, int height, ReadOnlySpan<byte> bytes)
    {
        Picture picture = new(width, height);
        for (int i = 0; i < bytes.Length; i++) picture.Plane(i % 3)[i / 3] = bytes[i];
        return picture;
    }

    /// <summary>Fails unless the pixels differ by at most <paramref name="tolerance"/>; names the worst.</summary>
    public static void AssertClose(Picture actual, Picture expected, float tolerance, string what)
    {
        Assert.That((actual.Width, actual.Height), Is.EqualTo((expected.Width, expected.Height)), what);
        int worst = 0;
        for (int i = 1; i < actual.Samples.Length; i++)
            if (!(Difference(i) <= Difference(worst))) worst = i;
        int size = actual.Width * actual.Height, at = worst % size;
        if (!(Difference(worst) <= tolerance))
            Assert.Fail($"{what}: channel {worst / size} at ({at % actual.Width}, {at / actual.Width}) is {actual.Samples[worst]}, "
                + $"expected {expected.Samples[worst]} ± {tolerance}");

        float Difference(int i) => Math.Abs(actual.Samples[i] - expected.Samples[i]);
    }

    /// <summary>10·log₁₀(255² / mean squared difference), in dB.</summary>
    public static double Psnr(Picture a, Picture b)
    {
        double sum = 0;
        for (int i = 0; i < a.Samples.Length; i++) sum += Math.Pow(a.Samples[i] - b.Samples[i], 2);
        return 10 * Math.Log10(255 * 255 / (sum / a.Samples.Length));
    }

    /// <summary>Encodes with our encoder.</summary>
    public static byte[] Encode(Picture picture, int quality)
    {
        MemoryStream file = new();
        new JpegCodec().Encode(picture, new PictureWriteOptions(Quality: quality), file);
        return file.ToArray();
    }

    /// <summary>Decodes with our decoder.</summary>
    public static Picture Decode(byte[] file) => new JpegCodec().Decode(file, MaxPixels);

    /// <summary>A file that other programs read.</summary>
    public static byte[] Ppm(Picture picture) =>
        [.. Encoding.ASCII.GetBytes($"P6\n{picture.Width} {picture.Height}\n255\n"), .. Interleaved(picture)];

    /// <summary>Reads what other programs write: P6, or P5 for grey, without comments.</summary>
    public static Picture FromPpm(byte[] file)
    {
        int start = 0;
        for (int lines = 0; lines < 3; start++)
            if (file[start] == '\n') lines++;
        string[] header = Encoding.ASCII.GetString(file, 0, start).Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        byte[] pixels = file[start..];
        if (header[0] == "P5") pixels = [.. pixels.SelectMany(v => (byte[])[v, v, v])];
        return FromInterleaved(int.Parse(header[1]), int.Parse(header[2]), pixels);
    }

    /// <summary>The path of a program. Skips the running test where it is not installed.</summary>
    public static string RequireTool(string name)
    {
        string path = Path.Combine("/usr/bin", name);
        if (!File.Exists(path)) Assert.Ignore($"{path} is not on this machine");
        return path;
    }

    /// <summary>Runs a program on some bytes and returns what it printed.</summary>
    public static byte[] Run(string tool, byte[] input, params string[] arguments)
    {
        ProcessStartInfo start = new(tool, arguments)
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        Task feeding = Task.Run(() =>
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        });
        MemoryStream output = new();
        process.StandardOutput.BaseStream.CopyTo(output);
        process.WaitForExit();
        feeding.Wait();
        Assert.That(process.ExitCode, Is.Zero, $"{tool} {string.Join(' ', arguments)}: {errors.Result}");
        return output.ToArray();
    }

    private static int Wave(int t) => Math.Abs(((t * 4) % 510 + 510) % 510 - 255);

    private static Picture Make(int width, int height, Func<int, int, (int R, int G, int B)> pixel)
    {
        Picture picture = new(width, height);
        for (int i = 0; i < width * height; i++)
        {
            (int r, int g, int b) = pixel(i % width, i / width);
            (picture.Plane(0)[i], picture.Plane(1)[i], picture.Plane(2)[i]) = (r, g, b);
        }
        return picture;
    }
}
