using System.Globalization;
using System.Text;

namespace TensorCell.Kernels.Tests.Fuzz;

/// <summary>Kernels with groups: between two barriers an item touches of shared memory only what no other item writes.</summary>
internal sealed partial class KernelGenerator
{
    private readonly List<FuzzView> tiles = [];
    private readonly Dictionary<FuzzView, TileUse> useOfTile = new(ReferenceEqualityComparer.Instance);
    private (int Z, int Y, int X)? group;
    private bool isGuarded;
    private bool isInside = true;
    private int uniformLoops;

    private int Items => group is var (z, y, x) ? z * y * x : 1;

    private void ChooseGroup()
    {
        if (!Chance(4))
        {
            return;
        }

        group = rank switch
        {
            1 => (1, 1, Pick([1, 4, 5, 8, 16, 16, 32, 48])),
            2 => Pick([(1, 2, 4), (1, 4, 8), (1, 3, 3), (1, 8, 2)]),
            _ => Pick([(2, 2, 4), (2, 1, 3), (4, 2, 2)]),
        };
        isGuarded = Chance(3);
    }

    private string GroupBody(Scope scope)
    {
        var text = new StringBuilder();
        var size = group!.Value;
        isInside = !isGuarded;
        text.AppendLine(rank switch
        {
            1 => "int t = g.Local.X;",
            2 => Chance(2) ? "int t = (g.Local.Y * g.Size.X) + g.Local.X;" : $"int t = (g.Local.Y * {size.X}) + g.Local.X;",
            _ => "int t = (((g.Local.Z * g.Size.Y) + g.Local.Y) * g.Size.X) + g.Local.X;",
        });
        scope.Add(new("t", "int", IsWritable: false, Below: Items));
        foreach (var name in (string[])["g.Local.X", "g.Index.X", "g.Size.X", "g.Count.X", "g.Local.Y"])
        {
            scope.Add(new(name, "int", IsWritable: false, Below: name == "g.Local.X" ? size.X : name == "g.Local.Y" ? size.Y : 0));
        }

        for (var i = random.Next(1, 4); i > 0; i--)
        {
            AddTile(text, scope);
        }

        if (isGuarded)
        {
            var bound = views.Find(view => view.Role == FuzzRole.Output)!;
            text.AppendLine(CultureInfo.InvariantCulture, $"bool inside = {string.Join(" && ", own.Select((axis, d) => $"{axis} < {bound.Length(d)}"))};");
        }

        List<string> same =
        [
            "g.Index.X", "g.Count.X", "g.Size.X", views[0].Length(0),
            .. scope.All.Where(variable => variable is { IsWritable: false, Type: "int" or "long" or "uint" } && variable.Name[0] is 'u' or 'g' && !variable.Name.StartsWith("g.", StringComparison.Ordinal))
                .Select(variable => $"(int){variable.Name}"),
        ];
        text.AppendLine("g.Barrier();");
        text.Append(Phases(scope, same, random.Next(1, 5), 0));
        ChooseUses(TileUse.All);
        text.Append(isGuarded ? $"if (inside)\n{{\n{Inside(() => Last(scope))}}}\n" : Last(scope));
        return text.ToString();
    }

    private void AddTile(StringBuilder text, Scope scope)
    {
        var isTable = rank > 1 && group!.Value.Z == 1 && Chance(2);
        var tile = new FuzzView(
            Name("s"), Pick(["int", "int", "float", "double", "long", "byte", "ushort", "Half"]), true, FuzzRole.Tile,
            isTable ? [group!.Value.Y, group.Value.X + random.Next(2)] : [Items + (Chance(3) ? random.Next(1, 9) : 0)]);
        text.AppendLine(CultureInfo.InvariantCulture, $"{(Chance(2) ? "var" : tile.Type)} {tile.Name} = g.Shared<{tile.Element}>({string.Join(", ", tile.Lengths)});");
        useOfTile[tile] = TileUse.None;
        var value = Expression(tile.Element, scope, 1);
        text.AppendLine(isTable
            ? $"for (int k = g.Local.X; k < {tile.Lengths[1]}; k += {group!.Value.X}) {tile.Name}[g.Local.Y, k] = {value};"
            : $"for (int k = t; k < {tile.Lengths[0]}; k += {Items}) {tile.Name}[k] = {value};");
        tiles.Add(tile);
    }

    private string[] PlaceInTile(FuzzView tile) => tile.Lengths.Length == 1 ? ["t"] : ["g.Local.Y", "g.Local.X"];

    private string Inside(Func<string> write)
    {
        isInside = true;
        var text = write();
        isInside = !isGuarded;
        return text;
    }

    private void ChooseUses(TileUse? use = null)
    {
        foreach (var tile in tiles)
        {
            useOfTile[tile] = use ?? (tile.Element is "int" or "long" && Chance(4) ? TileUse.Counter : Pick([TileUse.Own, TileUse.All, TileUse.All]));
        }
    }

    /// <summary>Statements with a barrier after each few of them.</summary>
    private string Phases(Scope outer, List<string> same, int count, int depth)
    {
        var scope = new Scope(outer);
        var text = new StringBuilder();
        for (; count > 0; count--)
        {
            switch (random.Next(depth < 2 ? 9 : 6))
            {
                case 4:
                    text.Append(Tree(scope));
                    break;
                case 5:
                    text.Append(Scan());
                    break;
                case 6:
                    text.Append(UniformLoop(scope, same, depth));
                    break;
                case 7:
                    text.Append(CultureInfo.InvariantCulture, $"if ({Uniform(same)})\n{{\n{Phases(scope, same, random.Next(1, 3), depth + 1)}}}\n");
                    text.Append(Chance(2) ? $"else\n{{\n{Phases(scope, same, random.Next(1, 3), depth + 1)}}}\n" : "");
                    break;
                default:
                    ChooseUses();
                    for (var i = random.Next(1, 4); i > 0; i--)
                    {
                        budget = Math.Max(budget, 1);
                        text.AppendLine(isGuarded && Chance(2) ? $"if (inside)\n{{\n{Inside(() => Block(scope, canJump: false))}}}" : Statement(scope, canJump: false));
                    }

                    text.AppendLine("g.Barrier();");
                    break;
            }
        }

        return text.ToString();
    }

    private string UniformLoop(Scope scope, List<string> same, int depth)
    {
        var name = $"w{uniformLoops++}";
        var inner = new Scope(scope);
        inner.Add(new(name, "int", IsWritable: false));
        var head = random.Next(4) switch
        {
            0 => $"for (int {name} = 0; {name} < {random.Next(1, 4)}; {name}++)",
            1 => $"for (int {name} = 0; {name} < ({Pick(same)} & 3); {name}++)",
            2 => $"for (int {name} = {Items}; {name} > 0; {name} /= 2)",
            _ => $"for (int {name} = 1; {name} < {Math.Max(2, Items)}; {name} <<= 1)",
        };
        var text = $"{head}\n{{\n{Phases(inner, [.. same, name], random.Next(1, 3), depth + 1)}";
        return text + (Chance(4) ? $"if ({Uniform([.. same, name])}) {Pick(["break", "continue"])};\n" : "") + "}\n";
    }

    /// <summary>A condition that is the same for all items of a group.</summary>
    private string Uniform(List<string> same)
    {
        string One() => random.Next(5) switch
        {
            0 => $"({Pick(same)} & 1) == 0",
            1 => $"{Pick(same)} {Pick(["<", ">=", "!="])} {Pick(same)}",
            2 => $"{Pick(same)} % 3 == {random.Next(3)}",
            3 when views.Find(view => view is { Role: FuzzRole.Input, Lengths.Length: 1 } && view.Element != "bool") is { } view =>
                $"{view.Name}[g.Index.X % {view.Length(0)}] > ({view.Element}){random.Next(3)}",
            _ => $"{Pick(same)} > {random.Next(4)}",
        };
        return Chance(3) ? $"{One()} {Pick(["&&", "||"])} {One()}" : One();
    }

    /// <summary>A reduction by halves: all that a tile of a power of two elements holds, in its first.</summary>
    private string Tree(Scope scope)
    {
        if (tiles.Find(tile => tile.Lengths.Length == 1 && int.IsPow2(Items) && tile.Element is not "Half") is not { } found)
        {
            return "";
        }

        var sum = $"{found.Name}[t] = ({found.Element})({found.Name}[t] {Pick(["+", "-", "*"])} {found.Name}[t + k]);";
        var halves = $"for (int k = {Items / 2}; k > 0; k {Pick(["/= 2", ">>= 1"])})\n{{\nif (t < k)\n{{\n{sum}\n}}\ng.Barrier();\n}}\n";
        var result = new ScopeVariable(Name("x"), found.Element);
        scope.Add(result);
        if (Chance(2))
        {
            return $"{halves}{result.Type} {result.Name} = {found.Name}[0];\ng.Barrier();\n";
        }

        var function = Name("R");
        members.AppendLine(
            CultureInfo.InvariantCulture,
            $"public static {found.Element} {function}(Group g, int t, View<{found.Element}> {found.Name})\n{{\n{halves}return {found.Name}[0];\n}}");
        return $"{result.Type} {result.Name} = {function}(g, t, {found.Name});\ng.Barrier();\n";
    }

    /// <summary>Each element of a tile becomes the sum of those up to it.</summary>
    private string Scan()
    {
        if (tiles.Find(tile => tile.Lengths.Length == 1 && tile.Element is not "Half") is not { } found)
        {
            return "";
        }

        var (value, step) = (Name("x"), Name("k"));
        return $$"""
            for (int {{step}} = 1; {{step}} < {{Items}}; {{step}} *= 2)
            {
            {{found.Element}} {{value}} = {{(Chance(2) ? $"t >= {step} ? {found.Name}[t - {step}] : ({found.Element})0" : $"{found.Name}[Math.Max(t - {step}, 0)]")}};
            g.Barrier();
            {{found.Name}}[t] += {{value}};
            g.Barrier();
            }

            """;
    }
}
