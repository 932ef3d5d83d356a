using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace GatysGpu.Tests.Kernels.Compiler.Cuda;

/// <summary>driver_stub.c, compiled and loaded: a driver without a GPU that writes down what it is asked. One state for the
/// process, so tests that use it must not run beside each other.</summary>
internal sealed unsafe class DriverStub
{
    private const int LimitMilliseconds = 60_000;

    /// <summary>The entry point that <see cref="TooOld"/> lacks.</summary>
    public const string MissingEntry = "cuGraphInstantiateWithFlags";

    private static readonly Lazy<string> Complete = new(() => Compile("driver_stub.so"));
    private static readonly Lazy<string> WithoutGraphs = new(() => Compile("driver_stub_old.so", $"-DWITHOUT_{MissingEntry}"));
    private readonly nint library;

    private DriverStub(string path)
    {
        Path = path;
        library = NativeLibrary.Load(path);
        Reset();
    }

    /// <summary>The library's file.</summary>
    public string Path { get; }

    /// <summary>Everything that exists in the driver at present.</summary>
    public string Alive => Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Export("stub_alive"))())!.Trim();

    /// <summary>The stub in its first state. Skips the running test, with the reason, where it cannot be compiled.</summary>
    public static DriverStub Fresh() => Load(Complete);

    /// <summary>The stub without one entry point that this program needs, as a driver from before CUDA 11.4.</summary>
    public static DriverStub TooOld() => Load(WithoutGraphs);

    /// <summary>The calls since the last time, one a line, with what they were given and "  = name" below those that made
    /// something. Forgets them.</summary>
    public string[] TakeLog()
    {
        string log = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged<byte*>)Export("stub_log"))())!;
        ((delegate* unmanaged<void>)Export("stub_clear_log"))();
        return log.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The calls since the last time without what they made, and without the setting of the current context.</summary>
    public string[] TakeCalls() =>
        TakeLog().Where(l => l[0] != ' ' && !l.StartsWith("cuCtxSetCurrent(", StringComparison.Ordinal)).ToArray();

    /// <summary>Fails a call.</summary>
    /// <param name="call">The entry point's name.</param>
    /// <param name="nth">Which call of that name from now on, from 1; 0 for every one.</param>
    /// <param name="code">What it returns.</param>
    public void Fail(string call, int nth, int code)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(call + "\0"))
            ((delegate* unmanaged<byte*, int, int, void>)Export("stub_fail"))(name, nth, code);
    }

    /// <summary>Says what a kernel declares, so that the stub knows how many bytes to read of each argument.</summary>
    public void Parameters(string kernel, params int[] sizes)
    {
        fixed (byte* name = Encoding.UTF8.GetBytes(kernel + "\0"))
        fixed (int* first = sizes)
            ((delegate* unmanaged<byte*, int*, int, void>)Export("stub_parameters"))(name, first, sizes.Length);
    }

    /// <summary>Number of devices; -1 makes cuInit report that there is none.</summary>
    public void Devices(int count) => ((delegate* unmanaged<int, void>)Export("stub_devices"))(count);

    /// <summary>Version as cuDriverGetVersion tells it.</summary>
    public void Version(int version) => ((delegate* unmanaged<int, void>)Export("stub_version"))(version);

    /// <summary>Memory of each device, bytes.</summary>
    public void Memory(ulong total) => ((delegate* unmanaged<ulong, void>)Export("stub_memory"))(total);

    /// <summary>Forgets everything. Contexts that are still in use are dead afterwards.</summary>
    public void Reset() => ((delegate* unmanaged<void>)Export("stub_reset"))();

    private static DriverStub Load(Lazy<string> path)
    {
        if (!OperatingSystem.IsLinux()) Assert.Ignore("the driver's stub is compiled on Linux only");
        if (Compiler() is null) Assert.Ignore("no C compiler (cc, gcc or clang) on PATH to compile the driver's stub with");
        return new DriverStub(path.Value);
    }

    private static string? Compiler() => (
        from name in new[] { "cc", "gcc", "clang" }
        from folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')
        select System.IO.Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Compile(string file, params string[] options)
    {
        string target = System.IO.Path.Combine(AppContext.BaseDirectory, file), fresh = $"{target}.{Environment.ProcessId}";
        string source = System.IO.Path.Combine(SharedData.RepositoryRoot, "Tests", "Kernels", "Compiler", "Cuda", "driver_stub.c");
        using Process process = Process.Start(new ProcessStartInfo(Compiler()!,
            ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-fvisibility=hidden", "-shared", "-fPIC", "-pthread", .. options,
                "-o", fresh, source])
        { RedirectStandardError = true })!;
        string errors = process.StandardError.ReadToEnd();
        process.WaitForExit(LimitMilliseconds);
        Assert.That(process.ExitCode, Is.Zero, errors);
        // Renamed, not overwritten: another run of the tests may have the old one mapped.
        File.Move(fresh, target, overwrite: true);
        return target;
    }

    private nint Export(string name) => NativeLibrary.GetExport(library, name);
}
