using System.Reflection;
using GatysGpu.Kernels.Compiler.Ir;
using GatysGpu.Kernels.Compiler.Language;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Members of the kernel language, and of the framework, that are instructions rather than methods.</summary>
internal sealed partial class Intrinsics(CodeBuilder code, StorageAccess access)
{
    private const int MostBytes = 1 << 20;

    /// <summary>Translates a call where it is one of those.</summary>
    /// <param name="target">What is called.</param>
    /// <param name="operands">All operands; an instance comes first.</param>
    /// <param name="result">What the call returns; none for void.</param>
    /// <returns>Whether it was translated.</returns>
    /// <exception cref="KernelCompileException">It is such a member, used in a way that is not supported.</exception>
    public bool TryTranslate(MethodBase target, Operand[] operands, out Operand? result)
    {
        Type type = target.DeclaringType!;
        string name = target.Name;
        result = null;
        // A static member of the view is the conversion from a view with a stride, C# like any other.
        if (TypeLayout.IsView(type) && !target.IsStatic) result = View(type.GetGenericArguments()[0], target, operands);
        else if (type == typeof(Grid) || type == typeof(Group) || type == typeof(Warp)
            || type == typeof(MemoryFence)) return Threads(type, target, operands, out result);
        else if (type == typeof(SharedMemory) && name != nameof(SharedMemory.Allocate1D)) result =
            Shared((MethodInfo)target, operands);
        else if (type == typeof(LocalMemory)) result = Allocate(Element(target), Extent(operands[0]), shared: false);
        else if (type == typeof(Atomic)) result = AtomicAccess((MethodInfo)target, operands);
        else if (type == typeof(TensorCore)) return TensorCores(name, operands, out result);
        else if (type == typeof(AsyncCopy))
        {
            AsyncCopies((MethodInfo)target, operands);
            return true;
        }
        else if (type == typeof(CudaAsm)) return Assembly((MethodInfo)target, operands, out result);
        else if (Numbers(target, operands) is { } number) result = new ScalarOperand(number);
        return result is not null;
    }

    // A number; an index of one dimension is one.
    private Value Scalar(Operand operand) => operand switch
    {
        ScalarOperand scalar when !scalar.Value.Type.IsPointer() => scalar.Value,
        StructOperand { Fields: [ScalarOperand only] } => only.Value,
        StructOperand structure =>
            throw Unsupported($"a {TypeNames.Of(structure.Type)} where a number is expected", "Name the field."),
        _ => throw Unsupported("a view or reference where a number is expected", "Pass the value."),
    };

    private Value Pointer(Operand operand) =>
        operand is ScalarOperand { Value: var pointer } && pointer.Type.IsPointer() ? pointer
        : throw Unsupported("a number used as an address", "Index a view instead.");

    private KernelCompileException Unsupported(string construct, string remedy) => new(code.Location, construct, remedy);

    private static Type Element(MethodBase target) => target.GetGenericArguments()[0];

    // ---- views -------------------------------------------------------------------------------------------------------------

    private Operand? View(Type element, MethodBase target, Operand[] operands)
    {
        ViewOperand view = operands[0] switch
        {
            StorageOperand { Storage: ViewStorage local } => (ViewOperand)access.Read(local),
            ViewOperand value => value,
            _ => throw Unsupported("a view in memory", "Keep views in local variables and parameters."),
        };
        int size = TypeLayout.Size(element);
        switch (target.Name)
        {
            case "get_Length":
                return new ScalarOperand(view.Length);
            case "get_IntLength":
                return new ScalarOperand(code.Convert(Conversion.Truncate, view.Length, IrType.Int32));
            case "get_Item":
                return new ScalarOperand(code.Emit(view.Pointer.Type, Opcode.ElementAddress, size, view.Pointer,
                    Scalar(operands[1]), view.Length));
            case "SubView":
                Value offset = code.ToInt64(Scalar(operands[1]));
                Value count = operands.Length > 2 ? code.ToInt64(Scalar(operands[2]))
                    : code.Emit(IrType.Int64, Opcode.Subtract, null, view.Length, offset);
                return new ViewOperand(code.Emit(view.Pointer.Type, Opcode.PartAddress, size, view.Pointer, offset, count,
                    view.Length), count);
            case "Cast":
                int other = TypeLayout.Size(Element(target));
                Value bytes = code.Emit(IrType.Int64, Opcode.Multiply, null, view.Length, Constant.Of((long)size));
                return new ViewOperand(view.Pointer, size == other ? view.Length
                    : code.Emit(IrType.Int64, Opcode.Divide, null, bytes, Constant.Of((long)other)));
            default:
                return null;
        }
    }

    private Operand Shared(MethodInfo target, Operand[] operands)
    {
        if (target.Name == nameof(SharedMemory.GetDynamic))
        {
            MemoryArray? dynamic = code.Kernel.Arrays.Find(a => a.Dynamic);
            if (dynamic is null) code.Kernel.Arrays.Add(dynamic = new MemoryArray("dynamic", 0, 16, shared: true, dynamic: true));
            Value bytes = code.Emit(IrType.Int64, Opcode.DynamicSharedLength, null);
            Value length =
                code.Emit(IrType.Int64, Opcode.Divide, null, bytes, Constant.Of((long)TypeLayout.Size(Element(target))));
            return new ViewOperand(code.Emit(IrType.SharedPointer, Opcode.ArrayAddress, dynamic), length);
        }
        if (operands.Length == 0) return new ScalarOperand(Allocate(Element(target), 1, shared: true).Pointer);
        return Allocate(Element(target), Extent(operands[0]), shared: true);
    }

    private ViewOperand Allocate(Type element, int extent, bool shared)
    {
        string name = $"{(shared ? "shared" : "local")}{code.Kernel.Arrays.Count}";
        int size = TypeLayout.Size(element);
        if ((long)extent * size > MostBytes)
            throw Unsupported($"an array of {(long)extent * size} bytes in {(shared ? "shared" : "local")} memory",
                $"Use at most {MostBytes} bytes, or a view of global memory.");
        TypeLayoutOf(element);
        MemoryArray array = new(name, extent * size, 16, shared, dynamic: false);
        code.Kernel.Arrays.Add(array);
        Value pointer = code.Emit(shared ? IrType.SharedPointer : IrType.LocalPointer, Opcode.ArrayAddress, array);
        return new ViewOperand(pointer, Constant.Of((long)extent));
    }

    private void TypeLayoutOf(Type element)
    {
        if (TypeLayout.Memory(element) is null) TypeLayout.RequireSequential(element, code.Location);
    }

    private int Extent(Operand operand) => Scalar(operand) is Constant { Int32: > 0 } constant ? constant.Int32
        : throw Unsupported("an array of shared or local memory whose extent is not a positive constant",
            "Write a const or a SpecializedValue parameter; for shared memory of any size use SharedMemory.GetDynamic.");

    // ---- references ----------------------------------------------------------------------------------------------------------

    private Value ReadReference(Operand reference, Type type) => reference is StorageOperand local
        ? Scalar(access.Read(local.Storage)) : Scalar(access.Load(type, Pointer(reference)));

    private void WriteReference(Operand reference, Type type, Value value)
    {
        if (reference is StorageOperand local) access.Write(local.Storage, new ScalarOperand(value));
        else access.Store(type, Pointer(reference), new ScalarOperand(value));
    }

    private Operand AtomicAccess(MethodInfo target, Operand[] operands)
    {
        if (operands[0] is not ScalarOperand { Value: { Type: IrType.GlobalPointer or IrType.SharedPointer } pointer })
            throw Unsupported("an atomic operation on a local variable", "Local variables need none: no other thread sees them.");
        bool unsigned = target.ReturnType == typeof(uint) || target.ReturnType == typeof(ulong);
        AtomicKind kind = target.Name switch
        {
            nameof(Atomic.Max) => unsigned ? AtomicKind.MaxUnsigned : AtomicKind.Max,
            nameof(Atomic.Min) => unsigned ? AtomicKind.MinUnsigned : AtomicKind.Min,
            _ => Enum.Parse<AtomicKind>(target.Name),
        };
        MemoryType memory = TypeLayout.Memory(target.ReturnType)!.Value;
        Value[] all = [pointer, .. operands.Skip(1).Select(Scalar)];
        return new ScalarOperand(code.Emit(memory.RegisterType(), Opcode.Atomic, new AtomicAccess(kind, memory), all));
    }

    // ---- tensor cores and asynchronous copies ------------------------------------------------------------------------------

    private bool TensorCores(string name, Operand[] operands, out Operand? result)
    {
        result = null;
        if (name == nameof(TensorCore.RoundToTf32))
        {
            result = new ScalarOperand(code.Emit(IrType.Float32, Opcode.RoundToTf32, null, Scalar(operands[0])));
            return true;
        }
        Value[] inputs = [.. operands.Skip(4).Select(Scalar), .. operands.Take(4).Select(o => ReadReference(o, typeof(float)))];
        Value[] sums = code.EmitSeveral(4, IrType.Float32, Opcode.MultiplyAddTf32, null, inputs);
        for (int i = 0; i < 4; i++) WriteReference(operands[i], typeof(float), sums[i]);
        return true;
    }

    private void AsyncCopies(MethodInfo target, Operand[] operands)
    {
        switch (target.Name)
        {
            case nameof(AsyncCopy.Commit):
                code.Emit(Opcode.AsyncCommit, null);
                break;
            case nameof(AsyncCopy.Wait):
                if (Scalar(operands[0]) is not Constant { Int32: >= 0 and <= 7 } pending)
                    throw Unsupported("AsyncCopy.Wait for a number that is not a constant from 0 to 7", "Write a const.");
                code.Emit(Opcode.AsyncWait, pending.Int32);
                break;
            default:
                int size = TypeLayout.Size(Element(target));
                if (size is not (4 or 8 or 16)
                    || operands[0] is not ScalarOperand { Value: { Type: IrType.SharedPointer } shared }
                    || operands[1] is not ScalarOperand { Value: { Type: IrType.GlobalPointer } global })
                    throw Unsupported($"an asynchronous copy of {size} bytes, or not from global to shared memory",
                        "Copy 4, 8 or 16 bytes from a parameter's view to SharedMemory.");
                Value inside = operands.Length > 2 ? code.Compare(Comparison.NotEqual, Scalar(operands[2]), Constant.Of(0))
                    : Constant.Of(true);
                code.Emit(Opcode.AsyncCopy, size, shared, global, inside);
                break;
        }
    }
}
