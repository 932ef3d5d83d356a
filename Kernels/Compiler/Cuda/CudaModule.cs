using System.Runtime.InteropServices;
using System.Text;

namespace GatysGpu.Kernels.Compiler.Cuda;

/// <summary>How the driver assembles PTX.</summary>
public sealed record CudaModuleOptions
{
    /// <summary>Keeps the PTX's <c>.loc</c> lines, so that a profiler and a sanitizer name lines of the source.</summary>
    public bool LineInfo { get; init; }

    /// <summary>Most registers a thread may use, at least 1; what does not fit goes to local memory. Null: as many as it
    /// needs.</summary>
    public int? MaxRegisters { get; init; }

    /// <summary>Writes each kernel's registers, spills and shared memory into <see cref="CudaModule.InfoLog"/>.</summary>
    public bool Verbose { get; init; }
}

/// <summary>PTX, assembled for the device and loaded. Made by <see cref="CudaContext.LoadModule"/>.</summary>
public sealed unsafe class CudaModule : CudaResource
{
    private const int LogBytes = 16384;
    private readonly nint handle;

    private CudaModule(CudaContext context, nint handle, string name, string infoLog) : base(context)
    {
        this.handle = handle;
        Name = name;
        InfoLog = infoLog;
    }

    /// <summary>What error messages call it.</summary>
    public string Name { get; }

    /// <summary>What the driver's assembler wrote without complaint; often empty, and always where the driver found the result in
    /// its cache on disk.</summary>
    public string InfoLog { get; }

    /// <summary>A kernel of the module. It lives as long as the module.</summary>
    /// <param name="kernel">Name of a PTX <c>.entry</c>.</param>
    /// <exception cref="CudaException">The module has no such kernel.</exception>
    public CudaFunction GetFunction(string kernel)
    {
        CudaApi api = Enter();
        nint function;
        fixed (byte* name = Terminated(kernel))
            api.Check(api.ModuleGetFunction(&function, handle, name), "cuModuleGetFunction", $"kernel '{kernel}' of module '{Name}'");
        return new CudaFunction(this, function, kernel);
    }

    /// <summary>Makes the context current for a call that uses the module.</summary>
    internal CudaApi EnterForFunction() => Enter();

    /// <summary>Assembles and loads; the caller notes the result in the context.</summary>
    internal static CudaModule Load(CudaContext context, string name, string ptx, CudaModuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(ptx);
        if (options.MaxRegisters is < 1)
            throw new ArgumentOutOfRangeException(nameof(options), options.MaxRegisters, "a thread needs at least 1 register");
        CudaApi api = context.Enter();
        byte[] info = new byte[LogBytes], error = new byte[LogBytes];
        nint module;
        CudaResult result;
        fixed (byte* text = Terminated(ptx), infoStart = info, errorStart = error)
        {
            // An option's value stands in the pointer itself; a flag or a number is not pointed to.
            const int MostOptions = 7;
            CudaJitOption* keys = stackalloc CudaJitOption[MostOptions];
            void** values = stackalloc void*[MostOptions];
            uint count = 0;
            Add(CudaJitOption.InfoLogBuffer, infoStart);
            Add(CudaJitOption.InfoLogBufferSizeBytes, (void*)LogBytes);
            Add(CudaJitOption.ErrorLogBuffer, errorStart);
            Add(CudaJitOption.ErrorLogBufferSizeBytes, (void*)LogBytes);
            if (options.Verbose) Add(CudaJitOption.LogVerbose, (void*)1);
            if (options.LineInfo) Add(CudaJitOption.GenerateLineInfo, (void*)1);
            if (options.MaxRegisters is { } registers) Add(CudaJitOption.MaxRegisters, (void*)registers);
            result = api.ModuleLoadDataEx(&module, text, count, keys, values);

            void Add(CudaJitOption key, void* value)
            {
                keys[count] = key;
                values[count++] = value;
            }
        }
        if (result != CudaResult.Success)
            throw api.Failure(result, "cuModuleLoadDataEx",
                $"module '{name}' for {context.Device.Name} ({context.Device.Architecture})", Log(error));
        return new CudaModule(context, module, name, Log(info));
    }

    private protected override void Release(CudaApi api) =>
        api.CheckRelease(api.ModuleUnload(handle), "cuModuleUnload", $"module '{Name}'");

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + "\0");

    private static string Log(byte[] buffer)
    {
        buffer[^1] = 0;
        fixed (byte* start = buffer) return Marshal.PtrToStringUTF8((nint)start)!.TrimEnd();
    }
}
