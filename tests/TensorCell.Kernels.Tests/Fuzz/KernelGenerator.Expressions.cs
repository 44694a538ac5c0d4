using System.Globalization;

namespace TensorCell.Kernels.Tests.Fuzz;

internal sealed partial class KernelGenerator
{
    private string counterOperation = "Add";

    /// <summary>An expression of a type, or one that converts to it where it stands alone.</summary>
    private string Expression(string type, Scope scope, int depth)
    {
        if (type == "bool")
        {
            return Condition(scope, depth);
        }

        if (type.StartsWith('('))
        {
            var parts = TupleParts(type);
            return scope.All.Where(variable => variable.Type == type).ToList() is { Count: > 0 } same && Chance(2)
                ? Pick(same).Name
                : $"(({type})({Expression(parts[0], scope, depth - 1)}, {Expression(parts[1], scope, depth - 1)}))";
        }

        return structures.Find(structure => structure.Name == type) is { } found
            ? Structured(found, scope, depth)
            : depth <= 0 ? Leaf(type, scope) : Number(type, scope, depth - 1);
    }

    private static string[] TupleParts(string type) => type[1..^1].Split(", ");

    private string Structured(Structure structure, Scope scope, int depth)
    {
        var same = scope.All.Where(variable => variable.Type == structure.Name).ToList();
        switch (random.Next(depth > 0 ? 7 : 2))
        {
            case 0 when same.Count > 0:
            case 1 when same.Count > 0:
                return Pick(same).Name;
            case 2:
                return $"({Condition(scope, depth - 1)} ? {Structured(structure, scope, depth - 1)} : {Structured(structure, scope, depth - 1)})";
            case 3:
                return $"{structure.Name}.{structure.Merge}({Structured(structure, scope, depth - 1)}, {Structured(structure, scope, depth - 1)})";
            case 4 when structure.IsRecord:
                var field = Pick(structure.Fields);
                return $"({Structured(structure, scope, depth - 1)} with {{ {field.Name} = {Expression(field.Type, scope, depth - 1)} }})";
            case 5 when Call(structure.Name, scope, depth - 1) is { } call:
                return call;
            case 6 when Chance(3):
                return $"default({structure.Name})";
            default:
                return $"new {structure.Name}({string.Join(", ", structure.Fields.Select(one => Expression(one.Type, scope, depth - 1)))})";
        }
    }

    private string Leaf(string type, Scope scope)
    {
        var (numbers, same) = Numbers(scope, type);
        return random.Next(6) switch
        {
            0 => Literal(type),
            1 or 2 when same.Count > 0 => Pick(same),
            3 when Read(scope, 0) is { } read => $"(({type}){read})",
            _ when numbers.Count > 0 => $"(({type}){Pick(numbers)})",
            _ => Literal(type),
        };
    }

    /// <summary>C# for what is in reach: every number, and those of one type.</summary>
    private (List<string> Numbers, List<string> Same) Numbers(Scope scope, string type)
    {
        var all = new List<(string Text, string Type)>();
        foreach (var variable in scope.All)
        {
            if (structures.Find(structure => structure.Name == variable.Type) is { } structure)
            {
                all.AddRange(structure.Fields.Select(field => ($"{variable.Name}.{field.Name}", field.Type)));
                all.Add(($"{variable.Name}.{structure.Method.Name}()", structure.Method.Type));
            }
            else if (variable.Type.StartsWith('('))
            {
                all.AddRange(TupleParts(variable.Type).Select((part, place) => ($"{variable.Name}.Item{place + 1}", part)));
            }
            else
            {
                all.Add((variable.Name, variable.Type));
            }
        }

        return ([.. all.Where(one => IsNumber(one.Type)).Select(one => one.Text)], [.. all.Where(one => one.Type == type).Select(one => one.Text)]);
    }

    private bool IsNumber(string type) => type != "bool" && !type.StartsWith('(') && structures.TrueForAll(structure => structure.Name != type);

    private string Number(string type, Scope scope, int depth)
    {
        var isReal = type is "float" or "double" or "Half";
        var isSmall = type is "byte" or "sbyte" or "short" or "ushort" or "char";
        string Sub() => Expression(type, scope, depth);
        string Back(string text) => isSmall ? $"(({type})({text}))" : $"({text})";
        switch (random.Next(22))
        {
            case 0 or 1 or 2:
                return Back($"{Sub()} {Pick<string>(isReal ? ["+", "-", "*"] : ["+", "-", "*", "&", "|", "^"])} {Sub()}");
            case 3:
                return isReal ? $"({Sub()} {Pick(["/", "/", "%"])} {Sub()})" : Back(Division(type, scope, depth));
            case 4 when !isReal:
                return Back($"{Sub()} {Pick(["<<", ">>", ">>>"])} {(Chance(2) ? random.Next(0, 40).ToString(CultureInfo.InvariantCulture) : $"({Expression("int", scope, depth)})")}");
            case 5:
                return type is "uint" or "ulong" or "nint" ? Back($"~{Sub()}") : Back($"{(isReal || Chance(2) ? "-" : "~")}{Sub()}");
            case 6 or 7:
                return $"({Condition(scope, depth)} ? {Sub()} : {Sub()})";
            case 8 or 9 or 10:
                return $"(({type})({Expression(Chance(2) ? Pick(integers) : Pick(reals), scope, depth)}))";
            case 11 or 12:
                return Library(type, scope, depth);
            case 13 or 14 when Read(scope, depth) is { } read:
                return $"(({type}){read})";
            case 15 or 16 when Call(type, scope, depth) is { } call:
                return call;
            case 17 when Writable(scope, type) is { } changed && type != "Half":
                return Chance(2) ? $"({changed}{Pick(["++", "--"])})" : $"({Pick(["++", "--"])}{changed})";
            case 18 when Writable(scope, type) is { } assigned:
                return $"({assigned} {(isSmall || type == "Half" ? "=" : Pick(["=", "+=", "-=", "*="]))} {Sub()})";
            case 19:
                return $"(({type}){SwitchExpression(type, scope, depth)})";
            case 20 when structures.Count > 0 && Pick(structures) is { IsRecord: true } made && Array.Find(made.Fields, field => field.Type == type) is { Name: { } member }:
                return $"({Structured(made, scope, depth)}).{member}";
            default:
                return Leaf(type, scope);
        }
    }

    private string Division(string type, Scope scope, int depth)
    {
        var (operation, value) = (Pick(["/", "%"]), Expression(type, scope, depth));
        // A constant that is zero would be no C#.
        if (mayFail && Chance(3) && Numbers(scope, type).Numbers is { Count: > 0 } numbers)
        {
            return $"{value} {operation} ({type})((({type}){Pick(numbers)} + {Expression(type, scope, depth)}) & 7)";
        }

        switch (random.Next(3))
        {
            case 0:
                return $"{value} {operation} {Pick<int>(type is "uint" or "ulong" or "byte" or "ushort" or "char" ? [2, 3, 7, 10, 16, 100] : [2, 3, 7, 10, -3, 16, 100])}";
            case 1 when Numbers(scope, type).Same is { Count: > 0 } same:
                var divisor = Pick(same.Where(text => !text.EndsWith(')')).DefaultIfEmpty("2"));
                return divisor == "2" ? $"{value} / 2" : $"({divisor} > 0 ? {value} {operation} {divisor} : {Expression(type, scope, depth)})";
            default:
                return $"{value} {operation} (({type})(({Expression(type, scope, depth)} & 7) + 1))";
        }
    }

    private string Condition(Scope scope, int depth)
    {
        var flags = Numbers(scope, "bool").Same;
        if (depth <= 0)
        {
            return flags.Count > 0 && Chance(3) ? Pick(flags) : Comparison(scope, 0);
        }

        switch (random.Next(14))
        {
            case 0:
                return $"({Condition(scope, depth - 1)} && {Condition(scope, depth - 1)})";
            case 1:
                return $"({Condition(scope, depth - 1)} || {Condition(scope, depth - 1)})";
            case 2:
                return $"({Condition(scope, depth - 1)} {Pick(["&", "|", "^", "==", "!="])} {Condition(scope, depth - 1)})";
            case 3:
                return $"!{Condition(scope, depth - 1)}";
            case 4 when flags.Count > 0:
                return Pick(flags);
            case 5:
                var real = Pick(["float", "double"]);
                return $"{real}.{Pick(["IsNaN", "IsFinite", "IsInfinity"])}({Expression(real, scope, depth - 1)})";
            case 6:
                return $"({Expression("int", scope, depth - 1)} is {Pick(["> 3 and < 7", "1 or 2 or 5", "not 0", ">= -5 and <= 100"])})";
            case 7 when Call("bool", scope, depth - 1) is { } call:
                return call;
            case 8:
                return $"({Condition(scope, depth - 1)} ? {Condition(scope, depth - 1)} : {Condition(scope, depth - 1)})";
            case 9:
                var type = Pick(integers);
                return $"(({Expression(type, scope, depth - 1)}, {Expression("int", scope, depth - 1)}) == ({Expression(type, scope, depth - 1)}, {Literal("int")}))";
            default:
                return Comparison(scope, depth - 1);
        }
    }

    private string Comparison(Scope scope, int depth)
    {
        var type = Chance(2) ? Pick(integers) : Pick(reals);
        return $"({Expression(type, scope, depth)} {Pick(["<", "<=", ">", ">=", "==", "!="])} {Expression(type, scope, depth)})";
    }

    private string SwitchExpression(string type, Scope scope, int depth)
    {
        var on = Pick(["int", "long", "uint"]);
        var arms = new List<string>();
        var least = on == "uint" ? 0 : -3;
        if (on != "uint" && Chance(2))
        {
            arms.Add($"< {least}");
        }

        for (var value = least; value < 6; value++)
        {
            if (Chance(2))
            {
                arms.Add(value.ToString(CultureInfo.InvariantCulture) + (Chance(4) ? $" when {Condition(scope, depth - 1)}" : ""));
            }
        }

        if (Chance(2))
        {
            arms.Add($"> 6 and < 90 when {Condition(scope, depth - 1)}");
        }

        if (Chance(3))
        {
            arms.Add("100 or 101 or 103");
        }

        arms.Add("_");
        return $"(({on})({Expression(on, scope, depth)}{(Chance(2) ? on == "uint" ? " & 7u" : " & 7" : "")}) switch {{ {string.Join(", ", arms.Select(arm => $"{arm} => ({type})({Expression(type, scope, depth - 1)})"))} }})";
    }

    private string Library(string type, Scope scope, int depth)
    {
        string Sub(string of) => Expression(of, scope, depth);
        string Plain(string call) => $"(({type}){call})";
        switch (type)
        {
            case "float" or "double":
                var math = type == "float" ? "MathF" : "Math";
                return random.Next(17) switch
                {
                    0 => $"{math}.Sqrt({Sub(type)})",
                    1 => $"{math}.Abs({Sub(type)})",
                    2 => $"{math}.Min({Sub(type)}, {Sub(type)})",
                    3 => $"{math}.Max({Sub(type)}, {Sub(type)})",
                    4 => $"{math}.Floor(({type}){Sub(type)})",
                    5 => $"{math}.Ceiling(({type}){Sub(type)})",
                    6 => $"{math}.Truncate(({type}){Sub(type)})",
                    7 => $"{math}.Round(({type}){Sub(type)})",
                    8 => $"{math}.FusedMultiplyAdd({Sub(type)}, {Sub(type)}, {Sub(type)})",
                    9 => $"Math.Clamp({Sub(type)}, {(type == "float" ? "-1.5f, 2.5f" : "-1.5, 2.5")})",
                    10 => $"{math}.CopySign({Sub(type)}, {(type == "float" ? "(float)" : "")}{Sub("int")})",
                    11 => type == "float" ? $"BitConverter.Int32BitsToSingle({Sub("int")} & 0x7F7FFFFF)" : $"BitConverter.Int64BitsToDouble({Sub("long")} & 0x7FEFFFFFFFFFFFFFL)",
                    12 => $"{type}.{Pick(["Min", "Max"])}({Sub(type)}, {Sub(type)})",
                    13 => $"{type}.CreateTruncating({Sub(Pick(integers))})",
                    14 => $"{math}.Sign({Sub("short")})",
                    15 => $"{type}.{Pick(["MinNumber", "MaxNumber", "MaxMagnitude"])}({Sub(type)}, {Sub(type)})",
                    _ => $"{type}.Lerp({Sub(type)}, {Sub(type)}, {Literal(type)})",
                };
            case "Half":
                return $"((Half)({Sub("float")}))";
            case "uint" or "ulong":
                return random.Next(8) switch
                {
                    0 => $"BitOperations.RotateLeft({Sub(type)}, {Sub("int")})",
                    1 => $"BitOperations.RotateRight({Sub(type)}, {Sub("int")})",
                    2 => Plain($"BitOperations.{Pick(["PopCount", "LeadingZeroCount", "TrailingZeroCount", "Log2"])}({Sub(type)})"),
                    3 => $"Math.{Pick(["Min", "Max"])}({Sub(type)}, {Sub(type)})",
                    4 => $"Math.Clamp({Sub(type)}, ({type})3, ({type})100)",
                    5 => $"{type}.{Pick(["PopCount", "LeadingZeroCount", "TrailingZeroCount", "Log2"])}({Sub(type)})",
                    6 => type == "uint" ? $"BitConverter.SingleToUInt32Bits((float){Sub("int")})" : $"BitConverter.DoubleToUInt64Bits((double){Sub("int")})",
                    _ => $"{type}.CreateTruncating({Sub(Pick(integers))})",
                };
            default:
                return random.Next(9) switch
                {
                    0 => Plain($"Math.{Pick(["Min", "Max"])}({Sub(type == "char" ? "ushort" : type)}, {Sub(type == "char" ? "ushort" : type)})"),
                    1 => Plain($"Math.Clamp({Sub(type == "char" ? "ushort" : type)}, ({(type == "char" ? "ushort" : type)})2, ({(type == "char" ? "ushort" : type)})50)"),
                    2 => Plain($"Math.Abs({Sub("int")} >> 1)"),
                    3 => Plain($"Math.Sign({Sub(Pick(["int", "long"]))})"),
                    4 => Plain($"BitOperations.{Pick(["PopCount", "LeadingZeroCount", "TrailingZeroCount"])}({Sub(Pick(["uint", "ulong"]))})"),
                    5 => Plain($"int.{Pick(["PopCount", "LeadingZeroCount", "TrailingZeroCount", "Abs"])}({Sub("short")})"),
                    6 => Plain($"long.{Pick(["Max", "Min", "RotateLeft"])}({Sub("long")}, {Sub("byte")})"),
                    7 => Plain($"{Pick(["int", "long", "byte", "short"])}.{Pick(["CreateTruncating", "CreateTruncating"])}({Sub(Pick(integers))})"),
                    _ => Plain($"Math.BigMul({Sub("int")}, {Sub("int")})"),
                };
        }
    }

    /// <summary>An element of a view, or null if there is none of a number.</summary>
    private string? Read(Scope scope, int depth)
    {
        var readable = views.Concat(tables).Concat(tiles).Where(view => view.Element != "bool" && IsInReach(view) && view.Role switch
        {
            FuzzRole.Input => true,
            FuzzRole.Aligned => isKernel,
            FuzzRole.Output or FuzzRole.Row => isKernel && isInside,
            FuzzRole.Tile => isKernel && useOfTile[view] is TileUse.Own or TileUse.All,
            _ => false,
        }).ToList();
        return readable.Count == 0 ? null : Element(Pick(readable), scope, depth);
    }

    // A table that is a field of the object is out of a static function's reach.
    private bool IsInReach(FuzzView view) => !tables.Contains(view) || isKernel || members.ToString().Contains($"static readonly {view.Type} {view.Name}", StringComparison.Ordinal);

    private string Element(FuzzView view, Scope scope, int depth) => view.Role switch
    {
        FuzzRole.Output => Own(view, scope),
        FuzzRole.Row => Own(view, scope, depth),
        FuzzRole.Aligned when isInside && Chance(2) => Own(view, scope),
        FuzzRole.Tile when useOfTile[view] == TileUse.Own => Own(view, scope),
        FuzzRole.Input when view.Lengths.Length == 1 && !view.IsView && view.Lengths[0] > 3 && Chance(8) => $"{view.Name}[^{random.Next(1, 4)}]",
        _ => $"{view.Name}[{string.Join(", ", view.Lengths.Select((length, d) => Index(view, d, length, scope, depth)))}]",
    };

    /// <summary>The element, or one of the row, that is the item's own.</summary>
    private string Own(FuzzView view, Scope scope, int depth = 0)
    {
        var place = string.Join(", ", view.Role == FuzzRole.Tile ? PlaceInTile(view) : own);
        return view.Role == FuzzRole.Row ? $"{view.Name}[{place}, {Index(view, rank, view.Lengths[rank], scope, depth)}]" : $"{view.Name}[{place}]";
    }

    /// <summary>An index in range, by one of the ways in which people see to that.</summary>
    private string Index(FuzzView view, int dimension, int length, Scope scope, int depth)
    {
        var end = view.Length(dimension);
        var value = Expression("int", scope, Math.Min(depth, 2) - 1);
        if (mayFail && Chance(3))
        {
            return $"{value} % ({end} + 1) {Pick(["", "", "- 1", "+ 1"])}";
        }

        var bounded = scope.All.Where(variable => variable.Below > 0 && variable.Below <= length).ToList();
        return random.Next(7) switch
        {
            0 => $"(int)((uint){value} % (uint){end})",
            1 when length >= 4 => $"{value} & {(length >= 32 ? 31 : length >= 16 ? 15 : length >= 8 ? 7 : 3)}",
            2 => $"Math.Clamp({value}, 0, {end} - 1)",
            3 => $"Math.Abs({value} % {end})",
            4 => $"Math.Max(0, Math.Min({end} - 1, {value}))",
            5 when length > 0 => random.Next(length).ToString(CultureInfo.InvariantCulture),
            _ when bounded.Count > 0 => Pick(bounded).Name,
            _ => $"(int)((uint){value} % (uint){end})",
        };
    }

    private string? Call(string type, Scope scope, int depth)
    {
        var fit = functions.Where(function => function.Result == type && (function.IsStatic || isKernel && inReachOfThis)).ToList();
        return fit.Count == 0 || nesting > 2 ? null : Call(Pick(fit), scope, depth);
    }

    private string? Call(Function function, Scope scope, int depth)
    {
        var arguments = new List<string>();
        foreach (var (modifier, type, _) in function.Parameters)
        {
            if (modifier is "ref " or "out ")
            {
                if (Writable(scope, type) is not { } target)
                {
                    return null;
                }

                arguments.Add(modifier + target);
            }
            else if (type.EndsWith(']') || type.StartsWith("View", StringComparison.Ordinal))
            {
                if (views.Find(view => view.Type == type && view.Role is FuzzRole.Input or FuzzRole.Aligned) is not { } view || !isKernel && function.IsStatic && view.Role != FuzzRole.Input)
                {
                    return null;
                }

                arguments.Add(view.Name);
            }
            else
            {
                // What is captured, given as it is, would be given by its address, which kernels refuse.
                var value = Expression(type, scope, depth - 1);
                arguments.Add(modifier == "in " && value[0] is 'g' or 'u' ? $"({type})({value})" : value);
            }
        }

        return $"{function.Name}({string.Join(", ", arguments)})";
    }

    private string? Writable(Scope scope, string type) =>
        scope.All.Where(variable => variable.IsWritable && variable.Type == type).ToList() is { Count: > 0 } found ? Pick(found).Name : null;

    private string Literal(string type)
    {
        if (type.StartsWith('('))
        {
            return $"default({type})";
        }

        switch (type)
        {
            case "bool":
                return Pick(["true", "false"]);
            case "float" or "double" or "Half":
                var value = Chance(8)
                    ? Pick(["NaN", "PositiveInfinity", "NegativeInfinity", "Epsilon", "MaxValue"])
                    : (random.Next(-40, 41) / 8.0).ToString("0.0###", CultureInfo.InvariantCulture);
                return value.Contains('.') ? type == "double" ? $"({value})" : $"(({type})({value}f))" : $"{type}.{value}";
            case "int" or "uint" or "long" or "ulong" or "byte" or "sbyte" or "short" or "ushort" or "char":
                return Chance(10)
                    ? $"{type}.{Pick(["MinValue", "MaxValue"])}"
                    : $"unchecked(({type})({(Chance(3) ? random.Next(int.MinValue, int.MaxValue) : random.Next(-5, 20))}))";
            case "nint":
                return $"((nint)({random.Next(-5, 20)}))";
            default:
                return $"default({type})";
        }
    }
}
