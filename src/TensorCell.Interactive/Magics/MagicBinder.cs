namespace TensorCell.Interactive.Magics;

/// <summary>Makes a magic from the line it was typed on.</summary>
internal static class MagicBinder
{
    /// <summary>Whether the line asks for the magic's help.</summary>
    public static bool AsksForHelp(string arguments) =>
        MagicToken.Split(arguments).Any(token => !token.IsQuoted && token.Text is "--help" or "-h" or "-?");

    /// <exception cref="MagicException">The line does not fit the declaration.</exception>
    public static Magic Bind(MagicDeclaration declaration, string arguments, MagicRegistry registry)
    {
        var magic = declaration.Create();
        magic.Registry = registry;
        var values = new Dictionary<MagicParameter, List<object>>();
        var positional = new Queue<MagicParameter>(declaration.Arguments);
        var tokens = MagicToken.Split(arguments);
        var onlyArguments = false;
        for (var i = 0; i < tokens.Count; i++)
        {
            var token = tokens[i];
            if (!token.IsTerminated)
            {
                Throw.Magic($"#!{declaration.Name} {arguments.Trim()}: the quotation mark in {token.Text} is not closed");
            }

            if (!onlyArguments && token is { IsQuoted: false, Text: "--" })
            {
                onlyArguments = true;
            }
            else if (!onlyArguments && !token.IsQuoted && token.Text.StartsWith("--", StringComparison.Ordinal))
            {
                BindOption(declaration, tokens, ref i, values);
            }
            else
            {
                while (positional.TryPeek(out var next) && !next.IsList && values.ContainsKey(next))
                {
                    positional.Dequeue();
                }

                if (positional.Count == 0)
                {
                    Throw.Magic($"#!{declaration.Name} {token.Text}: {token.Text} is one argument too many; {declaration.Usage}");
                }

                var parameter = positional.Peek().IsList ? positional.Peek() : positional.Dequeue();
                Add(declaration, parameter, token.Text, values);
            }
        }

        foreach (var parameter in declaration.Parameters)
        {
            if (values.TryGetValue(parameter, out var given))
            {
                parameter.Set(magic, given);
            }
            else if (parameter.IsRequired)
            {
                Throw.Magic($"#!{declaration.Name}: {parameter.Name} ({parameter.Description}) is missing; {declaration.Usage}");
            }
        }

        return magic;
    }

    private static void BindOption(
        MagicDeclaration declaration, List<MagicToken> tokens, ref int i, Dictionary<MagicParameter, List<object>> values)
    {
        var text = tokens[i].Text;
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var name = equals < 0 ? text : text[..equals];
        var option = declaration.Options.FirstOrDefault(option => option.Name == name)
            ?? declaration.Arguments.FirstOrDefault(argument => argument.LongName == name);
        if (option is null)
        {
            var nearest = EditDistance.Nearest(name, declaration.Options.Select(option => option.Name));
            var known = declaration.Options.Any()
                ? $"its options are {string.Join(", ", declaration.Options.Select(option => option.Name))}"
                : "it has no options";
            Throw.Magic($"#!{declaration.Name} {name}: there is no option {name}; " + (nearest is null ? known : $"did you mean {nearest}? ({known})"));
        }

        if (!option.IsList && values.ContainsKey(option))
        {
            Throw.Magic($"#!{declaration.Name} {name}: {name} is given twice; it takes one value");
        }

        if (equals >= 0)
        {
            Add(declaration, option, text[(equals + 1)..], values);
        }
        else if (option.IsFlag)
        {
            values[option] = [true];
        }
        else if (i + 1 < tokens.Count && (tokens[i + 1].IsQuoted || !tokens[i + 1].Text.StartsWith("--", StringComparison.Ordinal)))
        {
            Add(declaration, option, tokens[++i].Text, values);
        }
        else
        {
            Throw.Magic(
                $"#!{declaration.Name} {name}: no value follows {name}; write {name} {option.ValueName}, "
                + $"{option.ValueName} being {MagicValue.Describe(option.ElementType)}");
        }
    }

    private static void Add(
        MagicDeclaration declaration, MagicParameter parameter, string text, Dictionary<MagicParameter, List<object>> values)
    {
        if (!MagicValue.TryParse(text, parameter.ElementType, out var value))
        {
            Throw.Magic(
                $"#!{declaration.Name} {(parameter.IsOption ? parameter.Name + " " : "")}{text}: "
                + $"{parameter.ValueName} is {text}, but it must be {MagicValue.Describe(parameter.ElementType)}");
        }

        if (!values.TryGetValue(parameter, out var list))
        {
            values[parameter] = list = [];
        }

        list.Add(value);
    }
}
