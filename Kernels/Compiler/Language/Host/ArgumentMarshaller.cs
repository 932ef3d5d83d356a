using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using GatysGpu.Kernels.Compiler.Ir;

namespace GatysGpu.Kernels.Compiler.Language;

/// <summary>Flattens a kernel's arguments, a value tuple, into an argument buffer. Made once a type; using it allocates
/// nothing.</summary>
/// <remarks>A struct is its instance fields in declaration order, recursively; so is a value tuple, whose last field beyond
/// seven is the tuple of the rest.</remarks>
internal static class ArgumentMarshaller<T>
{
    /// <summary>The scalars of the parameters.</summary>
    internal static readonly ArgumentLayout Layout = ArgumentMarshalling.LayoutOf(typeof(T));

    /// <summary>Appends the arguments.</summary>
    internal static readonly Writer Write = ArgumentMarshalling.WriterOf(typeof(T)).CreateDelegate<Writer>();

    /// <summary>Appends the arguments, which are only read.</summary>
    internal delegate void Writer(ref ArgumentWriter writer, ref T value);
}

/// <summary>What <see cref="ArgumentMarshaller{T}"/> is made from.</summary>
internal static class ArgumentMarshalling
{
    private const BindingFlags InstanceFields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private const string Remedy =
        "A parameter is a number, a truth value, a view, a SpecializedValue, or a struct of numbers, truth values and views.";

    /// <summary>The method that writes a scalar or a view, for each type that is not looked into.</summary>
    private static readonly Dictionary<Type, string> Leaves = new()
    {
        [typeof(bool)] = nameof(WriteBool), [typeof(sbyte)] = nameof(WriteSByte), [typeof(byte)] = nameof(WriteByte),
        [typeof(short)] = nameof(WriteInt16), [typeof(ushort)] = nameof(WriteUInt16), [typeof(char)] = nameof(WriteChar),
        [typeof(int)] = nameof(WriteInt32), [typeof(uint)] = nameof(WriteUInt32), [typeof(float)] = nameof(WriteSingle),
        [typeof(long)] = nameof(WriteInt64), [typeof(ulong)] = nameof(WriteUInt64), [typeof(double)] = nameof(WriteDouble),
        [typeof(ArrayView<>)] = nameof(WriteView), [typeof(SpecializedValue<>)] = nameof(WriteSpecialized),
    };

    /// <summary>The scalars of a value tuple of parameters.</summary>
    internal static ArgumentLayout LayoutOf(Type tuple)
    {
        ArgumentLayout layout = new();
        for (Type? rest = tuple; rest is not null; rest = rest.GetField("Rest")?.FieldType)
            foreach (FieldInfo item in FieldsOf(rest).Where(f => f.Name != "Rest")) AppendParameter(layout, item.FieldType);
        return layout;
    }

    /// <summary>Checks that every parameter of a kernel can be passed.</summary>
    /// <exception cref="KernelCompileException">One cannot.</exception>
    internal static void RequirePassable(MethodInfo method)
    {
        foreach (ParameterInfo parameter in method.GetParameters())
            try
            {
                AppendParameter(new ArgumentLayout(), parameter.ParameterType);
            }
            catch (NotSupportedException e)
            {
                throw new KernelCompileException(new SourceLocation($"{method.DeclaringType?.Name}.{method.Name}", null, 0, null),
                    $"parameter '{parameter.Name}' has or contains {e.Message}", Remedy);
            }
    }

    /// <summary>A method (ref ArgumentWriter, ref type) that writes the fields one after the other.</summary>
    internal static MethodInfo WriterOf(Type type)
    {
        if (LeafOf(type) is { } leaf) return leaf;
        DynamicMethod method = new($"Write{type.Name}", typeof(void),
            [typeof(ArgumentWriter).MakeByRefType(), type.MakeByRefType()],
            typeof(ArgumentMarshalling).Module, skipVisibility: true);
        ILGenerator il = method.GetILGenerator();
        EmitFields(il, type, []);
        il.Emit(OpCodes.Ret);
        return method;
    }

    private static void EmitFields(ILGenerator il, Type type, FieldInfo[] path)
    {
        foreach (FieldInfo field in FieldsOf(type))
        {
            FieldInfo[] inner = [.. path, field];
            if (LeafOf(field.FieldType) is not { } leaf)
            {
                EmitFields(il, field.FieldType, inner);
                continue;
            }
            il.Emit(OpCodes.Ldarg_0);
            il.Emit(OpCodes.Ldarg_1);
            foreach (FieldInfo step in inner) il.Emit(OpCodes.Ldflda, step);
            il.Emit(OpCodes.Call, leaf);
        }
    }

    private static void AppendParameter(ArgumentLayout layout, Type type)
    {
        if (IsSpecialized(type)) layout.AddSpecialized(SizeOf(type.GenericTypeArguments[0]));
        else Append(layout, type);
    }

    /// <exception cref="NotSupportedException">A part of the type cannot be passed; the message names it, as part of a
    /// sentence.</exception>
    private static void Append(ArgumentLayout layout, Type type)
    {
        MethodInfo? leaf = LeafOf(type);
        if (leaf?.Name == nameof(WriteView))
        {
            layout.Add(IrType.GlobalPointer);
            layout.Add(IrType.Int64);
        }
        else if (leaf is not null)
        {
            if (IsSpecialized(type)) throw new NotSupportedException($"a {Name(type)} in a struct");
            layout.Add(Type.GetTypeCode(type) switch
            {
                TypeCode.Single => IrType.Float32,
                TypeCode.Double => IrType.Float64,
                TypeCode.Int64 or TypeCode.UInt64 => IrType.Int64,
                _ => IrType.Int32,
            });
        }
        else if (!type.IsValueType || type.IsPrimitive || Type.GetTypeCode(type) != TypeCode.Object || type.IsExplicitLayout
            || type.IsDefined(typeof(InlineArrayAttribute)))
        {
            throw new NotSupportedException($"a {Name(type)}");
        }
        else
        {
            foreach (FieldInfo field in FieldsOf(type))
                if (field.IsDefined(typeof(FixedBufferAttribute)))
                    throw new NotSupportedException($"the fixed-size buffer {Name(type)}.{field.Name}");
                else Append(layout, field.FieldType);
        }
    }

    /// <summary>Fields as the source declares them: the runtime lists them in the order of their tokens.</summary>
    private static IEnumerable<FieldInfo> FieldsOf(Type type) => type.GetFields(InstanceFields).OrderBy(f => f.MetadataToken);

    private static MethodInfo? LeafOf(Type type)
    {
        if (type.IsEnum) type = type.GetEnumUnderlyingType();
        bool generic = type.IsGenericType;
        if (!Leaves.TryGetValue(generic ? type.GetGenericTypeDefinition() : type, out string? name)) return null;
        MethodInfo method = typeof(ArgumentMarshalling).GetMethod(name, BindingFlags.Static | BindingFlags.NonPublic)!;
        return generic ? method.MakeGenericMethod(type.GenericTypeArguments) : method;
    }

    private static bool IsSpecialized(Type type) => type.IsGenericType
        && type.GetGenericTypeDefinition() == typeof(SpecializedValue<>);

    private static int SizeOf(Type type) =>
        (int)typeof(Interop).GetMethod(nameof(Interop.SizeOf))!.MakeGenericMethod(type).Invoke(null, null)!;

    private static string Name(Type type)
    {
        if (!type.IsGenericType) return type.Name;
        string arguments = string.Join(", ", type.GenericTypeArguments.Select(Name));
        return $"{type.Name.Split('`')[0]}<{arguments}>";
    }

    private static void WriteBool(ref ArgumentWriter writer, ref bool value) => writer.Write(value ? 1 : 0);

    private static void WriteSByte(ref ArgumentWriter writer, ref sbyte value) => writer.Write((int)value);

    private static void WriteByte(ref ArgumentWriter writer, ref byte value) => writer.Write((int)value);

    private static void WriteInt16(ref ArgumentWriter writer, ref short value) => writer.Write((int)value);

    private static void WriteUInt16(ref ArgumentWriter writer, ref ushort value) => writer.Write((int)value);

    private static void WriteChar(ref ArgumentWriter writer, ref char value) => writer.Write((int)value);

    private static void WriteInt32(ref ArgumentWriter writer, ref int value) => writer.Write(value);

    private static void WriteUInt32(ref ArgumentWriter writer, ref uint value) => writer.Write(unchecked((int)value));

    private static void WriteInt64(ref ArgumentWriter writer, ref long value) => writer.Write(value);

    private static void WriteUInt64(ref ArgumentWriter writer, ref ulong value) => writer.Write(unchecked((long)value));

    private static void WriteSingle(ref ArgumentWriter writer, ref float value) =>
        writer.Write(BitConverter.SingleToInt32Bits(value));

    private static void WriteDouble(ref ArgumentWriter writer, ref double value) =>
        writer.Write(BitConverter.DoubleToInt64Bits(value));

    private static void WriteView<T>(ref ArgumentWriter writer, ref ArrayView<T> value)
        where T : unmanaged => writer.Write(value);

    private static void WriteSpecialized<T>(ref ArgumentWriter writer, ref SpecializedValue<T> value)
        where T : unmanaged, IEquatable<T> => writer.Specialize(value.Value);
}
