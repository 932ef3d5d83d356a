using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Lines and names of local variables of one method, from the portable debug information beside or inside its
/// assembly.</summary>
internal sealed class DebugSymbols
{
    private static readonly ConcurrentDictionary<Module, MetadataReader?> Readers = [];
    private static readonly DebugSymbols None = new([], []);

    private readonly (int Offset, string File, int Line)[] points;
    private readonly (int Slot, int Start, int End, string Name)[] locals;

    private DebugSymbols((int, string, int)[] points, (int, int, int, string)[] locals)
    {
        this.points = points;
        this.locals = locals;
    }

    /// <summary>What is known of a method; nothing where there is no debug information.</summary>
    public static DebugSymbols Of(MethodBase method)
    {
        if (Readers.GetOrAdd(method.Module, Open) is not { } reader) return None;
        try
        {
            MethodDefinitionHandle handle = (MethodDefinitionHandle)MetadataTokens.Handle(method.MetadataToken);
            List<(int, string, int)> points = [];
            foreach (SequencePoint point in reader.GetMethodDebugInformation(handle).GetSequencePoints())
            {
                if (point.IsHidden) continue;
                points.Add((point.Offset, reader.GetString(reader.GetDocument(point.Document).Name), point.StartLine));
            }
            List<(int, int, int, string)> locals = [];
            foreach (LocalScopeHandle scopeHandle in reader.GetLocalScopes(handle))
            {
                LocalScope scope = reader.GetLocalScope(scopeHandle);
                foreach (LocalVariableHandle variable in scope.GetLocalVariables())
                {
                    LocalVariable local = reader.GetLocalVariable(variable);
                    locals.Add((local.Index, scope.StartOffset, scope.EndOffset, reader.GetString(local.Name)));
                }
            }
            return new DebugSymbols([.. points], [.. locals]);
        }
        catch (BadImageFormatException)
        {
            return None;
        }
    }

    /// <summary>The line that the instruction at an IL offset belongs to; the first one for what comes before it.</summary>
    public (string? File, int Line) LineAt(int offset)
    {
        if (points.Length == 0) return (null, 0);
        (string, int) found = (points[0].File, points[0].Line);
        foreach ((int start, string file, int line) in points)
        {
            if (start > offset) break;
            found = (file, line);
        }
        return found;
    }

    /// <summary>The name that a slot has at an IL offset.</summary>
    public string? LocalName(int slot, int offset)
    {
        foreach ((int owner, int start, int end, string name) in locals)
            if (owner == slot && start <= offset && offset < end) return name;
        return null;
    }

    [UnconditionalSuppressMessage("SingleFile", "IL3002", Justification = "where a module has no file, its debug information is looked for beside the program")]
    private static MetadataReader? Open(Module module)
    {
        try
        {
            // A single-file program has no assembly files; its debug information lies beside it.
            string path = module.FullyQualifiedName, besideProgram = Path.Combine(AppContext.BaseDirectory, Path.ChangeExtension(module.ScopeName, ".pdb"));
            if (File.Exists(path))
            {
                using PEReader image = new(new MemoryStream(File.ReadAllBytes(path)));
                if (image.TryOpenAssociatedPortablePdb(path, p => File.Exists(p) ? new MemoryStream(File.ReadAllBytes(p)) : null,
                        out MetadataReaderProvider? provider, out _) && provider is not null)
                    return provider.GetMetadataReader();
            }
            return File.Exists(besideProgram)
                ? MetadataReaderProvider.FromPortablePdbStream(new MemoryStream(File.ReadAllBytes(besideProgram)))
                    .GetMetadataReader() : null;
        }
        catch (Exception e) when (e is IOException or BadImageFormatException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
