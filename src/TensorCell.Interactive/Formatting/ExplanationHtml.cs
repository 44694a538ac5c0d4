using System.Diagnostics;
using System.Text;
using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>Kernels as highlighted code, what they compile to, and launch plans as a graph.</summary>
internal static class ExplanationHtml
{
    private const int MostInText = 120;
    private const int MostOpen = 24;
    private const string More = "#!explain shows its machine code";
    private const string NothingRan = "nothing was pending: the tensor was computed before";
    private const string OwnCode = "an operation with code of its own, which fuses with none";

    public static string Write(KernelFunction function) =>
        Html.Output(Html.Heading(function.Name, "kernel function"), CodeHtml.Ir(function.ToString()));

    public static string Write(ElementwiseKernel kernel) => Write(kernel, "");

    public static string Write(GridKernel kernel) => Write(kernel, "");

    /// <summary>A kernel that a cell has registered, and what to write to run it.</summary>
    public static MimeBundle Registered(IExplained kernel, string call)
    {
        var runs = $"{call} runs it";
        return kernel switch
        {
            ElementwiseKernel elementwise => MimeBundle.Html(Write(elementwise, $"{runs}; "), $"{Text(elementwise)}\n{runs}"),
            GridKernel grid => MimeBundle.Html(Write(grid, $"{runs}; "), $"{grid}\n{runs}"),
            _ => throw new UnreachableException(),
        };
    }

    public static string Write(KernelExplanation explanation) =>
        Html.Output(Html.Heading(explanation.Name, "compiled kernel"), Sections(explanation, isOpen: true));

    public static string Write(MachineCode code) => Html.Output(Html.Heading(code.Name, code.Description), Listing(code));

    public static string Write(DisassembledCode code) => Html.Output(Html.Heading(code.Code.Name, code.Code.Description), Listing(code));

    public static string Write(LaunchPlan plan)
    {
        if (plan.Steps.Count == 0)
        {
            return Html.Output(Html.Note(NothingRan));
        }

        var html = new StringBuilder();
        for (var i = 0; i < plan.Steps.Count; i++)
        {
            var step = plan.Steps[i];
            html.Append(CodeHtml.Section($"{i + 1}. {step}", step.Kernel is { } kernel ? Sections(kernel, isOpen: false) : Html.Note(OwnCode), plan.Steps.Count == 1));
        }

        return Html.Output(
            Html.Heading("Launch plan", Summary(plan)), Html.Picture(PlanGraph.ToSvg(plan), $"the launch plan as a graph: {Summary(plan)}"), html.ToString());
    }

    public static string Text(ElementwiseKernel kernel) => (kernel.Function?.ToString() ?? kernel.Grid?.ToString())!;

    public static string Text(KernelExplanation explanation)
    {
        var text = new StringBuilder(explanation.Name);
        foreach (var (name, value) in explanation.Facts)
        {
            text.Append($"\n  {name}: {value}");
        }

        text.Append("\nIR\n").Append(Indented(explanation.Ir));
        if (explanation.OptimizedIr.Length > 0)
        {
            text.Append("\noptimised\n").Append(Indented(explanation.OptimizedIr));
        }

        foreach (var code in explanation.Code)
        {
            text.Append($"\nmachine code: {code.Description}\n").Append(Indented(Text(code)));
        }

        if (explanation.Ptx.Length > 0)
        {
            text.Append("\nPTX\n").Append(Indented(explanation.Ptx));
        }

        return text.ToString();
    }

    public static string Text(MachineCode code) =>
        Decode(code) is { } decoded ? Text(decoded) : $"{code.Bytes.Length} bytes at 0x{code.Address:x}: {Convert.ToHexStringLower([.. code.Bytes.Take(64)])}…";

    public static string Text(DisassembledCode code)
    {
        var hot = code.Hot.ToArray();
        var shown = hot.Length > 0 ? hot : [.. code.Instructions];
        var omitted = shown.Length > MostInText ? $"\n… {shown.Length - MostInText} more" : "";
        return string.Join('\n', Facts(code).Select(fact => $"{fact.Name}: {fact.Value}")) + "\n" + string.Join('\n', shown.Take(MostInText)) + omitted;
    }

    public static string Text(LaunchPlan plan) => plan.Steps.Count == 0
        ? NothingRan
        : $"Launch plan: {Summary(plan)}\n{plan}\n\n"
            + string.Join("\n\n", plan.Steps.Select(step => step.Kernel).OfType<KernelExplanation>().Distinct().Select(Text));

    private static string Write(ElementwiseKernel kernel, string call) => Html.Output(
        Html.Heading(kernel.Name, "elementwise kernel"),
        CodeHtml.Ir(Text(kernel)),
        Html.Note(call + (kernel.Function is { } function ? $"{function.Cost} vector operations; {More}" : More)));

    private static string Write(GridKernel kernel, string call) => Html.Output(
        Html.Heading(kernel.Name, $"kernel over {kernel.Rank} {(kernel.Rank == 1 ? "axis" : "axes")}"), CodeHtml.Ir(kernel.ToString()), Html.Note(call + More));

    private static string Summary(LaunchPlan plan)
    {
        var operations = plan.Steps.Sum(step => step.Operations.Count);
        var steps = plan.Steps.Count + plan.Omitted;
        return $"{operations:N0} {(operations == 1 ? "operation" : "operations")} in {steps:N0} {(steps == 1 ? "step" : "steps")}"
            + (plan.Omitted > 0 ? $", the last {plan.Omitted:N0} not kept" : "")
            + $"; computed once for this, in {Quantity.Seconds(plan.Elapsed.TotalSeconds)} with what had to be compiled, and kept";
    }

    private static string Sections(KernelExplanation explanation, bool isOpen)
    {
        var html = new StringBuilder(Html.Properties(explanation.Facts));
        html.Append(CodeHtml.Section("IR", CodeHtml.Ir(explanation.Ir), isOpen && explanation.Ir.Count(letter => letter == '\n') < MostOpen));
        if (explanation.OptimizedIr.Length > 0)
        {
            html.Append(CodeHtml.Section("IR, optimised", CodeHtml.Ir(explanation.OptimizedIr), isOpen: false));
        }

        foreach (var code in explanation.Code)
        {
            html.Append(CodeHtml.Section($"machine code: {code.Description}", Listing(code), isOpen: true));
        }

        if (explanation.Code.Count == 0)
        {
            html.Append(Html.Note("machine code: the runtime did not tell where it is"));
        }

        return html.Append(explanation.Ptx.Length > 0 ? CodeHtml.Section("PTX", CodeHtml.Ir(explanation.Ptx), isOpen: false) : "").ToString();
    }

    private static string Listing(MachineCode code) => Decode(code) is { } decoded ? Listing(decoded) : Html.Preformatted(Text(code));

    private static string Listing(DisassembledCode code)
    {
        var whole = CodeHtml.Instructions(code.Instructions);
        if (code.HotLoop is null)
        {
            return Html.Properties(Facts(code)) + whole;
        }

        return Html.Properties(Facts(code)) + CodeHtml.Instructions(code.Hot)
            + CodeHtml.Section($"all {code.Instructions.Count:N0} instructions, {code.Code.Bytes.Length:N0} bytes at 0x{code.Code.Address:x}", whole, isOpen: false);
    }

    private static IEnumerable<(string Name, string Value)> Facts(DisassembledCode code)
    {
        if (code.HotLoop is not { } loop)
        {
            yield return ("loop", "none");
            yield break;
        }

        var widths = loop.VectorBits.Count == 0 ? "" : $" of {Listed([.. loop.VectorBits])} bits";
        yield return ("hot loop", $"{loop.Instructions:N0} instructions, {loop.VectorInstructions:N0} on vectors{widths}; {loop.Loads} loads, {loop.Stores} stores");
        yield return ("arithmetic", $"{loop.Arithmetic} floating-point, {loop.FusedMultiplyAdds} of them fused multiply-adds ({Quantity.Percent(loop.FusedShare)})");
        yield return ("costly", $"{loop.Spills} spills, {loop.Gathers} gathers, {loop.Divisions} divisions, {loop.SquareRoots} square roots, {loop.Calls} calls");
    }

    private static string Listed(int[] numbers) =>
        numbers.Length == 1 ? $"{numbers[0]}" : $"{string.Join(", ", numbers[..^1])} and {numbers[^1]}";

    private static DisassembledCode? Decode(MachineCode code)
    {
        try
        {
            return DisassembledCode.Of(code);
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    private static string Indented(string text) => string.Join('\n', text.TrimEnd().Split('\n').Select(line => "  " + line));
}
