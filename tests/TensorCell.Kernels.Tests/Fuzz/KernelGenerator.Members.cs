using System.Globalization;

namespace TensorCell.Kernels.Tests.Fuzz;

internal sealed partial class KernelGenerator
{
    private void WriteStructure()
    {
        var structure = new Structure(Name("S"), [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ =>
            (Name("F"), structures.Count > 0 && Chance(4) ? Pick(structures).Name : AnyScalar()))]);
        var parameters = string.Join(", ", structure.Fields.Select(field => $"{field.Type} {field.Name}"));
        var scope = new Scope();
        foreach (var (name, type) in structure.Fields)
        {
            scope.Add(new($"this.{name}", type, IsWritable: false, IsCapturable: false));
        }

        var (result, changed) = (AnyScalar(), Pick(structure.Fields));
        structure.Method = (Name("M"), result);
        structure.Change = Name("C");
        structure.Merge = Name("O");
        var text = $"unchecked({Expression(result, scope, 3)})";
        var change = $"unchecked({Expression(changed.Type, scope, 2)})";
        // One of the two is a record, whose members are properties.
        structure.IsRecord = Chance(2);
        var body = $$"""
            public {{(Chance(2) ? "readonly " : "")}}{{result}} {{structure.Method.Name}}() => {{text}};
            public void {{structure.Change}}() => {{changed.Name}} = {{change}};
            public static {{structure.Name}} {{structure.Merge}}({{(Chance(2) ? "in " : "")}}{{structure.Name}} a, {{structure.Name}} b) =>
                new {{structure.Name}}({{string.Join(", ", structure.Fields.Select(field => $"{Pick(["a", "b"])}.{field.Name}"))}});
            """;
        members.AppendLine(structure.IsRecord
            ? $"public record struct {structure.Name}({parameters})\n{{\n{body}\n}}"
            : $$"""
            public struct {{structure.Name}}
            {
            {{string.Concat(structure.Fields.Select(field => $"public {field.Type} {field.Name};\n"))}}
            public {{structure.Name}}({{parameters}})
            {
            {{string.Concat(structure.Fields.Select(field => $"this.{field.Name} = {field.Name};\n"))}}
            }
            {{body}}
            }
            """);
        structures.Add(structure);
    }

    private void WriteFunction(bool isInstance)
    {
        if (Chance(4))
        {
            WriteGeneric();
            return;
        }

        var isStatic = !isInstance || Chance(2);
        var scope = new Scope();
        foreach (var field in fields.Where(field => !isStatic || field.Type.StartsWith("static ", StringComparison.Ordinal)))
        {
            scope.Add(field with { Type = field.Type.Split(' ')[^1] });
        }

        var function = new Function(Name("H"), AnyType(), [], isStatic);
        var assignments = "";
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var modifier = random.Next(8) switch { 0 => "ref ", 1 => "in ", 2 => "out ", _ => "" };
            var type = AnyType();
            var name = Name("p");
            function.Parameters.Add((modifier, type, name));
            scope.Add(new(name, type, IsWritable: modifier != "in ", IsCapturable: modifier.Length == 0));
            assignments += modifier == "out " ? $"{name} = {Literal(type)};\n" : "";
        }

        var array = views.Where(view => view.Role is FuzzRole.Input or FuzzRole.Aligned).FirstOrDefault(_ => Chance(3));
        var kept = views.ToList();
        views.Clear();
        if (array is not null)
        {
            var parameter = array with { Name = Name("a"), Lengths = [.. array.Lengths.Select(_ => 0)], Role = FuzzRole.Input };
            function.Parameters.Add(("", array.Type, parameter.Name));
            views.Add(parameter);
        }

        returned = function.Result;
        isKernel = false;
        nesting = 1;
        loops = 0;
        labels.Clear();
        var body = Block(scope, canJump: true);
        members.AppendLine(CultureInfo.InvariantCulture, $$"""
            public {{(isStatic ? "static " : "")}}{{function.Result}} {{function.Name}}({{string.Join(", ", function.Parameters.Select(parameter => $"{parameter.Modifier}{parameter.Type} {parameter.Name}"))}})
            {
            unchecked
            {
            {{assignments}}{{body}}
            return {{Expression(function.Result, scope, 2)}};
            }
            }
            """);
        views.Clear();
        views.AddRange(kept);
        functions.Add(function);
    }

    private void WriteGeneric()
    {
        var name = Name("N");
        var (constraint, body, types) = random.Next(6) switch
        {
            0 => ("INumber<T>", "var r = T.Zero; for (int k = 0; k < 3; k++) { r = r * a + b; if (r > b) r -= T.One; } return r;", new[] { "int", "long", "float", "double", "uint", "byte", "ulong" }),
            1 => ("INumber<T>", "return a > b ? T.Max(a, b) - b : T.Min(a, b) + T.CreateTruncating(3);", ["int", "long", "float", "double", "short", "ulong"]),
            2 => ("IBinaryInteger<T>", "T r = a; while (r != T.Zero && r > T.One) { r >>= 1; b ^= r; } return b + T.PopCount(a);", ["int", "long", "uint", "ulong", "byte", "sbyte"]),
            3 => ("IFloatingPointIeee754<T>", "return T.IsNaN(a) ? b : T.Sqrt(T.Abs(a)) + T.Floor(b);", ["float", "double"]),
            4 => ("INumber<T>", "T Local(T x) => x + a; for (T k = T.Zero; k < T.CreateTruncating(4); k++) { b = Local(b) - k; } return b;", ["int", "float", "double", "long"]),
            _ => ("struct, IComparisonOperators<T, T, bool>", "return (a < b) == (b >= a) ? a : b;", ["int", "float", "ushort", "ulong", "double"]),
        };
        members.AppendLine(CultureInfo.InvariantCulture, $"public static T {name}<T>(T a, T b) where T : {constraint} {{ unchecked {{ {body} }} }}");
        foreach (var type in types.Where(_ => Chance(2)))
        {
            functions.Add(new($"{name}<{type}>", type, [("", type, "a"), ("", type, "b")], true));
        }
    }

    /// <summary>A structure of a random kernel.</summary>
    private sealed record Structure(string Name, (string Name, string Type)[] Fields)
    {
        public (string Name, string Type) Method { get; set; }

        public string Change { get; set; } = "";

        public string Merge { get; set; } = "";

        public bool IsRecord { get; set; }
    }

    /// <summary>A function that a random kernel may call.</summary>
    private sealed record Function(string Name, string Result, List<(string Modifier, string Type, string Name)> Parameters, bool IsStatic);
}
