using System.Text;

namespace TensorCell.Kernels.Tests.Fuzz;

internal sealed partial class KernelGenerator
{
    private readonly List<string> labels = [];
    private string? returned;
    private bool isKernel;
    private bool inReachOfThis = true;
    private int loops;
    private int nesting;

    /// <summary>A few statements, in which variables may be declared.</summary>
    private string Block(Scope outer, bool canJump)
    {
        var scope = new Scope(outer);
        var text = new StringBuilder();
        for (var count = random.Next(1, 5); count > 0 && budget > 0; count--)
        {
            text.AppendLine(Statement(scope, canJump));
        }

        return text.ToString();
    }

    private string Statement(Scope scope, bool canJump)
    {
        budget--;
        switch (random.Next(26))
        {
            case 0 or 1 or 2:
                var type = AnyType();
                var declared = new ScopeVariable(Name("x"), type);
                var text = $"{type} {declared.Name} = {Expression(type, scope, 3)};";
                scope.Add(declared);
                return text;
            case 3 or 4 or 5:
                return Assignment(scope);
            case 6 or 7 when isKernel && Writable() is { Count: > 0 } targets:
                return Output(targets, scope);
            case 8 or 9 or 10:
                return $"if ({Condition(scope, 3)})\n{{\n{Block(scope, canJump)}}}"
                    + (Chance(2) ? $"\nelse {(Chance(3) ? $"if ({Condition(scope, 2)})\n" : "")}{{\n{Block(scope, canJump)}}}" : "");
            case 11 or 12 or 13 when loops < 3:
                return Repeated(scope, canJump);
            case 14:
                return SwitchStatement(scope, canJump);
            case 15 when canJump && loops > 0:
                return $"if ({Condition(scope, 2)}) {Pick(["break", "continue"])};";
            case 16 when canJump:
                return $"if ({Condition(scope, 2)}) {Return(scope)}";
            case 17 when canJump && labels.Count > 0:
                return $"if ({Condition(scope, 2)}) goto {Pick(labels)};";
            case 18:
                // What a jump skips must not be in reach where it lands.
                var label = Name("L");
                labels.Add(label);
                var skipped = Block(scope, canJump);
                labels.Remove(label);
                return $"{{\n{skipped}}}\n{label}: ;";
            case 19 when functions.Count > 0 && Pick(functions) is var function && (function.IsStatic || isKernel) && Call(function, scope, 2) is { } call:
                return $"{call};";
            case 20 when nesting < 2:
                return LocalFunction(scope);
            case 21 when isKernel && Counter() is { } counter:
                return Count(counter, scope);
            case 22 when isKernel && isInside && views.Find(view => view.Role == FuzzRole.Approximate) is { } approximate:
                return Approximate(approximate, scope);
            case 23 when structures.Count > 0 && Pick(structures) is var structure && Writable(scope, structure.Name) is { } changed:
                var field = Pick(structure.Fields);
                return Chance(3) ? $"{changed}.{structure.Change}();" : $"{changed}.{field.Name} = {Expression(field.Type, scope, 2)};";
            case 24 when Writable(scope, "int") is { } first && Writable(scope, "float") is { } second:
                return $"({first}, {second}) = ({Expression("int", scope, 2)}, {Expression("float", scope, 2)});";
            case 25 when isKernel && isInside && views.Find(view => view.Role is FuzzRole.Output or FuzzRole.Row && view.Element != "bool") is { } target:
                return Reference(target, scope);
            default:
                return isKernel && Chance(2) && Writable() is { Count: > 0 } written ? Output(written, scope) : Assignment(scope);
        }
    }

    // A kernel with groups must come to its barriers; where it could return it is in a loop or a switch.
    private string Return(Scope scope) => returned is null ? group is null ? "return;" : "break;" : $"return {Expression(returned, scope, 2)};";

    private string Assignment(Scope scope)
    {
        var writable = scope.All.Where(variable => variable.IsWritable).ToList();
        if (writable.Count == 0)
        {
            return ";";
        }

        var target = Pick(writable);
        return $"{Assigned(target.Name, target.Type, scope)};";
    }

    private string Assigned(string target, string type, Scope scope) => type switch
    {
        "bool" => $"{target} {Pick(["=", "&=", "|=", "^="])} {Condition(scope, 3)}",
        "float" or "double" => $"{target} {Pick(["=", "+=", "-=", "*=", "/="])} {Expression(type, scope, 3)}",
        "Half" => $"{target} = {Expression(type, scope, 2)}",
        _ when !IsNumber(type) => $"{target} = {Expression(type, scope, 2)}",
        _ => Chance(5) ? $"{target} {Pick(["<<=", ">>=", ">>>="])} {random.Next(1, 9)}"
            : Chance(5) ? target + Pick(["++", "--"])
            : $"{target} {Pick(["=", "+=", "-=", "*=", "&=", "|=", "^="])} {Expression(type, scope, 3)}",
    };

    private string Output(List<FuzzView> targets, Scope scope)
    {
        var target = Pick(targets);
        return $"{Assigned(Own(target, scope, 2), target.Element, scope)};";
    }

    private string Reference(FuzzView target, Scope scope)
    {
        var name = Name("r");
        var text = $"ref {target.Element} {name} = ref {Own(target, scope, 2)};";
        scope.Add(new(name, target.Element, IsCapturable: false));
        return text;
    }

    private List<FuzzView> Writable() =>
        [.. views.Where(view => isInside && view.Role is FuzzRole.Output or FuzzRole.Row), .. tiles.Where(tile => useOfTile[tile] == TileUse.Own)];

    private FuzzView? Counter() =>
        views.Concat(tiles).Where(view => view.Role == FuzzRole.Counter || (view.Role == FuzzRole.Tile && useOfTile[view] == TileUse.Counter)).ToList() is { Count: > 0 } found
            ? Pick(found)
            : null;

    private string Count(FuzzView counter, Scope scope)
    {
        var place = $"ref {counter.Name}[{string.Join(", ", counter.Lengths.Select((length, d) => Index(counter, d, length, scope, 1)))}]";
        // What several operations leave depends on their order.
        var operation = counter.Role == FuzzRole.Tile ? "Add" : counterOperation;
        return operation switch
        {
            "Interlocked.Increment" => $"Interlocked.Increment({place});",
            "Interlocked.Add" => $"Interlocked.Add({place}, {Expression(counter.Element, scope, 2)});",
            _ => $"Atomic.{operation}({place}, {Expression(counter.Element, scope, 2)});",
        };
    }

    private string Approximate(FuzzView target, Scope scope)
    {
        var math = target.Element == "float" ? "MathF" : "Math";
        var argument = Expression(target.Element, scope, 1);
        var function = Pick(["Sin", "Cos", "Tan", "Exp", "Log", "Log2", "Log10", "Tanh", "Sinh", "Cosh", "Asin", "Acos", "Atan", "Cbrt", "Asinh", "Acosh", "Atanh"]);
        var call = random.Next(4) == 0
            ? $"{math}.{Pick(["Pow", "Atan2"])}({argument}, {Expression(target.Element, scope, 1)})"
            : $"{math}.{function}({argument})";
        return $"{Own(target, scope)} = {call};";
    }

    private string Repeated(Scope outer, bool canJump)
    {
        loops++;
        var scope = new Scope(outer);
        var name = Name("j");
        var fuel = Name("fuel");
        string text;
        switch (random.Next(10))
        {
            case 0 or 1:
                var bound = random.Next(1, 6);
                scope.Add(new(name, "int", IsWritable: false, Below: bound));
                text = $"for (int {name} = 0; {name} < {bound}; {name}++)\n{{\n{Block(scope, true)}}}";
                break;
            case 2:
                var limit = Expression("int", scope, 1);
                scope.Add(new(name, "int", IsWritable: false));
                text = Chance(2)
                    ? $"for (int {name} = ({limit}) & 7; {name} > 0; {name}--)\n{{\n{Block(scope, true)}}}"
                    : $"for (int {name} = -1, {fuel} = {limit}; {name} <= ({fuel} & 3); {name} += 2)\n{{\n{Block(scope, true)}}}";
                break;
            case 3:
                var type = Pick(["uint", "long", "byte", "short", "float", "double"]);
                scope.Add(new(name, type, IsWritable: false));
                text = $"for ({type} {name} = 0; {name} < ({type}){random.Next(1, 5)}; {name}{(type is "float" or "double" ? " += 0.75f" : "++")})\n{{\n{Block(scope, true)}}}";
                break;
            case 4:
                text = $"int {fuel} = 0;\nwhile ({fuel}++ < {random.Next(1, 6)} && {Condition(scope, 2)})\n{{\n{Block(scope, true)}}}";
                break;
            case 5:
                text = $"int {fuel} = 0;\ndo\n{{\n{Block(scope, true)}}}\nwhile (++{fuel} < {random.Next(1, 5)} && {Condition(scope, 2)});";
                break;
            case 6:
                text = $"int {fuel} = 0;\nwhile (true)\n{{\nif ({fuel}++ > {random.Next(4)}) {(canJump && Chance(3) ? Return(scope) : "break;")}\n{Block(scope, true)}}}";
                break;
            case 7 when loops < 3:
                // Backwards by goto: within, break and continue would belong to another loop.
                text = $"int {fuel} = 0;\n{name}: ;\n{{\n{Block(scope, false)}}}\nif ({fuel}++ < {random.Next(1, 4)} && {Condition(scope, 2)}) goto {name};";
                break;
            case 8 when views.Find(view => view is { Role: FuzzRole.Input, IsView: false, Lengths: [< 12] } && view.Element != "bool") is { } array:
                scope.Add(new(name, array.Element, IsWritable: false));
                text = $"foreach (var {name} in {array.Name})\n{{\n{Block(scope, true)}}}";
                break;
            default:
                // The first line sees to it that a continue cannot skip the end for ever.
                text = $"for (int {fuel} = 0; ; {fuel}++)\n{{\nif ({fuel} > 4) break;\n{Block(scope, true)}if ({Condition(scope, 2)}) break;\n}}";
                break;
        }

        loops--;
        return $"{{\n{text}\n}}";
    }

    private string SwitchStatement(Scope scope, bool canJump)
    {
        var sections = new StringBuilder();
        for (var value = 0; value < 5; value++)
        {
            if (Chance(3))
            {
                continue;
            }

            sections.Append(Chance(4) ? $"case {value}:\ncase {value + 20}:\n" : $"case {value}:\n");
            var end = random.Next(6) switch
            {
                0 when canJump && loops > 0 => "continue;",
                1 when canJump => Return(scope),
                2 when value < 4 => "goto default;",
                _ => "break;",
            };
            // A break here would leave the switch, not the loop; both are to be had.
            sections.Append($"{{\n{Block(scope, canJump)}{end}\n}}\n");
        }

        sections.Append($"default:\n{{\n{Block(scope, canJump)}break;\n}}\n");
        return $"switch (({Expression("int", scope, 2)}) {Pick(["& 7", "% 5", "+ 0"])})\n{{\n{sections}}}";
    }

    private string LocalFunction(Scope scope)
    {
        var (keptReturned, keptLoops, keptLabels) = (returned, loops, labels.ToList());
        labels.Clear();
        nesting++;
        returned = AnyScalar();
        var function = Name("Local");
        var parameter = Name("p");
        var parameterType = AnyScalar();
        var inner = new Scope(scope, isFunction: true);
        inner.Add(new(parameter, parameterType));
        // Its jumps must not be to a loop around it.
        loops = 0;
        var body = Block(inner, canJump: true);
        var text = $"{returned} {function}({parameterType} {parameter})\n{{\n{body}return {Expression(returned, inner, 2)};\n}}";
        var result = returned;
        (returned, loops) = (keptReturned, keptLoops);
        labels.AddRange(keptLabels);
        nesting--;
        var variable = new ScopeVariable(Name("x"), result);
        text += $"\n{result} {variable.Name} = {function}({Expression(parameterType, scope, 2)});";
        scope.Add(variable);
        return text;
    }
}
