using System.Reflection;

namespace GatysGpu.Tests.Kernels.Compiler.Language;

/// <summary>Types and members as C# writes them, for comparing the project's language with ILGPU's.</summary>
internal static class MemberText
{
    /// <summary>A type's public members that it does not have from another one.</summary>
    public const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void", [typeof(bool)] = "bool", [typeof(int)] = "int", [typeof(uint)] = "uint", [typeof(long)] = "long",
        [typeof(ulong)] = "ulong", [typeof(float)] = "float", [typeof(double)] = "double", [typeof(string)] = "string",
    };

    /// <summary>"return type name(parameter types)"; a property has no parentheses, a type inside a type no text.</summary>
    public static string? Describe(MemberInfo member) => member switch
    {
        FieldInfo field => $"{Name(field.FieldType)} {field.Name}",
        PropertyInfo property when property.GetIndexParameters() is [ParameterInfo index] =>
            $"{Name(property.PropertyType)} {property.Name}[{Name(index.ParameterType)}]",
        PropertyInfo property => $"{Name(property.PropertyType)} {property.Name}",
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo { IsGenericMethod: true } method =>
            $"{Name(method.ReturnType)} {method.Name}<{List(method.GetGenericArguments())}>({Parameters(method)})",
        MethodInfo method => $"{Name(method.ReturnType)} {method.Name}({Parameters(method)})",
        _ => null,
    };

    /// <summary>The name with its arguments; of a type inside a type both names, without arguments.</summary>
    public static string Name(Type type)
    {
        if (type.IsByRef) return $"ref {Name(type.GetElementType()!)}";
        if (type.IsArray) return $"{Name(type.GetElementType()!)}[]";
        if (Keywords.TryGetValue(type, out string? keyword)) return keyword;
        string arguments = List(type.GetGenericArguments());
        if (type.FullName?.StartsWith("System.ValueTuple`", StringComparison.Ordinal) == true) return $"({arguments})";
        string name = type.Name.Split('`')[0];
        if (type is { IsNested: true, IsGenericParameter: false }) return $"{type.DeclaringType!.Name}.{name}";
        return arguments.Length == 0 ? name : $"{name}<{arguments}>";
    }

    private static string Parameters(MethodBase method) => List(method.GetParameters().Select(p => p.ParameterType));

    private static string List(IEnumerable<Type> types) => string.Join(", ", types.Select(Name));
}
