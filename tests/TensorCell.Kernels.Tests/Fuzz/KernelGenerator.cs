using System.Globalization;
using System.Text;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>
/// Writes random kernels over every construct that a kernel may have. They end, and unless asked to they do not fail: divisors are not
/// zero, indices lie within range, and each item writes only what is its own.
/// </summary>
internal sealed partial class KernelGenerator(Random random, bool mayFail = false)
{
    private static readonly string[] integers = ["int", "int", "int", "uint", "long", "ulong", "byte", "sbyte", "short", "ushort", "char", "nint"];
    private static readonly string[] reals = ["float", "float", "double", "double", "Half"];
    private static readonly string[] elements = ["float", "float", "double", "int", "int", "uint", "long", "ulong", "byte", "sbyte", "short", "ushort", "bool", "Half"];

    private readonly List<FuzzView> views = [];
    private readonly List<FuzzView> tables = [];
    private readonly List<Structure> structures = [];
    private readonly List<Function> functions = [];
    private readonly StringBuilder members = new();
    private readonly List<ScopeVariable> fields = [];
    private string[] own = [];
    private int rank;
    private int names;
    private int budget;

    /// <summary>A kernel of about so many statements.</summary>
    public FuzzKernel Next(string name, int size)
    {
        rank = random.Next(6) switch { < 4 => 1, 4 => 2, _ => 3 };
        var isInstance = random.Next(2) == 0;
        var isLambda = random.Next(4) == 0;
        ChooseGroup();
        WriteFields(isInstance);
        for (var i = random.Next(3); i > 0; i--)
        {
            WriteStructure();
        }

        AddViews();
        for (var i = random.Next(4); i > 0; i--)
        {
            budget = random.Next(1, 6);
            WriteFunction(isInstance);
        }

        var uniforms = Enumerable.Range(0, random.Next(3)).Select(_ => Pick(["float", "double", "int", "long", "uint", "bool", "byte", "ulong"])).ToArray();
        var (givenViews, givenUniforms) = isLambda ? (random.Next(views.Count + 1), random.Next(uniforms.Length + 1)) : (views.Count, uniforms.Length);
        // Whoever takes nothing but ints takes them all for indices.
        var takesAxes = isLambda && rank > 1 && group is null && Chance(2);
        (givenViews, givenUniforms) = takesAxes ? (0, 0) : givenViews == 0 ? (givenViews, 0) : (givenViews, givenUniforms);
        own = takesAxes ? ["z", "y", "x"] : group is not null ? ["g.Global.Z", "g.Global.Y", "g.Global.X"] : rank == 1 ? ["i"] : ["i.Z", "i.Y", "i.X"];
        own = own[^rank..];
        var scope = new Scope();
        List<string> parameters = takesAxes
            ? [.. own.Select(axis => $"int {axis}")]
            : [group is not null ? "Group g" : rank switch { 1 => "int i", 2 => "Index2 i", _ => "Index3 i" }];
        foreach (var part in own)
        {
            scope.Add(new(part, "int", IsWritable: false));
        }

        parameters.AddRange(views.Take(givenViews).Select(view => $"{view.Type} {view.Name}"));
        foreach (var (place, type) in uniforms.Index())
        {
            scope.Add(new($"u{place}", type, IsWritable: place < givenUniforms && (group is null || Chance(2))));
        }

        parameters.AddRange(uniforms.Take(givenUniforms).Select((type, place) => $"{type} u{place}"));
        foreach (var field in fields.Where(field => isInstance || field.Type.StartsWith("static ", StringComparison.Ordinal)))
        {
            scope.Add(field with { Type = field.Type.Split(' ')[^1] });
        }

        budget = size;
        returned = null;
        isKernel = true;
        loops = 0;
        nesting = 0;
        labels.Clear();
        var body = group is null ? Block(scope, canJump: true) + Last(scope) : GroupBody(scope);
        var attribute = Attribute();
        body = $"unchecked\n{{\n{body}\n}}";
        var method = isLambda
            ? Lambda(attribute, parameters, body, givenViews, uniforms, givenUniforms, isInstance)
            : $"{attribute}public {(isInstance ? "" : "static ")}void Kernel({string.Join(", ", parameters)})\n{{\n{body}\n}}";
        var source = $"public {(isInstance ? "sealed" : "static")} class {name}\n{{\n{members}\n{method}\n}}";
        return new(name, source, rank, [.. views], uniforms, mayFail)
        {
            Group = group,
            CoversGroups = !isGuarded,
            TakesAxes = takesAxes,
            GivenViews = isLambda ? givenViews : null,
            GivenUniforms = givenUniforms,
        };
    }

    /// <summary>Writes each output a last time.</summary>
    private string Last(Scope scope) =>
        string.Concat(views.Where(view => view.Role == FuzzRole.Output).Select(view => $"{Own(view, scope)} = {Expression(view.Element, scope, 2)};\n"));

    private string Attribute()
    {
        List<string> settings = [.. mayFail || !Chance(4) ? [] : (string[])["Unchecked = true"]];
        if (group is var (z, y, x))
        {
            settings.AddRange([$"GroupX = {x}", .. rank > 1 ? [$"GroupY = {y}"] : (string[])[], .. rank > 2 ? [$"GroupZ = {z}"] : (string[])[]]);
        }

        return settings.Count > 0 ? $"[Kernel({string.Join(", ", settings)})]\n" : "";
    }

    /// <summary>A method that returns the kernel as a lambda, and what gives the variables that it captures their values.</summary>
    private string Lambda(string attribute, List<string> parameters, string body, int givenViews, string[] uniforms, int givenUniforms, bool isInstance)
    {
        var captured = views.Skip(givenViews).Select(view => (view.Type, view.Name))
            .Concat(uniforms.Select((type, place) => (Type: type, Name: $"u{place}")).Skip(givenUniforms)).ToList();
        return $$"""
            public {{(isInstance ? "" : "static ")}}(Delegate, Action<object[]>) Make()
            {
            {{string.Concat(captured.Select(one => $"{one.Type} {one.Name} = default;\n"))}}
            return ({{attribute}}({{string.Join(", ", parameters)}}) =>
            {
            {{body}}
            },
            given =>
            {
            {{string.Concat(captured.Select((one, place) => $"{one.Name} = ({one.Type})given[{place}];\n"))}}
            });
            }
            """;
    }

    private void WriteFields(bool isInstance)
    {
        for (var i = random.Next(4); i > 0; i--)
        {
            var type = Pick([.. integers, .. reals, "bool"]);
            if (type is "Half" or "nint")
            {
                continue;
            }

            var modifier = isInstance && random.Next(3) > 0 ? "" : "static ";
            var field = Name("g");
            members.AppendLine(CultureInfo.InvariantCulture, $"public {modifier}{type} {field} = unchecked(({type})({Literal(type)}));");
            fields.Add(new(field, modifier + type, IsWritable: false));
        }

        for (var i = random.Next(3) - 1; i > 0; i--)
        {
            var table = new FuzzView(Name("t"), Pick(["float", "int", "double", "byte"]), false, FuzzRole.Input, [random.Next(3, 9)]);
            var modifier = isInstance && random.Next(2) > 0 ? "" : "static readonly ";
            members.AppendLine(
                CultureInfo.InvariantCulture,
                $"public {modifier}{table.Type} {table.Name} = {{ {string.Join(", ", Enumerable.Range(0, table.Lengths[0]).Select(_ => $"unchecked(({table.Element})({Literal(table.Element)}))"))} }};");
            tables.Add(table);
        }
    }

    private void AddViews()
    {
        int[] space = new int[rank];
        void Add(FuzzRole role, string element, int[] lengths) => views.Add(new(Name("v"), element, random.Next(2) == 0, role, lengths));
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            if (random.Next(3) == 0)
            {
                var lengths = new int[random.Next(1, 5)];
                for (var d = 0; d < lengths.Length; d++)
                {
                    lengths[d] = random.Next(1, lengths.Length == 1 ? 40 : 6);
                }

                Add(FuzzRole.Input, Pick(elements), lengths);
            }
            else
            {
                Add(FuzzRole.Aligned, Pick(elements), space);
            }
        }

        for (var i = random.Next(1, 3); i > 0; i--)
        {
            Add(FuzzRole.Output, Pick(elements), space);
        }

        if (random.Next(3) == 0)
        {
            Add(FuzzRole.Row, Pick(elements), [.. space, random.Next(2, 6)]);
        }

        if (random.Next(4) == 0)
        {
            Add(FuzzRole.Counter, Pick(["int", "int", "long", "uint"]), [random.Next(1, 9)]);
            counterOperation = Pick(["Add", "Min", "Max", "And", "Or", "Xor", "Interlocked.Add", "Interlocked.Increment"]);
            if (views[^1].Element == "uint")
            {
                counterOperation = "Add";
            }
        }

        if (random.Next(4) == 0)
        {
            Add(FuzzRole.Approximate, Pick(["float", "double"]), space);
        }

        for (var i = views.Count - 1; i > 0; i--)
        {
            var other = random.Next(i + 1);
            (views[i], views[other]) = (views[other], views[i]);
        }
    }

    private string Name(string stem) => $"{stem}{names++}";

    private T Pick<T>(IReadOnlyList<T> choices) => choices[random.Next(choices.Count)];

    private T Pick<T>(IEnumerable<T> choices) => Pick((IReadOnlyList<T>)[.. choices]);

    private bool Chance(int oneIn) => random.Next(oneIn) == 0;

    private string AnyScalar() => random.Next(8) switch { 0 => "bool", < 5 => Pick(integers), _ => Pick(reals) };

    private string AnyType() => structures.Count > 0 && Chance(5) ? Pick(structures).Name : Chance(12) ? $"({AnyScalar()}, {AnyScalar()})" : AnyScalar();
}
