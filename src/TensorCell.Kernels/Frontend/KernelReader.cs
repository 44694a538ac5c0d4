using System.Collections.Immutable;
using System.Reflection;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Passes;

namespace TensorCell.Kernels.Frontend;

/// <summary>What reading a kernel shares among the methods it calls: the captured variables, and limits on the amount of code.</summary>
internal sealed class KernelReader
{
    /// <summary>The most IL instructions read, calls included.</summary>
    private const int MaximumInstructions = 200_000;

    private readonly List<Capture> captures = [];
    private readonly Dictionary<(string Path, FieldInfo Field), Node> uniforms = [];
    private readonly Dictionary<(string Path, FieldInfo Field), ViewOperand> capturedViews = [];
    private readonly List<DType> givenUniforms = [];
    private readonly List<ViewOperand> views = [];
    private readonly List<SharedOperand> shared = [];
    private readonly Dictionary<Node, long> latest = new(ReferenceEqualityComparer.Instance);
    private int instructions;

    /// <summary>Where statements go now.</summary>
    public Region Region { get; set; } = new();

    /// <summary>How many regions there are around that one.</summary>
    public int Nesting { get; set; }

    /// <summary>The extents of a group along X, Y and Z.</summary>
    public ImmutableArray<int> GroupExtents { get; private set; } = [1, 1, 1];

    /// <summary>The function of its parameters that a method computes.</summary>
    public static KernelFunction Read(MethodInfo method, object? target) => ReadElementwise(method, target).Flat
        ?? throw Refused(method, 0, "a loop, or an element of a captured array, in a function of single elements; compile it with Kernel.Elementwise or GridKernel.Compile");

    /// <summary>Reads a method that computes a number from its parameters.</summary>
    public static ElementwiseMethod ReadElementwise(MethodInfo method, object? target)
    {
        var reader = new KernelReader();
        var (name, parameters, result) = reader.ReadFunction(method, target);
        return new(name, parameters, reader.Region, result, reader.views, reader.captures);
    }

    /// <summary>The program that a kernel method, lambda or local function is: its first parameter an index, the others views and numbers.</summary>
    public static GridProgram ReadGrid(MethodInfo method, object? target) => GridOptimizer.Tidy(new KernelReader().ReadProgram(method, target));

    /// <summary>The greatest <see cref="VariableNode"/> that a value depends on, by <see cref="Node.Tag"/>; 0 if on none.</summary>
    public long Latest(Node root)
    {
        foreach (var node in latest.ContainsKey(root) ? [] : NodeOrder.Of([root]))
        {
            if (!latest.ContainsKey(node))
            {
                var greatest = node is VariableNode ? node.Tag : 0;
                for (var i = 0; i < node.OperandCount; i++)
                {
                    greatest = Math.Max(greatest, latest[node.Operand(i)]);
                }

                latest.Add(node, greatest);
            }
        }

        return latest[root];
    }

    /// <summary>Declares memory that a group shares.</summary>
    public SharedOperand AddShared(StorageType storage, ImmutableArray<int> lengths)
    {
        var operand = new SharedOperand(shared.Count, $"shared{shared.Count}", storage, lengths);
        shared.Add(operand);
        return operand;
    }

    private (string Name, (string Name, DType Type)[] Parameters, Node Result) ReadFunction(MethodInfo method, object? target)
    {
        RequireIl(method);
        var parameters = method.GetParameters();
        var read = new (string Name, DType Type)[parameters.Length];
        var arguments = Receiver(method, target);
        for (var i = 0; i < parameters.Length; i++)
        {
            var type = ParameterType(parameters[i].ParameterType)
                ?? throw Refused(method, 0, $"parameter '{parameters[i].Name}' is a {parameters[i].ParameterType}; kernels take float, double, int, long and bool");
            read[i] = (parameters[i].Name ?? $"p{i}", type);
            arguments.Add(new NodeValue(Node.Parameter(i, type)));
        }

        if (ParameterType(method.ReturnType) is null)
        {
            throw Refused(method, 0, $"it returns {method.ReturnType}; kernels return float, double, int, long or bool");
        }

        var result = new MethodReader(this, method, depth: 0).Run([.. arguments], new());
        return (NameOf(method), read, ((NodeValue)result!).Node);
    }

    private GridProgram ReadProgram(MethodInfo method, object? target)
    {
        RequireIl(method);
        if (method.ContainsGenericParameters)
        {
            throw Refused(method, 0, "type parameters that are not known: choose them, as in Name<float>");
        }

        var attribute = method.GetCustomAttribute<KernelAttribute>() ?? new KernelAttribute();
        var parameters = method.GetParameters();
        var state = new FrameState();
        var arguments = Receiver(method, target);
        if (parameters.Length == 0)
        {
            throw Refused(method, 0, "it takes no index; a kernel's first parameter is an int, Index2, Index3 or Group");
        }

        var rank = ReadIndex(method, parameters, attribute, state, arguments);
        for (var i = arguments.Count - (method.IsStatic ? 0 : 1); i < parameters.Length; i++)
        {
            arguments.Add(ReadParameter(method, parameters[i]));
        }

        var returned = method.ReturnType == typeof(void) ? null : StorageTypes.Of(method.ReturnType);
        if (method.ReturnType != typeof(void) && returned is null)
        {
            throw Refused(method, 0, $"it returns {method.ReturnType}; kernels return a number, a bool or nothing");
        }

        var result = new MethodReader(this, method, depth: 0).Run([.. arguments], state);
        var isGroup = parameters[0].ParameterType == typeof(Group);
        return new()
        {
            Name = NameOf(method),
            Rank = rank,
            Views = [.. views],
            Uniforms = [.. givenUniforms, .. captures.Select(capture => capture.Type)],
            Captures = [.. captures],
            GroupExtents = isGroup ? GroupExtents : [],
            Shared = [.. shared],
            Body = Region,
            Results = result is NodeValue value ? [value.Node] : [],
            Unchecked = attribute.Unchecked,
        };
    }

    private int ReadIndex(
        MethodInfo method, ParameterInfo[] parameters, KernelAttribute attribute, FrameState state, List<StackValue> arguments)
    {
        var type = parameters[0].ParameterType;
        if (type == typeof(Group))
        {
            GroupExtents = [attribute.GroupX, attribute.GroupY, attribute.GroupZ];
            var items = (long)attribute.GroupX * attribute.GroupY * attribute.GroupZ;
            if (attribute.GroupX < 1 || attribute.GroupY < 1 || attribute.GroupZ < 1 || items > 1024)
            {
                throw Refused(method, 0, $"groups of {attribute.GroupZ} x {attribute.GroupY} x {attribute.GroupX} items; a group has 1 to 1024: set GroupX, GroupY and GroupZ of [Kernel]");
            }

            arguments.Add(new GroupValue());
            return attribute.GroupZ > 1 ? 3 : attribute.GroupY > 1 ? 2 : 1;
        }

        // A lambda over several axes takes them one by one: (y, x) => …
        var axes = IndexAxes(method, parameters);
        if (axes > 1)
        {
            for (var axis = axes - 1; axis >= 0; axis--)
            {
                arguments.Add(new NodeValue(new IndexNode(IndexKind.Global, axis)));
            }

            return axes;
        }

        arguments.Add(MethodReader.Index(state, type)
            ?? throw Refused(method, 0, $"its first parameter '{parameters[0].Name}' is a {type.Name}; a kernel's first parameter is the item's index: an int, Index2, Index3 or Group"));
        return type == typeof(int) ? 1 : type == typeof(Index2) ? 2 : 3;
    }

    /// <summary>Of a method that takes nothing but ints, and of a lambda's leading ones, each is an index.</summary>
    private static int IndexAxes(MethodInfo method, ParameterInfo[] parameters) =>
        method.ReturnType == typeof(void) && parameters.Length is 2 or 3 && parameters.All(parameter => parameter.ParameterType == typeof(int))
            ? parameters.Length
            : 1;

    private StackValue ReadParameter(MethodInfo method, ParameterInfo parameter)
    {
        var type = parameter.ParameterType;
        if (ElementOf(type) is var (element, rank))
        {
            var storage = StorageTypes.Of(element) ?? throw Refused(method, 0, $"parameter '{parameter.Name}' holds {element.Name}; kernels compute with numbers and bool");
            var view = new ViewOperand(views.Count, parameter.Name ?? $"view{views.Count}", storage, rank);
            views.Add(view);
            return new MemoryValue(view);
        }

        if (Coercion.Computed(type) is not { } computed || type == typeof(Half))
        {
            throw Refused(method, 0, $"parameter '{parameter.Name}' is a {type.Name}; kernels take views, arrays of up to four dimensions and numbers{(type is { IsValueType: true, IsPrimitive: false } ? "; give its parts, or let the kernel capture it" : "")}");
        }

        givenUniforms.Add(computed);
        return new NodeValue(Node.Uniform(givenUniforms.Count - 1, computed));
    }

    /// <summary>What a type of view or array has for elements, and along how many dimensions; null if it is another type.</summary>
    private static (Type Element, int Rank)? ElementOf(Type type)
    {
        if (type.IsArray)
        {
            return type.GetArrayRank() <= 4 ? (type.GetElementType()!, type.GetArrayRank()) : null;
        }

        return !type.IsGenericType ? null : type.GetGenericTypeDefinition() is var definition && definition == typeof(View<>) ? (type.GetGenericArguments()[0], 1)
            : definition == typeof(View2<>) ? (type.GetGenericArguments()[0], 2)
            : definition == typeof(View3<>) ? (type.GetGenericArguments()[0], 3)
            : definition == typeof(View4<>) ? (type.GetGenericArguments()[0], 4)
            : null;
    }

    private static void RequireIl(MethodInfo method)
    {
        if (method.DeclaringType is null || method.IsAbstract)
        {
            throw new KernelRefusedException(
                "it has no IL to read, being abstract or generated at run time, such as a compiled expression tree; give a C# method or lambda",
                method.Name, 0, null);
        }
    }

    private static List<StackValue> Receiver(MethodInfo method, object? target) =>
        method.IsStatic ? [] : [new ObjectValue(method.DeclaringType!, "", () => target)];

    /// <summary>The error that a method holds something that a kernel cannot.</summary>
    public static KernelRefusedException Refused(MethodBase method, int offset, string construct)
    {
        var (file, line) = KernelSources.Find(method, offset);
        return new(construct, NameOf(method), line, file);
    }

    /// <summary>The name a programmer knows a method by: a lambda's or local function's is given by the method around it.</summary>
    public static string NameOf(MethodBase method)
    {
        // The compiler names a local function <Around>g__Name|0_1 and a lambda <Around>b__0_1; what is around may be <Main>$, or another of these.
        var name = method.Name;
        var end = name.LastIndexOf('>');
        if (!name.StartsWith('<') || end < 0)
        {
            return name;
        }

        if (name.AsSpan(end + 1).StartsWith("g__"))
        {
            return name[(end + 4)..].Split('|')[0];
        }

        var around = name[1..end];
        return around.StartsWith('<') || around.Length == 0 ? "lambda" : $"lambda in {around}";
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

        if (ElementOf(field.FieldType) is var (element, rank) && StorageTypes.Of(element) is { } storage)
        {
            if (!capturedViews.TryGetValue((path, field), out var view))
            {
                view = new(views.Count, SourceName(field), storage, rank, Read);
                views.Add(view);
                capturedViews.Add((path, field), view);
            }

            return new MemoryValue(view);
        }

        if (Coercion.Computed(field.FieldType) is not { } type || field.FieldType == typeof(Half))
        {
            return field.FieldType.IsPointer || field.FieldType.IsByRef || field.FieldType.IsArray
                ? null
                : new ObjectValue(field.FieldType, path + field.Name, Read);
        }

        if (!uniforms.TryGetValue((path, field), out var uniform))
        {
            uniform = Node.Uniform(givenUniforms.Count + captures.Count, type);
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
        nint integer => (Scalar)(long)integer,
        nuint integer => (Scalar)(long)integer,
        char character => (Scalar)(int)character,
        Enum named => ToScalar(Convert.ChangeType(named, Enum.GetUnderlyingType(named.GetType()))),
        _ => (Scalar)Convert.ToInt32(value),
    };

    /// <summary>The name that a programmer knows a field by: a property's is called &lt;Name>k__BackingField.</summary>
    public static string SourceName(FieldInfo field) =>
        field.Name.StartsWith('<') && field.Name.IndexOf('>') is > 1 and var end ? field.Name[1..end] : field.Name;

    private static DType? ParameterType(Type type) =>
        type == typeof(float) || type == typeof(double) || type == typeof(int) || type == typeof(long) || type == typeof(bool)
            ? DTypes.Of(type)
            : null;
}
