using System.Text;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Hosting;

/// <summary>An argument or option of a <see cref="HostedMagic"/>.</summary>
public sealed class HostedOption
{
    private readonly Func<INotebook?, IEnumerable<string>> suggest;

    internal HostedOption(string name, string description, bool isImplicit, bool isFlag, bool isList, Func<INotebook?, IEnumerable<string>> suggest)
    {
        Name = name;
        Description = description;
        IsImplicit = isImplicit;
        IsFlag = isFlag;
        IsList = isList;
        this.suggest = suggest;
    }

    /// <summary>Its name, as <c>--max-rows</c>.</summary>
    public string Name { get; }

    /// <summary>What it is for, in one phrase.</summary>
    public string Description { get; }

    /// <summary>Whether its value may stand without its name.</summary>
    public bool IsImplicit { get; }

    /// <summary>Whether it has no value.</summary>
    public bool IsFlag { get; }

    /// <summary>Whether it may be given more than once.</summary>
    public bool IsList { get; }

    /// <summary>Values to offer; never throws.</summary>
    /// <param name="notebook">The notebook: names of its variables are offered where they fit.</param>
    public IReadOnlyList<string> Suggest(INotebook? notebook)
    {
        try
        {
            return [.. suggest(notebook)];
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or ThreadInterruptedException))
        {
            // A folder that cannot be listed, say; there is nothing to offer then.
            return [];
        }
    }

    internal static HostedOption Of(MagicParameter parameter, MagicDeclaration declaration, MagicRegistry registry) => new(
        parameter.LongName,
        parameter.Description,
        isImplicit: parameter == declaration.Arguments.FirstOrDefault(),
        parameter.IsFlag,
        parameter.IsList,
        notebook => declaration.Suggest(parameter, registry, notebook));

    /// <summary>A magic's line that gives the options as the host read them.</summary>
    internal static string Line(IEnumerable<KeyValuePair<string, string?>> options)
    {
        var line = new StringBuilder();
        foreach (var (name, value) in options)
        {
            if (value is null or "False")
            {
                continue;
            }

            line.Append(' ').Append(name);
            if (value != "True")
            {
                line.Append(" \"").Append(value.Trim('"').Replace("\\", "\\\\").Replace("\"", "\\\"")).Append('"');
            }
        }

        return line.ToString();
    }
}
