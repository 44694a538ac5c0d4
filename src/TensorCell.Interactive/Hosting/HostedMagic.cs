using TensorCell.Interactive.Magics;
using TensorCell.Interactive.Python;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Hosting;

/// <summary>
/// A magic command offered to a host that has a way of its own to declare commands and to split cells at them, as .NET Interactive does. The
/// host declares <see cref="Names"/> and <see cref="Options"/>, and calls <see cref="RunAsync"/>.
/// </summary>
public sealed class HostedMagic
{
    private const string Help = "--help";

    private readonly MagicDeclaration declaration;
    private readonly MagicRegistry registry;

    private HostedMagic(MagicDeclaration declaration, MagicRegistry registry)
    {
        this.declaration = declaration;
        this.registry = registry;
        Options =
        [
            .. declaration.Parameters.Select(parameter => HostedOption.Of(parameter, declaration, registry)),
            new HostedOption(Help, "explains the command", isImplicit: false, isFlag: true, isList: false, _ => []),
        ];
    }

    /// <summary>Its name and its aliases, without <c>#!</c>.</summary>
    public IReadOnlyList<string> Names => [declaration.Name, .. declaration.Aliases];

    /// <summary>What it does, in one sentence.</summary>
    public string Description => declaration.Description;

    /// <summary>Whether it owns the text below it.</summary>
    public bool IsBody => declaration.IsBody;

    /// <summary>The language of that text, as <c>csharp</c> or <c>python</c>.</summary>
    public string Language => declaration.Language;

    /// <summary>Its arguments and options.</summary>
    public IReadOnlyList<HostedOption> Options { get; }

    /// <summary>
    /// Gets this library ready for a host with formatters and magics of its own: registers how this library's types are shown.
    /// </summary>
    /// <returns>The magics to declare.</returns>
    public static IReadOnlyList<HostedMagic> LoadAll() => LoadAll(MagicRegistry.Default);

    /// <summary>As <see cref="LoadAll()"/>, with the magics of a registry.</summary>
    public static IReadOnlyList<HostedMagic> LoadAll(MagicRegistry registry)
    {
        TensorCellFormatters.Register(everyday: false);
        return [.. registry.Declarations.Select(declaration => new HostedMagic(declaration, registry))];
    }

    /// <summary>Runs it.</summary>
    /// <param name="notebook">The notebook it was typed in.</param>
    /// <param name="submission">What the user submitted, as the host knows it; compared by reference.</param>
    /// <param name="cell">The whole text of that; null when the host cannot tell.</param>
    /// <param name="body">
    /// The text below the magic; null for a line magic. A host that runs nothing for a body magic without text below it passes null when it comes
    /// to the magic's line; the magic runs then if there is none.
    /// </param>
    /// <param name="options">
    /// The options as the host read them, by the names of <see cref="Options"/>. The cell's own text counts for more, since hosts differ in what
    /// they make of quotation marks and of options that are given twice.
    /// </param>
    /// <returns>Null; or what went wrong, to be shown to the user as it is.</returns>
    public async Task<string?> RunAsync(
        HostNotebook notebook, object submission, string? cell, string? body, IEnumerable<KeyValuePair<string, string?>> options)
    {
        using var scope = Interruption.Begin(notebook.Cancellation);
        try
        {
            var place = HostCell.Of(submission, cell, registry).Find(declaration, body);
            if (place.IsDone)
            {
                return null;
            }

            if (place.Code is { } code)
            {
                await ShowAsync(notebook, code);
                return null;
            }

            var segment = place.Segment ?? new MagicSegment(
                declaration.Name, HostedOption.Line(options), declaration, IsBody ? new CellBody(body ?? "", 1) : null, 0, 0, 0, 1);
            await registry.RunAsync(segment, notebook);
            return null;
        }
        catch (OperationCanceledException) when (notebook.Cancellation.IsCancellationRequested)
        {
            return "The cell was interrupted.";
        }
        catch (Exception exception) when (exception is MagicException or CodeException or PythonException)
        {
            return exception.Message;
        }
    }

    private static async Task ShowAsync(HostNotebook notebook, CodeSegment code) =>
        CellResult.Show(notebook, await notebook.EvaluateAsync(code.Code, code.CodeLine));
}
