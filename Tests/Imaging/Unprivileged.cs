namespace GatysGpu.Tests.Imaging;

/// <summary>Takes permissions away from the running user; skips the test where they are not taken, as for root.</summary>
internal static class Unprivileged
{
    public static void MakeUnreadable(string file)
    {
        Require();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.None);
    }

    public static void MakeUnwritable(string folder)
    {
        Require();
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserExecute);
    }

    private static void Require()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows has no such permissions");
        if (Environment.IsPrivilegedProcess) Assert.Ignore("root may do everything");
    }
}
