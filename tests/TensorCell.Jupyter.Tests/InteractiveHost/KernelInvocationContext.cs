using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Formatting;

namespace Microsoft.DotNet.Interactive;

public class KernelInvocationContext
{
    private static readonly AsyncLocal<KernelInvocationContext?> current = new();

    internal KernelInvocationContext(KernelCommand command, CancellationToken cancellation)
    {
        Command = command;
        CancellationToken = cancellation;
        current.Value = this;
    }

    public static KernelInvocationContext? Current => current.Value;

    public KernelCommand Command { get; }

    public Kernel HandlingKernel { get; internal set; } = null!;

    public CancellationToken CancellationToken { get; }

    public bool IsComplete { get; private set; }

    /// <summary>What was shown, in order, as it looks now.</summary>
    internal List<DisplayedValue> Displays { get; } = [];

    /// <summary>How often something shown was replaced.</summary>
    internal int Updates { get; private set; }

    /// <summary>Why the command failed; null when it did not.</summary>
    internal string? Failure { get; private set; }

    public void Fail(KernelCommand command, Exception? exception = null, string? message = null) => Failure ??= message ?? exception?.ToString() ?? "failed";

    internal DisplayedValue Show(object? value, string[] mimeTypes)
    {
        var shown = new DisplayedValue(FormattedValue.CreateManyFromObject(value, mimeTypes), _ =>
        {
            // An update that comes late is lost in the host.
            Updates += IsComplete ? 0 : 1;
        });
        Displays.Add(shown);
        return shown;
    }

    internal void Complete()
    {
        IsComplete = true;
        current.Value = null;
    }
}

public static class KernelInvocationContextExtensions
{
    public static DisplayedValue Display(this KernelInvocationContext context, object? value, params string[] mimeTypes) => context.Show(value, mimeTypes);

    public static DisplayedValue DisplayAs(this KernelInvocationContext context, string value, string mimeType)
    {
        var shown = new DisplayedValue([new FormattedValue(mimeType, value)], _ => { });
        context.Displays.Add(shown);
        return shown;
    }
}
