using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.Directives;

namespace Microsoft.DotNet.Interactive;

public interface IKernelCommandHandler<in TCommand>
    where TCommand : KernelCommand
{
    Task HandleAsync(TCommand command, KernelInvocationContext context);
}

public delegate Task KernelPipelineContinuation(KernelCommand command, KernelInvocationContext context);

public delegate Task KernelCommandPipelineMiddleware(KernelCommand command, KernelInvocationContext context, KernelPipelineContinuation next);

public class KernelCommandResult;

public class KernelInfo(string localName)
{
    public string LocalName { get; } = localName;

    public string? LanguageName { get; set; }

    public string? Description { get; set; }

    public ICollection<KernelDirective> SupportedDirectives { get; } = [];
}

public abstract class Kernel
{
    private readonly Dictionary<Type, Func<KernelCommand, KernelInvocationContext, Task>> handlers = [];
    private readonly List<KernelCommandPipelineMiddleware> middleware = [];
    private KernelSpecifierDirective? specifier;

    protected Kernel(string name)
    {
        Name = name;
        KernelInfo = new KernelInfo(name);
        RootKernel = this;
    }

    public string Name { get; }

    public KernelInfo KernelInfo { get; }

    public Kernel RootKernel { get; internal set; }

    public virtual KernelSpecifierDirective KernelSpecifierDirective => specifier ??= new($"#!{Name}", Name);

    public void AddMiddleware(KernelCommandPipelineMiddleware middleware, [CallerMemberName] string? caller = null) => this.middleware.Add(middleware);

    public void AddDirective<TCommand>(KernelActionDirective directive, Func<TCommand, KernelInvocationContext, Task> handler)
        where TCommand : KernelCommand
    {
        directive.KernelCommandType ??= typeof(TCommand);
        KernelInfo.SupportedDirectives.Add(directive);
        handlers[typeof(TCommand)] = (command, context) => handler((TCommand)command, context);
    }

    public async Task<KernelCommandResult> SendAsync(KernelCommand command, CancellationToken cancellationToken = default)
    {
        await ReceiveAsync(command, cancellationToken);
        return new KernelCommandResult();
    }

    internal virtual Task ReceiveAsync(KernelCommand command, CancellationToken cancellation) => throw new NotSupportedException();

    /// <summary>Hands a command to whoever is to handle it, through the middleware.</summary>
    internal Task HandleAsync(KernelCommand command, KernelInvocationContext context)
    {
        context.HandlingKernel = this;
        KernelPipelineContinuation next = (handled, inContext) =>
            handlers.TryGetValue(handled.GetType(), out var handler) ? handler(handled, inContext)
            : handled is DirectiveCommand ? Task.CompletedTask
            : (Task)KernelCommandHandler(handled.GetType()).Invoke(null, [this, handled, inContext])!;
        foreach (KernelCommandPipelineMiddleware step in middleware)
        {
            KernelPipelineContinuation inner = next;
            next = (handled, inContext) => step(handled, inContext, inner);
        }

        return next(command, context);
    }

    /// <summary>The command of a line that acts, its properties set as the host sets them: by way of JSON.</summary>
    internal static KernelCommand Deserialize(KernelActionDirective directive, string line)
    {
        Dictionary<string, object> json = directive.Bind(line).ToDictionary(
            option => string.Concat(option.Key.TrimStart('-').Split('-').Select((word, index) => index == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..])),
            option => option.Value is string text ? text.Trim('"') : option.Value);
        json["invokedDirective"] = directive.Name;
        json["targetKernelName"] = ".NET";
        return (KernelCommand)JsonSerializer.Deserialize(
            JsonSerializer.Serialize(json), directive.KernelCommandType!, new JsonSerializerOptions { PropertyNameCaseInsensitive = true })!;
    }

    private static System.Reflection.MethodInfo KernelCommandHandler(Type command) =>
        typeof(KernelCommand).GetMethod("HandleAsync", System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!.MakeGenericMethod(command);
}
