using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Commands;

namespace Microsoft.DotNet.Interactive.CSharp;

public class CSharpKernel :
    Kernel,
    IKernelCommandHandler<SubmitCode>,
    IKernelCommandHandler<RequestCompletions>,
    IKernelCommandHandler<RequestHoverText>,
    IKernelCommandHandler<RequestSignatureHelp>
{
    private ScriptOptions options;

    public CSharpKernel()
        : base("csharp")
    {
        options = ScriptOptions.Default
            .AddImports("System", "System.Text", "System.Collections", "System.Collections.Generic", "System.Threading.Tasks", "System.Linq")
            .AddReferences(typeof(Enumerable).Assembly, typeof(List<>).Assembly, typeof(Task).Assembly, typeof(Kernel).Assembly, typeof(Formatting.Formatter).Assembly);
    }

    public ScriptState? ScriptState { get; private set; }

    /// <summary>What it was asked about C# that is being typed.</summary>
    internal List<LanguageServiceCommand> Questions { get; } = [];

    public async Task SetValueAsync(string name, object? value, Type? declaredType)
    {
        declaredType ??= value!.GetType();
        await RunAsync($"{TensorCell.Jupyter.CSharp.CSharpTypeName.Of(declaredType)} {name} = default;");
        ScriptState!.GetVariable(name).Value = value;
    }

    public void AddAssemblyReferences(IEnumerable<string> assemblyPaths) => options = options.AddReferences(assemblyPaths);

    internal override Task ReceiveAsync(KernelCommand command, CancellationToken cancellation) => RunAsync(((SubmitCode)command).Code);

    async Task IKernelCommandHandler<SubmitCode>.HandleAsync(SubmitCode command, KernelInvocationContext context)
    {
        try
        {
            await RunAsync(command.Code);
            if (ScriptState!.ReturnValue is { } value)
            {
                context.Show(value, []);
            }
        }
        catch (Exception exception)
        {
            context.Fail(command, exception, exception is CompilationErrorException ? exception.Message : null);
        }
    }

    Task IKernelCommandHandler<RequestCompletions>.HandleAsync(RequestCompletions command, KernelInvocationContext context) => Note(command);

    Task IKernelCommandHandler<RequestHoverText>.HandleAsync(RequestHoverText command, KernelInvocationContext context) => Note(command);

    Task IKernelCommandHandler<RequestSignatureHelp>.HandleAsync(RequestSignatureHelp command, KernelInvocationContext context) => Note(command);

    private async Task RunAsync(string code) => ScriptState = ScriptState is null
        ? await CSharpScript.RunAsync(code, options)
        : await ScriptState.ContinueWithAsync(code, options);

    private Task Note(LanguageServiceCommand question)
    {
        Questions.Add(question);
        return Task.CompletedTask;
    }
}
