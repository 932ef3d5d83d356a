using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>The NVIDIA driver of this machine: its version and its devices. It comes with the graphics driver; the CUDA toolkit
/// is not needed. The library stays loaded for the life of the process.</summary>
public sealed unsafe class CudaDriver
{
    private const int LeastVersion = 11040;

    private CudaDriver(CudaApi api, int version, CudaDeviceInfo[] devices)
    {
        Api = api;
        Version = new Version(version / 1000, version % 1000 / 10);
        Devices = devices;
    }

    /// <summary>Newest version of CUDA that the driver serves, such as 12.4.</summary>
    public Version Version { get; }

    /// <summary>The devices, at least one, by ordinal.</summary>
    public IReadOnlyList<CudaDeviceInfo> Devices { get; }

    internal CudaApi Api { get; }

    // Where the loader looks first; then where WSL and container hosts put the driver without telling the loader.
    private static IEnumerable<string> LibraryNames => OperatingSystem.IsWindows()
        ? ["nvcuda.dll"]
        : ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/usr/local/nvidia/lib64/libcuda.so.1"];

    /// <summary>Loads the driver and reads its devices. Never throws: a machine without a GPU is an ordinary machine.</summary>
    /// <param name="driver">The driver with at least one device; null where there is none.</param>
    /// <param name="reason">Why there is none, as one sentence with its remedy; empty where there is one.</param>
    /// <returns>Whether there is a driver with at least one device.</returns>
    public static bool TryLoad([NotNullWhen(true)] out CudaDriver? driver, out string reason) =>
        TryLoad(LibraryNames, out driver, out reason);

    /// <summary>As <see cref="TryLoad(out CudaDriver?, out string)"/>, of a certain library.</summary>
    /// <param name="path">File that takes the driver's place.</param>
    /// <param name="driver">The driver with at least one device; null where there is none.</param>
    /// <param name="reason">Why there is none; empty where there is one.</param>
    internal static bool TryLoad(string path, [NotNullWhen(true)] out CudaDriver? driver, out string reason) =>
        TryLoad([path], out driver, out reason);

    /// <summary>Takes hold of a device through its primary context.</summary>
    /// <param name="ordinal">Number of the device, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    /// <exception cref="CudaException">The driver does not give the device, for example because another process holds
    /// it.</exception>
    public CudaContext CreateContext(int ordinal = 0)
    {
        if (ordinal < 0 || ordinal >= Devices.Count)
            throw new ArgumentOutOfRangeException(nameof(ordinal), ordinal,
                $"device {ordinal} was asked for, the driver has {Devices.Count}: 0 to {Devices.Count - 1}");
        return new CudaContext(this, Devices[ordinal]);
    }

    private static bool TryLoad(IEnumerable<string> names, [NotNullWhen(true)] out CudaDriver? driver, out string reason)
    {
        driver = null;
        if (!TryFind(names, out nint library, out reason)) return false;
        CudaApi api;
        try
        {
            api = new CudaApi(library);
        }
        catch (EntryPointNotFoundException missing)
        {
            reason = $"the NVIDIA driver lacks {missing.Message}: {VersionOf(library)}, and CUDA {VersionText(LeastVersion)} or "
                + "newer is needed. Update the NVIDIA driver.";
            return false;
        }
        try
        {
            driver = Start(api, out reason);
        }
        catch (CudaException failure)
        {
            reason = $"the NVIDIA driver does not start: {failure.Message}";
        }
        return driver is not null;
    }

    private static bool TryFind(IEnumerable<string> names, out nint library, out string reason)
    {
        reason = "";
        library = 0;
        foreach (string name in names)
        {
            try
            {
                library = NativeLibrary.Load(name);
                reason = "";
                return true;
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                // What the first name met is the reason: the others are only places to look further.
                if (reason.Length == 0)
                    reason = $"there is no NVIDIA driver: {name} cannot be loaded ({LastLine(e.Message)}). "
                        + "Where the machine has an NVIDIA GPU, install its driver.";
            }
        }
        return false;
    }

    private static CudaDriver? Start(CudaApi api, out string reason)
    {
        api.Check(api.Init(0), "cuInit", $"start of the driver");
        int version, count;
        api.Check(api.DriverGetVersion(&version), "cuDriverGetVersion", $"version of the driver");
        api.Check(api.DeviceGetCount(&count), "cuDeviceGetCount", $"number of devices");
        reason = count > 0 ? "" : "the NVIDIA driver finds no device: CUDA_VISIBLE_DEVICES may hide them.";
        if (count == 0) return null;
        var devices = new CudaDeviceInfo[count];
        for (int i = 0; i < count; i++) devices[i] = CudaDeviceInfo.Read(api, i);
        return new CudaDriver(api, version, devices);
    }

    private static string VersionOf(nint library)
    {
        int version = 0;
        bool known = NativeLibrary.TryGetExport(library, "cuDriverGetVersion", out nint entry)
            && ((delegate* unmanaged<int*, CudaResult>)entry)(&version) == CudaResult.Success;
        return known ? $"it serves CUDA {VersionText(version)}" : "it does not tell its version";
    }

    private static string VersionText(int version) => $"{version / 1000}.{version % 1000 / 10}";

    // The runtime's message ends with what the system's loader said.
    private static string LastLine(string message) =>
        message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)[^1].TrimEnd('.');
}
