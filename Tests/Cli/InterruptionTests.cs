using System.Diagnostics;
using GatysGpu.Engine.Imaging;

namespace GatysGpu.Tests.Cli;

/// <summary>Signals to the real program in a process of its own.</summary>
public class InterruptionTests() : TwoPictureTests((60, 45), (50, 50))
{
    private const int SigInt = 2, SigTerm = 15;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [SetUp]
    public void SkipWithoutSignals()
    {
        if (OperatingSystem.IsWindows()) Assert.Ignore("Windows sends no signals to other processes");
    }

    [TestCase(SigInt)]
    [TestCase(SigTerm)]
    public void ASignal_StopsAfterTheRunningIteration_SavesThePicture_AndExits130(int signal)
    {
        SkipIfIgnored(signal);
        using Process program = Start();
        WaitForIterations(program);
        Send(program, signal);
        (int code, string said) = End(program);
        Assert.That(code, Is.EqualTo(130), said);
        Picture picture = PictureFile.Read(Output);
        Assert.That((picture.Width, picture.Height), Is.EqualTo((64, 48)));
        Assert.That(said, Does.Contain("interrupted, this is the picture so far"));
        Assert.That(Folder.Names, Is.EqualTo(new[] { "content.png", "out.png", "style.png" }));
    }

    private Process Start()
    {
        ProcessStartInfo start = new("dotnet") { RedirectStandardError = true, RedirectStandardOutput = true };
        // Gradient descent in tiny, many iterations: it would go on for longer than the test waits.
        foreach (string argument in new[]
            { Path.Combine(AppContext.BaseDirectory, "gatys.dll"), "stylize", Content, Style, "-o", Output, "--size", "64",
              "--iterations", "1000000", "--optimizer", "adam", "--weights", "self" })
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static void WaitForIterations(Process program)
    {
        Task<bool> seen = Task.Run(() =>
        {
            while (program.StandardError.ReadLine() is { } line)
                if (line.Contains("iteration", StringComparison.Ordinal)) return true;
            return false;
        });
        bool began = seen.Wait(Patience) && seen.Result;
        if (began) return;
        program.Kill();
        Assert.Fail("the program did not begin to iterate");
    }

    private static void Send(Process program, int signal)
    {
        using Process kill = Process.Start("kill", [$"-{signal}", $"{program.Id}"]);
        kill.WaitForExit();
        Assert.That(kill.ExitCode, Is.Zero);
    }

    private static (int Code, string Said) End(Process program)
    {
        Task<string> output = program.StandardOutput.ReadToEndAsync(), error = program.StandardError.ReadToEndAsync();
        if (!program.WaitForExit(Patience))
        {
            program.Kill();
            Assert.Fail("the program did not end");
        }
        return (program.ExitCode, output.Result + error.Result);
    }

    // A shell starts background jobs with SIGINT ignored, and children inherit it.
    private static void SkipIfIgnored(int signal)
    {
        string? mask = File.Exists("/proc/self/status")
            ? File.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))
            : null;
        if (mask is not null && (Convert.ToUInt64(mask["SigIgn:".Length..].Trim(), 16) >> (signal - 1) & 1) != 0)
            Assert.Ignore($"signal {signal} is ignored in this session, and so it is in programs that it starts");
    }
}
