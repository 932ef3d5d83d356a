using GatysGpu.Cli;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>One run of the program within this process.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Output">What it printed on its output stream.</param>
/// <param name="Error">What it printed on its error stream.</param>
internal sealed record GatysRun(int Code, string Output, string Error)
{
    /// <summary>Options that make a run short: one small scale, two iterations, early layers.</summary>
    public static string[] Short { get; } =
        ["--size", "40", "--iterations", "2", "--weights", "self", "--content-layers", "conv2_1", "--style-layers", "conv1_1,conv2_1"];

    public static GatysRun Of(params string[] args)
    {
        StringWriter output = new(), error = new();
        int code = GatysProgram.Run(args, output, error);
        return new GatysRun(code, output.ToString(), error.ToString());
    }

    /// <summary>The error stream's lines.</summary>
    public string[] Errors => Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Asserts that the program did what it was asked for.</summary>
    public GatysRun Succeeded()
    {
        Assert.That(Code, Is.Zero, Error);
        return this;
    }

    /// <summary>Asserts exit code 2 and one line that holds these words.</summary>
    public void Refused(params string[] words)
    {
        Assert.That(Code, Is.EqualTo(2), Error);
        Assert.That(Output, Is.Empty);
        string[] messages = [.. Errors.Where(line => line.StartsWith("gatys: ", StringComparison.Ordinal))];
        Assert.That(messages, Has.Length.EqualTo(1), Error);
        foreach (string word in words) Assert.That(messages[0], Does.Contain(word));
        Assert.That(Error, Does.Not.Contain("   at "), "a stack trace");
    }

    /// <summary>A picture with forms of several sizes and some noise.</summary>
    public static Picture Scene(int width, int height, int seed)
    {
        Random random = new(seed);
        Picture picture = new(width, height);
        for (int c = 0; c < 3; c++)
            for (int i = 0; i < width * height; i++)
            {
                (int x, int y) = (i % width, i / width);
                double form = 128 + 70 * Math.Sin((x + seed) * (0.11 + 0.05 * c)) + 40 * Math.Cos(y * (0.17 + 0.03 * seed));
                picture.Plane(c)[i] = (float)Math.Clamp(form + 20 * (random.NextDouble() - 0.5), 0, 255);
            }
        return picture;
    }
}
