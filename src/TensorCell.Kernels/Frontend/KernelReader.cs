using System.Reflection;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Frontend;

/// <summary>What reading a kernel shares among the methods it calls: the captured variables, and limits on the amount of code.</summary>
internal sealed class KernelReader
{
    /// <summary>The most IL instructions read, calls included.</summary>
    private const int MaximumInstructions = 200_000;

    private readonly List<Capture> captures = [];
    private readonly Dictionary<(string Path, FieldInfo Field), Node> uniforms = [];
    private int instructions;

    /// <summary>The function that a method computes.</summary>
    public static KernelFunction Read(MethodInfo method, object? target)
    {
        if (method.DeclaringType is null || method.IsAbstract)
        {
            throw new KernelRefusedException(
                "it has no IL to read, being abstract or generated at run time, such as a compiled expression tree; give a C# method or lambda",
                method.Name, 0, null);
        }

        var reader = new KernelReader();
        var name = NameOf(method);
        var parameters = method.GetParameters();
        var types = new DType[parameters.Length];
        var arguments = new List<StackValue>();
        if (!method.IsStatic)
        {
            arguments.Add(new ObjectValue(method.DeclaringType, "", () => target));
        }

        for (var i = 0; i < parameters.Length; i++)
        {
            types[i] = ParameterType(parameters[i].ParameterType)
                ?? throw Refused(method, 0, $"parameter '{parameters[i].Name}' is a {parameters[i].ParameterType}; kernels take float, double, int, long and bool");
            arguments.Add(new NodeValue(Node.Parameter(i, types[i])));
        }

        if (ParameterType(method.ReturnType) is null)
        {
            throw Refused(method, 0, $"it returns {method.ReturnType}; kernels return float, double, int, long or bool");
        }

        var result = new MethodReader(reader, method, depth: 0).Run([.. arguments], new(), Node.Constant(true));
        return KernelFunction.CreateCapturing(name, types, reader.captures, ((NodeValue)result!).Node);
    }

    /// <summary>The error that a method holds something that a kernel cannot.</summary>
    public static KernelRefusedException Refused(MethodBase method, int offset, string construct)
    {
        var (file, line) = KernelSources.Find(method, offset);
        return new(construct, NameOf(method), line, file);
    }

    /// <summary>The name a programmer knows a method by: a lambda's or local function's is given by the method around it.</summary>
    public static string NameOf(MethodBase method)
    {
        var name = method.Name;
        if (!name.StartsWith('<') || name.IndexOf('>') is var end && end < 0)
        {
            return name;
        }

        var around = name[1..end];
        // The compiler names a local function <Around>g__Name|0_1 and a lambda <Around>b__0_1.
        if (name.AsSpan(end + 1).StartsWith("g__"))
        {
            return name[(end + 4)..].Split('|')[0];
        }

        return around is "<Initialize>" or "" or "<Main>$" ? "lambda" : $"lambda in {around}";
    }

    /// <summary>Counts an instruction against the limit.</summary>
    public void Count(MethodBase method, int offset)
    {
        if (++instructions > MaximumInstructions)
        {
            throw Refused(method, offset, $"more than {MaximumInstructions} instructions with its calls; split the kernel");
        }
    }

    /// <summary>A field of an object outside the kernel: a uniform, or an object to look further into.</summary>
    public StackValue? Field(ObjectValue? owner, FieldInfo field)
    {
        var path = owner is null ? field.DeclaringType!.FullName + "." : owner.Path + ".";
        object? Read() => field.GetValue(owner?.Read());
        if (field.IsLiteral)
        {
            return null;
        }

        if (Coercion.Computed(field.FieldType) is not { } type)
        {
            return field.FieldType.IsPointer || field.FieldType.IsByRef || field.FieldType.IsArray
                ? null
                : new ObjectValue(field.FieldType, path + field.Name, Read);
        }

        if (!uniforms.TryGetValue((path, field), out var uniform))
        {
            uniform = Node.Uniform(captures.Count, type);
            uniforms.Add((path, field), uniform);
            captures.Add(new(SourceName(field), type, () => ToScalar(Read()!)));
        }

        return new NodeValue(uniform);
    }

    private static Scalar ToScalar(object value) => value switch
    {
        float real => (Scalar)real,
        double real => (Scalar)real,
        int integer => (Scalar)integer,
        long integer => (Scalar)integer,
        bool truth => (Scalar)truth,
        uint integer => (Scalar)(int)integer,
        ulong integer => (Scalar)(long)integer,
        char character => (Scalar)(int)character,
        Enum named => ToScalar(Convert.ChangeType(named, Enum.GetUnderlyingType(named.GetType()))),
        _ => (Scalar)Convert.ToInt32(value),
    };

    // A property's field is <Name>k__BackingField.
    private static string SourceName(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>') is > 1 and var end ? field.Name[1..end] : field.Name;

    private static DType? ParameterType(Type type) =>
        type == typeof(float) || type == typeof(double) || type == typeof(int) || type == typeof(long) || type == typeof(bool)
            ? DTypes.Of(type)
            : null;
}
