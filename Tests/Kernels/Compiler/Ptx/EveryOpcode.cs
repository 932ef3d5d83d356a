using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Tests.Kernels.Compiler.Ptx;

/// <summary>Kernels that between them have every opcode with every type and payload that it allows.</summary>
internal static class EveryOpcode
{
    private static readonly IrType[] Integers = [IrType.Int32, IrType.Int64];
    private static readonly IrType[] Floats = [IrType.Float32, IrType.Float64];

    public static IEnumerable<Kernel> Kernels() => [Arithmetic(), Comparisons(), Conversions(), Memory(), Atomics(), Threads()];

    public static Kernel Arithmetic()
    {
        KernelBuilder k = new("arithmetic");
        Parameter p = k.Parameter(IrType.GlobalPointer, "result");
        Opcode[] both = [Opcode.Add, Opcode.Subtract, Opcode.Multiply, Opcode.Divide, Opcode.Min, Opcode.Max];
        Opcode[] integer = [Opcode.DivideUnsigned, Opcode.Remainder, Opcode.RemainderUnsigned, Opcode.MinUnsigned,
            Opcode.MaxUnsigned,
            Opcode.And, Opcode.Or, Opcode.Xor];
        Opcode[] one = [Opcode.Sqrt, Opcode.ReciprocalSqrt, Opcode.Floor, Opcode.Ceiling, Opcode.Round, Opcode.Truncate];
        foreach (IrType type in Integers.Concat(Floats))
        {
            Parameter a = k.Parameter(type, "a");
            Parameter b = k.Parameter(type, "b");
            foreach (Opcode opcode in both.Concat(type.IsFloat() ? [] : integer))
            {
                k.Keep(p, k.Do(opcode, null, type, a, b));
                k.Keep(p, k.Do(opcode, null, type, a, Three(type)));
                k.Keep(p, k.Do(opcode, null, type, Three(type), b));
            }
            foreach (Opcode opcode in new[] { Opcode.Negate, Opcode.Abs }) k.Keep(p, k.Do(opcode, null, type, a));
            if (type.IsFloat())
            {
                k.Keep(p, k.Do(Opcode.FusedMultiplyAdd, null, type, a, b, Three(type)));
                foreach (Opcode opcode in one) k.Keep(p, k.Do(opcode, null, type, a));
                continue;
            }
            k.Keep(p, k.Do(Opcode.Not, null, type, a));
            foreach (Opcode opcode in new[] { Opcode.PopulationCount, Opcode.LeadingZeroCount })
                k.Keep(p, k.Do(opcode, null, IrType.Int32, a));
            Parameter amount = k.Parameter(IrType.Int32, "amount");
            foreach (Opcode opcode in new[] { Opcode.ShiftLeft, Opcode.ShiftRight, Opcode.ShiftRightUnsigned })
            {
                k.Keep(p, k.Do(opcode, null, type, a, amount));
                k.Keep(p, k.Do(opcode, null, type, a, Constant.Of(7)));
            }
        }
        Parameter x = k.Parameter(IrType.Float32, "x");
        foreach (Opcode opcode in new[] { Opcode.Exp2, Opcode.Log2, Opcode.Sin, Opcode.Cos })
            k.Keep(p, k.Do(opcode, null, IrType.Float32, x));
        (Parameter yes, Parameter no) = (k.Parameter(IrType.Bool, "yes"), k.Parameter(IrType.Bool, "no"));
        foreach (Opcode opcode in new[] { Opcode.And, Opcode.Or, Opcode.Xor })
        {
            k.Keep(p, k.Do(opcode, null, IrType.Bool, yes, no));
            k.Keep(p, k.Do(opcode, null, IrType.Bool, yes, Constant.Of(true)));
        }
        k.Keep(p, k.Do(Opcode.Not, null, IrType.Bool, yes));
        return k.Return();
    }

    public static Kernel Comparisons()
    {
        KernelBuilder k = new("comparisons");
        Parameter p = k.Parameter(IrType.GlobalPointer, "result");
        Parameter yes = k.Parameter(IrType.Bool, "yes");
        foreach (IrType type in Integers.Concat(Floats).Concat([IrType.Bool, IrType.GlobalPointer]))
        {
            (Parameter a, Parameter b) = (k.Parameter(type, "a"), k.Parameter(type, "b"));
            foreach (Comparison comparison in Enum.GetValues<Comparison>())
            {
                if (type is IrType.Bool or IrType.GlobalPointer && comparison > Comparison.NotEqual) continue;
                bool unsigned = comparison is >= Comparison.LessUnsigned and <= Comparison.GreaterOrEqualUnsigned;
                if (type.IsFloat() ? unsigned : comparison >= Comparison.LessOrUnordered) continue;
                k.Keep(p, k.Do(Opcode.Compare, comparison, IrType.Bool, a, b));
                k.Keep(p, k.Do(Opcode.Compare, comparison, IrType.Bool, a, Three(type)));
            }
            k.Keep(p, k.Do(Opcode.Select, null, type, yes, a, b));
            k.Keep(p, k.Do(Opcode.Select, null, type, yes, a, Three(type)));
        }
        return k.Return();
    }

    public static Kernel Conversions()
    {
        KernelBuilder k = new("conversions");
        Parameter p = k.Parameter(IrType.GlobalPointer, "result");
        Parameter flag = k.Parameter(IrType.Bool, "flag");
        (Parameter i, Parameter l) = (k.Parameter(IrType.Int32, "i"), k.Parameter(IrType.Int64, "l"));
        (Parameter f, Parameter d) = (k.Parameter(IrType.Float32, "f"), k.Parameter(IrType.Float64, "d"));
        void Convert(Conversion conversion, IrType type, Value value) => k.Keep(p, k.Do(Opcode.Convert, conversion, type, value));
        Convert(Conversion.Unsigned, IrType.Int32, flag);
        Convert(Conversion.Unsigned, IrType.Int32, Constant.Of(true));
        foreach (Conversion conversion in new[] { Conversion.Signed, Conversion.Unsigned })
        {
            Convert(conversion, IrType.Int64, i);
            foreach (IrType type in Floats)
            {
                Convert(conversion, type, i);
                Convert(conversion, type, l);
            }
        }
        Convert(Conversion.Truncate, IrType.Int32, l);
        foreach (Conversion conversion in new[] { Conversion.FloatToSigned, Conversion.FloatToUnsigned })
            foreach (IrType type in Integers)
            {
                Convert(conversion, type, f);
                Convert(conversion, type, d);
            }
        Convert(Conversion.Float, IrType.Float64, f);
        Convert(Conversion.Float, IrType.Float32, d);
        Convert(Conversion.Bits, IrType.Int32, f);
        Convert(Conversion.Bits, IrType.Float32, i);
        Convert(Conversion.Bits, IrType.Int64, d);
        Convert(Conversion.Bits, IrType.Float64, l);
        foreach (Conversion conversion in new[] { Conversion.Int8, Conversion.UInt8, Conversion.Int16, Conversion.UInt16 })
            Convert(conversion, IrType.Int32, i);
        Convert(Conversion.HalfToFloat, IrType.Float32, i);
        Convert(Conversion.FloatToHalf, IrType.Int32, f);
        return k.Return();
    }

    public static Kernel Memory()
    {
        KernelBuilder k = new("memory");
        (Parameter p, Parameter length) = k.View("x");
        Register index = k.ThreadX();
        Value[] bases = [p, k.Array("tile", 4096), k.Array("own", 256, shared: false), k.Array("more", 0, dynamic: true)];
        foreach (Value origin in bases)
        {
            foreach (MemoryType type in Enum.GetValues<MemoryType>())
                foreach (int count in new[] { 1, 2, 4 })
                {
                    if (type.Size() * count > 16) continue;
                    Register from = k.Element(origin, index, type.Size() * count, length);
                    Instruction load = k.Do(Opcode.Load, new MemoryAccess(type, count), from);
                    for (int n = 0; n < count; n++) load.AddResult(type.RegisterType());
                    Register to = k.Element(origin, k.Add(index, Constant.Of(3)), type.Size() * count, length);
                    k.Do(Opcode.Store, new MemoryAccess(type, count), [to, .. load.Results]);
                    Value[] numbers = [.. load.Results.Select(r => Three(r.Type))];
                    k.Do(Opcode.Store, new MemoryAccess(type, count), [from, .. numbers]);
                }
        }
        Register part = k.Do(Opcode.PartAddress, 4, IrType.GlobalPointer, p, Constant.Of(5L), Constant.Of(2L), length);
        Register field = k.Do(Opcode.AddressOffset, 8, IrType.GlobalPointer, k.Element(part, index, 16, length));
        Register moved = k.Do(Opcode.AddressAdd, null, IrType.GlobalPointer, field, length);
        k.Keep(moved, k.Do(Opcode.DynamicSharedLength, null, IrType.Int64));
        // Addresses that are more than the place of an access.
        Value yes = k.Do(Opcode.Compare, Comparison.Less, IrType.Bool, index, Constant.Of(4));
        foreach (Value origin in bases)
        {
            Register second = k.Do(Opcode.AddressOffset, 16, origin.Type, origin);
            k.Keep(k.Do(Opcode.Select, null, origin.Type, yes, origin, second), index);
        }
        return k.Return();
    }

    public static Kernel Atomics()
    {
        KernelBuilder k = new("atomics");
        Parameter p = k.Parameter(IrType.GlobalPointer, "x");
        MemoryType[] types = [MemoryType.Int32, MemoryType.Int64, MemoryType.Float32, MemoryType.Float64];
        foreach (Value place in new[] { p, k.Array("tile", 64) })
            foreach (MemoryType type in types)
                foreach (AtomicKind kind in Enum.GetValues<AtomicKind>())
                {
                    bool isFloat = type.RegisterType().IsFloat();
                    if (isFloat && kind is not (AtomicKind.Add or AtomicKind.Exchange or AtomicKind.CompareExchange)) continue;
                    Value value = Three(type.RegisterType());
                    Value[] values = kind == AtomicKind.CompareExchange ? [value, value] : [value];
                    k.Keep(place, k.Do(Opcode.Atomic, new AtomicAccess(kind, type), type.RegisterType(), [place, .. values]));
                    k.Do(Opcode.Atomic, new AtomicAccess(kind, type), type.RegisterType(), [place, .. values]);
                }
        return k.Return();
    }

    public static Kernel Threads()
    {
        KernelBuilder k = new("threads");
        Parameter p = k.Parameter(IrType.GlobalPointer, "x");
        Parameter flag = k.Parameter(IrType.Bool, "flag");
        foreach (SpecialRegister register in Enum.GetValues<SpecialRegister>())
            k.Keep(p, k.Do(Opcode.Special, register, IrType.Int32));
        foreach (Value predicate in new Value[] { flag, Constant.Of(true) })
        {
            k.Keep(p, k.Do(Opcode.BarrierPopCount, null, IrType.Int32, predicate));
            k.Keep(p, k.Do(Opcode.BarrierAnd, null, IrType.Bool, predicate));
            k.Keep(p, k.Do(Opcode.BarrierOr, null, IrType.Bool, predicate));
        }
        k.Do(Opcode.Barrier, null);
        k.Do(Opcode.WarpBarrier, null);
        foreach (FenceLevel level in Enum.GetValues<FenceLevel>()) k.Do(Opcode.Fence, level);
        foreach (IrType type in Integers.Concat(Floats))
            foreach (ShuffleKind kind in Enum.GetValues<ShuffleKind>())
            {
                k.Keep(p, k.Do(Opcode.Shuffle, kind, type, k.Parameter(type, "v"), Constant.Of(1)));
                k.Keep(p, k.Do(Opcode.Shuffle, kind, type, Three(type), k.ThreadX()));
            }
        return k.Return();
    }

    /// <summary>What needs sm_80.</summary>
    public static Kernel Ampere()
    {
        KernelBuilder k = new("ampere");
        Parameter p = k.Parameter(IrType.GlobalPointer, "x");
        Parameter inside = k.Parameter(IrType.Bool, "inside");
        Value tile = k.Array("tile", 256);
        foreach (int size in new[] { 4, 8, 16 })
            foreach (Value condition in new Value[] { inside, Constant.Of(true), Constant.Of(false) })
                k.Do(Opcode.AsyncCopy, size, k.Element(tile, k.ThreadX(), size), k.Do(Opcode.AddressOffset, 32, p.Type, p),
                    condition);
        k.Do(Opcode.AsyncCommit, null);
        k.Do(Opcode.AsyncWait, 1);
        k.Do(Opcode.AsyncWait, 0);
        Register a = k.Do(Opcode.RoundToTf32, null, IrType.Float32, k.Load(p));
        Value c = Constant.Of(0f);
        Instruction multiply = k.Do(Opcode.MultiplyAddTf32, null, a, a, Constant.Of(1f), a, a, a, c, c, c, c);
        for (int i = 0; i < 4; i++) multiply.AddResult(IrType.Float32, "d");
        Instruction again = k.Do(Opcode.MultiplyAddTf32, null, [a, a, a, a, a, a, .. multiply.Results]);
        for (int i = 0; i < 4; i++) k.Keep(p, again.AddResult(IrType.Float32, "d"));
        k.Keep(p, k.Do(Opcode.AssemblySupported, null, IrType.Bool));
        AssemblyArgument[] arguments = [AssemblyArgument.Output, AssemblyArgument.Input, AssemblyArgument.InputOutput];
        Instruction text = k.Do(Opcode.InlineAssembly,
            new InlineAssembly("add.rn.f32 %2, %2, %1;\n cvt.rna.tf32.f32 %0, %2;", arguments), Constant.Of(1f), a);
        k.Keep(p, text.AddResult(IrType.Int32, "bits"));
        k.Keep(p, text.AddResult(IrType.Float32, "sum"));
        return k.Return();
    }

    public static Constant Three(IrType type) => type switch
    {
        IrType.Bool => Constant.Of(true),
        IrType.Float32 => Constant.Of(3f),
        IrType.Float64 => Constant.Of(3d),
        _ => new Constant(type, 3),
    };
}
