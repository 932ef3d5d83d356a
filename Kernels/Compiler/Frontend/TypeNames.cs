using System.Reflection;

namespace GatysGpu.Kernels.Compiler.Frontend;

/// <summary>Types and methods as C# writes them, for messages.</summary>
internal static class TypeNames
{
    /// <summary>Such as <c>ArrayView&lt;float&gt;</c>.</summary>
    public static string Of(Type type)
    {
        if (type.IsByRef) return "ref " + Of(type.GetElementType()!);
        if (type.IsPointer) return Of(type.GetElementType()!) + "*";
        if (type.IsArray) return Of(type.GetElementType()!) + "[]";
        if (!type.IsEnum && Keyword(Type.GetTypeCode(type)) is { } keyword) return keyword;
        if (!type.IsGenericType) return type == typeof(object) ? "object" : type.Name;
        int tick = type.Name.IndexOf('`');
        return $"{(tick < 0 ? type.Name : type.Name[..tick])}<{string.Join(", ", type.GetGenericArguments().Select(Of))}>";
    }

    /// <summary>Such as <c>Gram.Forward</c>.</summary>
    public static string Of(MethodBase method) => method.DeclaringType is { } type ? $"{Of(type)}.{method.Name}" : method.Name;

    private static string? Keyword(TypeCode code) => code switch
    {
        TypeCode.Boolean => "bool",
        TypeCode.Byte => "byte",
        TypeCode.SByte => "sbyte",
        TypeCode.Int16 => "short",
        TypeCode.UInt16 => "ushort",
        TypeCode.Char => "char",
        TypeCode.Int32 => "int",
        TypeCode.UInt32 => "uint",
        TypeCode.Int64 => "long",
        TypeCode.UInt64 => "ulong",
        TypeCode.Single => "float",
        TypeCode.Double => "double",
        TypeCode.Decimal => "decimal",
        TypeCode.String => "string",
        _ => null,
    };
}
