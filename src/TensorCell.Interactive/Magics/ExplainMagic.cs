using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!explain</c>.</summary>
[Magic(
    "explain",
    "Shows what the kernel or pending tensor that the code below it returns compiles to: fused groups, IR, the machine code that runs",
    Extent = BodyExtent.Section,
    Remark = "A pending tensor is computed once and keeps its elements; a kernel is compiled, not run",
    Examples = ["#!explain", "(x * 2 + 1).Exp().Sum()", "#!explain --name k", "Kernel.Elementwise((float v) => v > 0 ? v : 0.1f * v)"])]
public sealed class ExplainMagic : BodyMagic
{
    private const string Advice = "end it with a pending tensor, as x * 2 + 1, or with a kernel, as Kernel.Elementwise(…)";

    /// <summary>The variable that the explanation becomes.</summary>
    [Option("the variable that the explanation becomes; none unless given", ValueName = "N")]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        if (Name.Length > 0)
        {
            VariableName.Check(Name, "#!explain", "explanation");
        }

        if (string.IsNullOrWhiteSpace(body.Text))
        {
            Throw.Magic($"#!explain: there is no code below it; {Advice}");
        }

        // What the cell compiles is then told of without compiling it again.
        using var listening = MachineCode.Listen();
        var explanation = Explain(await notebook.EvaluateAsync(body.Text, body.FirstLine));
        if (Name.Length > 0)
        {
            notebook.SetVariable(Name, explanation, explanation.GetType());
        }

        notebook.Display(explanation);
    }

    private static object Explain(object? value)
    {
        switch (value)
        {
            case Tensor { IsPending: true } tensor:
                return LaunchPlan.Of(tensor);
            case Tensor:
                return Throw.Magic<object>("#!explain: the tensor was computed before, and what computed it is forgotten; end the cell with the expression that makes it, as x * 2 + 1");
            case IExplained kernel:
                return kernel.Explain();
            case Delegate function:
                return FunctionKernel.Compile(function).Explain();
            case LaunchPlan or KernelExplanation or MachineCode or DisassembledCode:
                return value;
            default:
                return Throw.Magic<object>($"#!explain: the code returned {(value is null ? "nothing" : TypeName.Of(value.GetType()))}; {Advice}");
        }
    }
}
