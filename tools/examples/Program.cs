using System.Diagnostics;
using GatysGpu.Engine.Imaging;
using GatysGpu.Examples.Brushwork;
using GatysGpu.Examples.Coast;
using GatysGpu.Examples.Mosaic;
using GatysGpu.Examples.Woodblock;

// The repository's own pictures, drawn from fixed seeds: dotnet run -c Release --project tools/examples -- OUTDIR [NAME...]
if (args.Length == 0)
{
    Console.Error.WriteLine("usage: examples OUTDIR [coast] [brushwork] [woodblock] [mosaic]");
    return 2;
}

(string Name, Func<Picture> Draw)[] pictures =
[
    ("coast", CoastPicture.Draw),
    ("brushwork", BrushworkPicture.Draw),
    ("woodblock", WoodblockPicture.Draw),
    ("mosaic", MosaicPicture.Draw),
];

string[] wanted = args[1..];
Directory.CreateDirectory(args[0]);
foreach (var (name, draw) in pictures)
{
    if (wanted.Length > 0 && !wanted.Contains(name)) continue;
    var clock = Stopwatch.StartNew();
    string path = Path.Combine(args[0], name + ".jpg");
    PictureFile.Write(path, draw(), new PictureWriteOptions(Quality: 92));
    Console.WriteLine($"{path}  {new FileInfo(path).Length / 1024} KiB  {clock.Elapsed.TotalSeconds:f1} s");
}
return 0;
