using GatysGpu.Tests.Imaging;
using GatysGpu.Weights;

namespace GatysGpu.Tests.Weights;

public class AtomicFileTests
{
    private TemporaryFolder folder = null!;

    [SetUp]
    public void MakeFolder() => folder = new TemporaryFolder();

    [TearDown]
    public void RemoveFolder() => folder.Dispose();

    [Test]
    public void Write_MakesOrReplacesTheFile()
    {
        string path = folder.File("a.bin");
        AtomicFile.Write(path, stream => stream.Write([1, 2, 3, 4]));
        AtomicFile.Write(path, stream => stream.Write([5]));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 5 }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a.bin" }));
    }

    [Test]
    public void Write_WhileItWrites_TheOldFileIsWhole()
    {
        string path = folder.File("a.bin", [1, 2, 3]);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[1_000_000]);
            Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
            Assert.That(folder.Names, Has.Length.EqualTo(2), "the temporary file lies in the same folder");
        });
        Assert.That(new FileInfo(path).Length, Is.EqualTo(1_000_000));
    }

    [Test]
    public void Write_ThatFails_LeavesTheOldFileAndNothingElse()
    {
        string path = folder.File("a.bin", [1, 2, 3]);
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(path, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new InvalidOperationException();
        }));
        Assert.That(folder.Names, Is.EqualTo(new[] { "a.bin" }));
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2, 3 }));
    }

    [Test]
    public void Write_TheStreamCanSeek()
    {
        string path = folder.File("a.bin");
        AtomicFile.Write(path, stream =>
        {
            stream.Write([0, 2]);
            stream.Position = 0;
            stream.WriteByte(1);
        });
        Assert.That(File.ReadAllBytes(path), Is.EqualTo(new byte[] { 1, 2 }));
    }

    [Test]
    public void Write_ThroughALink_ReplacesWhatItPointsTo()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("links need a privilege on Windows");
        folder.File("real.bin", [1]);
        File.CreateSymbolicLink(folder.File("link.bin"), "real.bin");
        AtomicFile.Write(folder.File("link.bin"), stream => stream.WriteByte(2));
        Assert.That(File.ReadAllBytes(folder.File("real.bin")), Is.EqualTo(new byte[] { 2 }));
        Assert.That(new FileInfo(folder.File("link.bin")).LinkTarget, Is.EqualTo("real.bin"));
    }

    [Test]
    public void Write_KeepsThePermissionsOfTheOldFile()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Ignore("Windows has no such permissions");
            return;
        }
        string path = folder.File("a.bin", [1]);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        AtomicFile.Write(path, stream => stream.WriteByte(2));
        Assert.That(File.GetUnixFileMode(path), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }

    [Test]
    public void Write_ANameAsLongAsTheFileSystemAllows_Works()
    {
        string name = new('x', 255);
        AtomicFile.Write(folder.File(name), stream => stream.WriteByte(1));
        Assert.That(folder.Names, Is.EqualTo(new[] { name }));
    }

    [Test]
    public void Write_ToAFolderOrIntoNone_FailsBeforeTheWork()
    {
        bool worked = false;
        Assert.Throws<IOException>(() => AtomicFile.Write(folder.Path, _ => worked = true));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.Write(folder.File("none/a.bin"), _ => worked = true));
        Assert.Throws<DirectoryNotFoundException>(() => AtomicFile.CheckWritable(folder.File("none/a.bin")));
        Assert.That(worked, Is.False);
    }

    [Test]
    public void Write_ToARelativeName_WritesIntoTheCurrentFolder()
    {
        string name = $"gatys-{Guid.NewGuid():N}.bin";
        try
        {
            AtomicFile.Write(name, stream => stream.WriteByte(1));
            Assert.That(Path.Combine(Environment.CurrentDirectory, name), Does.Exist);
        }
        finally
        {
            File.Delete(name);
        }
    }
}
