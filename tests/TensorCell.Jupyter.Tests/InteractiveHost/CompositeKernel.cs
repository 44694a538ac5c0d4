using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive;

public sealed class CompositeKernel(string? name = null) : Kernel(name ?? ".NET")
{
    private readonly List<Kernel> children = [];

    public IReadOnlyCollection<Kernel> ChildKernels => children;

    /// <summary>The displays that were updated by a command, with the text they were given.</summary>
    internal List<(string Id, string Text)> LateUpdates { get; } = [];

    public void Add(Kernel kernel, IEnumerable<string>? aliases = null)
    {
        kernel.RootKernel = this;
        children.Add(kernel);
        foreach (KernelSpecifierDirective directive in
            (aliases ?? []).Select(alias => new KernelSpecifierDirective($"#!{alias}", kernel.Name)).Prepend(kernel.KernelSpecifierDirective))
        {
            if (KernelInfo.SupportedDirectives.Any(known => known.Name == directive.Name))
            {
                throw new ArgumentException($"The kernel name or alias '{directive.Name}' is already in use.");
            }

            KernelInfo.SupportedDirectives.Add(directive);
        }
    }

    internal override Task ReceiveAsync(KernelCommand command, CancellationToken cancellation) => RunAsync(command, cancellation);

    /// <summary>Runs a cell: splits it at its directives, and hands each part to its kernel.</summary>
    internal async Task<KernelInvocationContext> RunAsync(KernelCommand command, CancellationToken cancellation = default)
    {
        if (command is UpdateDisplayedValue update)
        {
            LateUpdates.Add((update.ValueId, update.FormattedValue.Value));
        }

        var context = new KernelInvocationContext(command, cancellation);
        try
        {
            foreach (KernelCommand part in command is SubmitCode cell ? Split(cell) : command is UpdateDisplayedValue ? [] : [command])
            {
                if (context.Failure is null)
                {
                    await Find(part.TargetKernelName).HandleAsync(part, context);
                }
            }
        }
        catch (Exception exception)
        {
            context.Fail(command, exception);
        }

        context.Complete();
        return context;
    }

    private Kernel Find(string? kernelName) => children.FirstOrDefault(kernel => kernel.Name == kernelName) ?? (kernelName is null ? children[0] : this);

    private List<KernelCommand> Split(SubmitCode cell)
    {
        var parts = new List<KernelCommand>();
        string target = cell.TargetKernelName ?? children[0].Name;
        Dictionary<string, object> options = [];
        foreach (string line in cell.Code.Split('\n'))
        {
            string directiveName = line.Split(' ')[0];
            KernelDirective? directive = KernelInfo.SupportedDirectives.FirstOrDefault(known => known.Name == directiveName);
            switch (directive)
            {
                case KernelSpecifierDirective specifier:
                    target = specifier.KernelName;
                    options = directive.Bind(line[directiveName.Length..]);
                    parts.Add(new DirectiveCommand(target));
                    break;
                case KernelActionDirective action:
                    KernelCommand command = Deserialize(action, line[directiveName.Length..]);
                    command.TargetKernelName = Name;
                    parts.Add(command);
                    break;
                default:
                    if (parts.LastOrDefault() is SubmitCode last)
                    {
                        last.Code += "\n" + line;
                    }
                    else if (!string.IsNullOrWhiteSpace(line))
                    {
                        parts.Add(new SubmitCode(line, target) { Parameters = options.ToDictionary(option => option.Key, option => option.Value.ToString()) });
                    }

                    break;
            }
        }

        foreach (KernelCommand part in parts)
        {
            part.SetParent(cell);
        }

        return parts;
    }
}
