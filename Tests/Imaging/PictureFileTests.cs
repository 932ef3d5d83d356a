using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Imaging;

public class PictureFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [TestCase("a.png", 8)]
    [TestCase("a.PNG", 16)]
    [TestCase("a.ppm", 8)]
    [TestCase("ä ö.pnm", 16)]
    public void Write_ThenRead_GivesThePicture(string name, int bitDepth)
    {
        Picture picture = PictureAssert.Noise(20, 10, seed: 1);
        PictureFile.Write(folder.File(name), picture, new PictureWriteOptions(bitDepth));
        Assert.That(folder.Names, Is.EqualTo(new[] { name }));
        PictureAssert.Same(PictureFile.Read(folder.File(name)), picture, bitDepth == 8 ? 0.5 : 0.002, name);
    }

    [Test]
    public void Read_TellsTheFormatFromTheContent()
    {
        PictureFile.Write(folder.File("a.png"), PictureAssert.Constant(3, 2, 7));
        File.Move(folder.File("a.png"), folder.File("a.ppm"));
        Assert.That(PictureFile.Read(folder.File("a.ppm")).Samples, Is.All.EqualTo(7f));
    }

    private static IEnumerable<TestCaseData> WrongContents()
    {
        byte[] png = PngKinds.Random(2, 8, 30, 20, interlaced: false, seed: 1).Write();
        yield return Case("empty", [], "the file is empty");
        yield return Case("one byte", [0x89], "is not a picture of a known format (PNG, ");
        yield return Case("text", "Dear reader, this is no picture."u8.ToArray(), "is not a picture of a known format (PNG, ");
        yield return Case("GIF", "GIF89a and more bytes"u8.ToArray(), "is a GIF picture, which cannot be read; convert it to one of PNG, ");
        yield return Case("WebP", "RIFF\0\0\0\0WEBPVP8 "u8.ToArray(), "is a WebP picture");
        yield return Case("HEIC", "\0\0\0\u0018ftypheic\0\0\0\0"u8.ToArray(), "is a HEIC picture");
        yield return Case("AVIF", "\0\0\0\u0018ftypavif\0\0\0\0"u8.ToArray(), "is an AVIF picture");
        yield return Case("MP4", "\0\0\0\u0018ftypisom\0\0\0\0"u8.ToArray(), "is a video");
        yield return Case("ASCII PPM", "P3 1 1 255 1 2 3"u8.ToArray(), "another kind than P5 and P6");
        yield return Case("cut off", png[..^20], "cut off");
        yield return Case("damaged", [.. png[..100], (byte)~png[100], .. png[101..]], "damaged");
        yield return Case("too large", PngKinds.Random(0, 8, 40, 20, interlaced: false, seed: 1).Write(),
            "claims 40×20 = 0.0008 megapixels, the limit is 0.0006; raise --max-pixels");
    }

    [TestCaseSource(nameof(WrongContents))]
    public void Read_AWrongFile_SaysItsNameAndTheReasonInOneLine(byte[] content, string reason)
    {
        string path = folder.File("photo.png", content);
        PictureException e = Assert.Throws<PictureException>(() => PictureFile.Read(path, maxPixels: 600))!;
        Assert.That(e.Message, Does.StartWith($"{path}: ").And.Contain(reason).And.Not.Contain("\n"));
    }

    [Test]
    public void Read_WhatIsNoFile_SaysSo()
    {
        Assert.That(Message(() => PictureFile.Read(folder.File("none.png"))),
            Does.EndWith("none.png: there is no such file; check the name"));
        Assert.That(Message(() => PictureFile.Read(folder.File("none/a.png"))), Does.Contain("a.png: its folder does not exist"));
        Assert.That(Message(() => PictureFile.Read(folder.Path)), Does.Contain("is a folder"));
        Assert.That(Message(() => PictureFile.Read("")), Does.Contain("no file name"));
        Assert.That(Message(() => PictureFile.Read("a\0b.png")), Is.EqualTo("a?b.png: is not a possible file name"));
        Assert.That(Message(() => PictureFile.Read(folder.File(new string('x', 300) + ".png"))), Does.Contain("too long"));
    }

    [Test]
    [CancelAfter(20_000)]
    public void Read_AnEndlessDevice_IsRefusedAtOnce()
    {
        if (!File.Exists("/dev/zero")) Assert.Ignore("this system has no /dev/zero");
        Assert.That(Message(() => PictureFile.Read("/dev/zero")), Does.Contain("is not a picture"));
    }

    [Test]
    public void Read_WithoutPermission_SaysSo()
    {
        string path = folder.File("secret.png", [1]);
        Unprivileged.MakeUnreadable(path);
        Assert.That(Message(() => PictureFile.Read(path)), Does.Contain("may not be accessed"));
    }

    [TestCase("a.gif", "'.gif' is not a format that is written here")]
    [TestCase("a", "has no extension")]
    [TestCase("a.png.", "has no extension")]
    public void Write_AnUnknownExtension_ListsTheKnownOnes(string name, string reason)
    {
        string path = folder.File(name);
        Assert.That(Message(() => PictureFile.Write(path, new Picture(1, 1))), Does.Contain(reason).And.Contain(".png, .ppm"));
        Assert.That(Message(() => PictureFile.CheckWritable(path)), Does.Contain(reason));
        Assert.That(folder.Names, Is.Empty);
    }

    [Test]
    public void CheckWritable_AGoodName_LeavesNothingBehind()
    {
        PictureFile.CheckWritable(folder.File("a.png"));
        Assert.That(folder.Names, Is.Empty);
        string old = folder.File("b.png", [1, 2]);
        PictureFile.CheckWritable(old);
        Assert.That(File.ReadAllBytes(old), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void CheckWritable_ABadPlace_SaysWhy()
    {
        Directory.CreateDirectory(folder.File("dir.png"));
        Assert.That(Message(() => PictureFile.CheckWritable(folder.File("none/a.png"))), Does.Contain("folder does not exist"));
        Assert.That(Message(() => PictureFile.CheckWritable(folder.File("dir.png"))), Does.Contain("is a folder"));
        Assert.That(Message(() => PictureFile.CheckWritable("")), Does.Contain("no file name"));
        Unprivileged.MakeUnwritable(folder.Path);
        Assert.That(Message(() => PictureFile.CheckWritable(folder.File("a.png"))), Does.Contain("may not be accessed"));
    }

    [Test]
    public void Write_WithAnUnknownDepth_LeavesTheOldFile()
    {
        string path = folder.File("a.png", [1, 2, 3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => PictureFile.Write(path, new Picture(1, 1), new PictureWriteOptions(BitDepth: 9)));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a.png" }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Write_ToAFullDisk_SaysSo()
    {
        if (!File.Exists("/dev/full")) Assert.Ignore("this system has no /dev/full");
        // A full disk's error number without filling one.
        IOException full = Assert.Throws<IOException>(() =>
        {
            using FileStream stream = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.None, 0);
            stream.WriteByte(1);
        })!;
        Assert.That(PictureFile.Reason(full), Is.EqualTo("the disk is full; make room and try again"));
    }

    private static TestCaseData Case(string name, byte[] content, string reason) =>
        new TestCaseData(content, reason).SetArgDisplayNames(name);

    private static string Message(Action act) => Assert.Throws<PictureException>(act)!.Message;
}
