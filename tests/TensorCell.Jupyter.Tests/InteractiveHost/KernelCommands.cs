namespace Microsoft.DotNet.Interactive.Commands;

public abstract class KernelCommand
{
    protected KernelCommand(string? targetKernelName = null) => TargetKernelName = targetKernelName;

    public KernelCommand? Parent { get; private set; }

    public string? TargetKernelName { get; internal set; }

    public void SetParent(KernelCommand parent, bool bubbleEvents = false) => Parent = parent;

    internal static Task HandleAsync<T>(Kernel kernel, T command, KernelInvocationContext context)
        where T : KernelCommand => ((IKernelCommandHandler<T>)(object)kernel).HandleAsync(command, context);
}

public abstract class KernelDirectiveCommand : KernelCommand;

public class SubmitCode : KernelCommand
{
    public SubmitCode(string code, string? targetKernelName = null)
        : base(targetKernelName) => Code = code;

    public string Code { get; internal set; }

    public IDictionary<string, string?> Parameters { get; init; } = new Dictionary<string, string?>();
}

public abstract class LanguageServiceCommand(string code, string? targetKernelName) : KernelCommand(targetKernelName)
{
    public string Code { get; } = code;
}

public class RequestCompletions(string code, string? targetKernelName = null) : LanguageServiceCommand(code, targetKernelName);

public class RequestHoverText(string code, string? targetKernelName = null) : LanguageServiceCommand(code, targetKernelName);

public class RequestSignatureHelp(string code, string? targetKernelName = null) : LanguageServiceCommand(code, targetKernelName);

public class UpdateDisplayedValue : KernelCommand
{
    public UpdateDisplayedValue(Formatting.FormattedValue formattedValue, string valueId)
    {
        FormattedValue = formattedValue;
        ValueId = valueId;
    }

    public Formatting.FormattedValue FormattedValue { get; }

    public string ValueId { get; }
}

/// <summary>What the host makes of a line that chooses a kernel.</summary>
internal class DirectiveCommand(string targetKernelName) : KernelCommand(targetKernelName);
