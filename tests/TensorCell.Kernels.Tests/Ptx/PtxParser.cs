using System.Globalization;
using System.Text.RegularExpressions;

namespace TensorCell.Kernels.Tests.Ptx;

/// <summary>Parses a PTX module; refuses every directive it does not know.</summary>
internal sealed partial class PtxParser
{
    private readonly List<(string Text, int Line)> tokens = [];
    private int next;

    private PtxParser(string text)
    {
        var line = 1;
        var end = 0;
        foreach (Match match in Tokens().Matches(text))
        {
            Require(match.Index == end, line, $"unreadable: '{text[end]}'");
            end = match.Index + match.Length;
            if (!match.Groups["skipped"].Success)
            {
                tokens.Add((match.Value, line));
            }

            line += match.Value.Count(letter => letter == '\n');
        }

        Require(end == text.Length, line, "unreadable rest");
    }

    /// <summary>The entries of a module, by name.</summary>
    public static Dictionary<string, PtxEntry> Parse(string text) => new PtxParser(text).ParseModule();

    private Dictionary<string, PtxEntry> ParseModule()
    {
        Expect(".version");
        var version = Take();
        Require(Version.TryParse(version, out var parsed) && parsed >= new Version(6, 0), Line, $".version {version}: shfl.sync and sm_70 need 6.0");
        Expect(".target");
        var target = Take();
        Require(target is "sm_70" or "sm_75" or "sm_80" or "sm_86" or "sm_89" or "sm_90", Line, $".target {target}");
        Expect(".address_size");
        Expect("64");
        var entries = new Dictionary<string, PtxEntry>();
        while (next < tokens.Count)
        {
            Expect(".visible");
            Expect(".entry");
            var entry = ParseEntry(Take());
            Require(entries.TryAdd(entry.Name, entry), Line, $"{entry.Name} is defined twice");
        }

        return entries;
    }

    private PtxEntry ParseEntry(string name)
    {
        RequireName(name);
        var entry = new PtxEntry { Name = name };
        Expect("(");
        while (Peek != ")")
        {
            if (entry.Parameters.Count > 0)
            {
                Expect(",");
            }

            Expect(".param");
            var type = TakeType();
            var parameter = Take();
            RequireName(parameter);
            Require(entry.Parameters.All(other => other.Name != parameter), Line, $"{parameter} is declared twice");
            var offset = (entry.ParameterBytes + type.Size - 1) / type.Size * type.Size;
            entry.Parameters.Add((parameter, type, offset));
            entry.ParameterBytes = offset + type.Size;
        }

        Expect(")");
        Require(entry.ParameterBytes <= 4352, Line, $"{entry.ParameterBytes} bytes of parameters; 4352 are the most");
        if (Peek == ".reqntid")
        {
            Take();
            entry.RequiredThreads = [TakeInteger(), TakeAfterComma(), TakeAfterComma()];
        }

        Expect("{");
        while (Peek != "}")
        {
            ParseStatement(entry);
        }

        Expect("}");
        return entry;
    }

    private int TakeAfterComma()
    {
        Expect(",");
        return TakeInteger();
    }

    private void ParseStatement(PtxEntry entry)
    {
        switch (Peek)
        {
            case ".reg":
                ParseRegisters(entry);
                break;
            case ".shared":
                ParseShared(entry);
                break;
            default:
                if (next + 1 < tokens.Count && tokens[next + 1].Text == ":")
                {
                    var label = Take();
                    RequireName(label);
                    Expect(":");
                    Require(entry.Labels.TryAdd(label, entry.Instructions.Count), Line, $"label {label} stands twice");
                }
                else
                {
                    entry.Instructions.Add(ParseInstruction());
                }

                break;
        }
    }

    private void ParseRegisters(PtxEntry entry)
    {
        Expect(".reg");
        var type = TakeType();
        Require(type.Bits != 8, Line, $"registers of type {type} do not exist");
        var prefix = Take();
        Require(prefix.StartsWith('%'), Line, $"{prefix} is no name of a register");
        Expect("<");
        var count = TakeInteger();
        Expect(">");
        Expect(";");
        for (var i = 0; i < count; i++)
        {
            Require(entry.Registers.TryAdd($"{prefix}{i}", (type, entry.Registers.Count)), Line, $"{prefix}{i} is declared twice");
        }
    }

    private void ParseShared(PtxEntry entry)
    {
        Expect(".shared");
        Expect(".align");
        var alignment = TakeInteger();
        Require(alignment is 1 or 2 or 4 or 8 or 16, Line, $".align {alignment}");
        Expect(".b8");
        var name = Take();
        RequireName(name);
        Expect("[");
        var length = TakeInteger();
        Expect("]");
        Expect(";");
        var offset = (entry.SharedBytes + alignment - 1) / alignment * alignment;
        Require(entry.Shared.TryAdd(name, (offset, length)), Line, $"{name} is declared twice");
        entry.SharedBytes = offset + length;
        Require(entry.SharedBytes <= 48 << 10, Line, $"{entry.SharedBytes} bytes of shared memory; 48 KiB are the most");
    }

    private PtxInstruction ParseInstruction()
    {
        var line = tokens[next].Line;
        string? guard = null;
        var isNegated = false;
        if (Peek == "@")
        {
            Take();
            if (Peek == "!")
            {
                Take();
                isNegated = true;
            }

            guard = Take();
        }

        var name = Take();
        var operands = new List<PtxOperand>();
        while (Peek != ";")
        {
            if (operands.Count > 0)
            {
                Expect(",");
            }

            operands.Add(ParseOperand());
        }

        Expect(";");
        return new(line, name, guard, isNegated, operands);
    }

    private PtxOperand ParseOperand()
    {
        var token = Take();
        switch (token[0])
        {
            case '[':
                var address = Take();
                long offset = 0;
                if (Peek == "+")
                {
                    Take();
                    offset = TakeInteger();
                }

                Expect("]");
                return new PtxOperand.Address(address, offset);
            case '{':
                var low = Take();
                Expect(",");
                var high = Take();
                Expect("}");
                return new PtxOperand.Pair(low, high);
            case '%':
                return new PtxOperand.Register(token);
            case '0' when token.Length == 10 && token[1] is 'f':
                return new PtxOperand.Real(ulong.Parse(token.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), 32);
            case '0' when token.Length == 18 && token[1] is 'd':
                return new PtxOperand.Real(ulong.Parse(token.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture), 64);
            case '-' or (>= '0' and <= '9'):
                Require(long.TryParse(token, CultureInfo.InvariantCulture, out var number), Line, $"{token} is no number");
                return new PtxOperand.Integer(number);
            default:
                RequireName(token);
                return new PtxOperand.Symbol(token);
        }
    }

    private string Peek => next < tokens.Count ? tokens[next].Text : throw new PtxException(Line, "ends too early");

    private int Line => tokens.Count == 0 ? 1 : tokens[Math.Clamp(next - 1, 0, tokens.Count - 1)].Line;

    private string Take()
    {
        var text = Peek;
        next++;
        return text;
    }

    private int TakeInteger()
    {
        var token = Take();
        Require(int.TryParse(token, CultureInfo.InvariantCulture, out var number) && number >= 0, Line, $"{token} where a number is wanted");
        return number;
    }

    private PtxType TakeType()
    {
        var token = Take();
        return token.StartsWith('.') && PtxType.Parse(token[1..]) is { } type ? type : throw new PtxException(Line, $"{token} is no type");
    }

    private void Expect(string wanted)
    {
        var found = Take();
        Require(found == wanted, Line, $"{found} where {wanted} is wanted");
    }

    private void RequireName(string name) => Require(
        name.Length > 0 && (char.IsAsciiLetter(name[0]) || name[0] is '_' or '$') && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$'),
        Line,
        $"{name} is no name");

    private static void Require(bool holds, int line, string problem)
    {
        if (!holds)
        {
            throw new PtxException(line, problem);
        }
    }

    [GeneratedRegex(@"(?<skipped>\s+|//[^\n]*)|0f[0-9A-Fa-f]{8}\b|0d[0-9A-Fa-f]{16}\b|-?[0-9]+(\.[0-9]+)?|[%.$_A-Za-z][\w$.]*|[{}()\[\],;:@!<>+]", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();
}
