using GatysGpu.Engine.Imaging;
using GatysGpu.Tests.Imaging;
using GatysGpu.Tests.Weights;
using GatysGpu.Weights;
using GatysGpu.Weights.Flat;

namespace GatysGpu.Tests.Cli;

/// <summary>Tests of the program on two pictures: each has a fresh folder with a content and a style picture.</summary>
/// <param name="contentSize">Width and height of the content picture.</param>
/// <param name="styleSize">Width and height of the style picture.</param>
public abstract class TwoPictureTests((int Width, int Height) contentSize, (int Width, int Height) styleSize)
{
    private protected TemporaryFolder Folder { get; private set; } = null!;

    private protected string Content => Folder.File("content.png");

    private protected string Style => Folder.File("style.png");

    private protected string Output => Folder.File("out.png");

    [SetUp]
    public void MakePictures()
    {
        Folder = new TemporaryFolder();
        PictureFile.Write(Content, GatysRun.Scene(contentSize.Width, contentSize.Height, seed: 1));
        PictureFile.Write(Style, GatysRun.Scene(styleSize.Width, styleSize.Height, seed: 2));
    }

    [TearDown]
    public void RemoveFolder() => Folder.Dispose();

    /// <summary>A short run on the two pictures.</summary>
    private protected GatysRun Stylize(params string[] options) => StylizeOf(Content, Style, options);

    /// <summary>A short run on other pictures.</summary>
    private protected GatysRun StylizeOf(string content, string style, params string[] options)
    {
        List<string> args = ["stylize", content, style];
        // An option that is given twice is an error: those of the short run give way.
        foreach (string[] pair in (string[][])[["-o", Output], .. GatysRun.Short.Chunk(2)])
            if (!options.Contains(pair[0])) args.AddRange(pair);
        return GatysRun.Of([.. args, .. options]);
    }

    /// <summary>Writes the first layers with a few random filters each, for tests to which their numbers do not matter.</summary>
    private protected string NarrowWeights(int layers)
    {
        string path = Folder.File($"{layers}.weights");
        using WeightTable table = TestNetworks.Random(layers, width: 8);
        FlatWriter.Write(path, table);
        return path;
    }
}
