using System.Reflection;
using System.Text;

namespace TensorCell.Jupyter.Tests;

/// <summary>
/// The public API of every room is written down in Approvals/, so that a change of it is seen in review. To accept a change, run the
/// test with TENSORCELL_APPROVE=1.
/// </summary>
public sealed class PublicApiTests
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    [Theory]
    [InlineData("TensorCell.Kernels")]
    [InlineData("TensorCell.Tensors")]
    [InlineData("TensorCell.Data")]
    [InlineData("TensorCell.Learning")]
    [InlineData("TensorCell.Inference")]
    [InlineData("TensorCell.Interactive")]
    public void ThePublicApiIsTheApprovedOne(string assembly)
    {
        var path = Path.Combine(Repository.Root, "tests/TensorCell.Jupyter.Tests/Approvals", assembly + ".txt");
        var actual = Describe(Assembly.Load(assembly));
        if (Environment.GetEnvironmentVariable("TENSORCELL_APPROVE") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append(Kind(type)).Append(' ').Append(Name(type)).Append('\n');
            foreach (var member in type.GetMembers(Declared).Select(Member).OfType<string>().Distinct().Order(StringComparer.Ordinal))
            {
                text.Append("  ").Append(member).Append('\n');
            }
        }

        return text.ToString();
    }

    private static string Kind(Type type) =>
        type.IsEnum ? "enum"
        : type.IsInterface ? "interface"
        : type.IsSubclassOf(typeof(Delegate)) ? "delegate"
        : type.IsValueType ? "struct"
        : type is { IsAbstract: true, IsSealed: true } ? "static class"
        : type.IsAbstract ? "abstract class"
        : type.IsSealed ? "sealed class"
        : "class";

    private static string? Member(MemberInfo member) => member switch
    {
        MethodInfo { IsSpecialName: true } method when !method.Name.StartsWith("op_", StringComparison.Ordinal) => null,
        MethodBase method when !IsVisible(method) || method.Name.Contains('<', StringComparison.Ordinal) => null,
        ConstructorInfo constructor => $"new({Parameters(constructor)})",
        MethodInfo method => $"{Static(method)}{method.Name}{Generic(method)}({Parameters(method)}): {Name(method.ReturnType)}",
        PropertyInfo property when IsVisible(property.GetMethod) || IsVisible(property.SetMethod) =>
            $"{Static(property.GetMethod ?? property.SetMethod!)}{property.Name}{Index(property)}: {Name(property.PropertyType)}"
            + (IsVisible(property.GetMethod) ? " get" : "") + (IsVisible(property.SetMethod) ? " set" : ""),
        FieldInfo field when (field.IsPublic || field.IsFamily) && !field.IsSpecialName =>
            field.DeclaringType!.IsEnum ? $"{field.Name} = {Convert.ToInt64(field.GetRawConstantValue())}" : $"{field.Name}: {Name(field.FieldType)}",
        EventInfo { AddMethod: { } add } named when IsVisible(add) => $"event {named.Name}: {Name(named.EventHandlerType!)}",
        _ => null,
    };

    private static bool IsVisible(MethodBase? method) => method is { IsPublic: true } or { IsFamily: true } or { IsFamilyOrAssembly: true };

    private static string Static(MethodBase method) => method.IsStatic ? "static " : "";

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Index(PropertyInfo property) =>
        property.GetIndexParameters() is { Length: > 0 } parameters ? $"[{string.Join(", ", parameters.Select(Parameter))}]" : "";

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Parameter));

    private static string Parameter(ParameterInfo parameter) =>
        $"{Name(parameter.ParameterType)} {parameter.Name}{(parameter.HasDefaultValue ? $" = {parameter.RawDefaultValue ?? "null"}" : "")}";

    private static string Name(Type type) =>
        type.IsByRef ? Name(type.GetElementType()!) + "&"
        : type.IsArray ? $"{Name(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]"
        : type.IsGenericParameter ? type.Name
        : type.IsGenericType ? $"{Plain(type)}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : Plain(type);

    private static string Plain(Type type)
    {
        var name = type.FullName?.Split('[')[0] ?? type.Name;
        return name.Replace("System.Collections.Generic.", "", StringComparison.Ordinal).Split('`')[0];
    }
}
