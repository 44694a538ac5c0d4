using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Magics;

/// <summary><c>#!jit</c>.</summary>
[Magic(
    "jit",
    "The code below it is a kernel: compiled to vector instructions, checked, and registered as a variable; errors name lines of the cell",
    Extent = BodyExtent.Section,
    Remark = "A method whose first parameter is an index (int, Index2, Index3 or Group) is launched: blur.Launch((height, width), input, output). "
        + "A method of numbers that returns one is applied to tensors: swish[x]. Methods before the last, or without [Kernel], are its helpers.",
    Examples =
    [
        "#!jit",
        "static float Swish(float x) => x / (1 + MathF.Exp(-x));",
        "#!jit --name blur",
        "[Kernel] static void Blur(int i, View<float> x, View<float> y) => y[i] = (x[Math.Max(i - 1, 0)] + x[i] + x[Math.Min(i + 1, x.Length - 1)]) / 3;",
    ])]
public sealed class JitMagic : BodyMagic
{
    private const string Advice = "write one method, such as: static float Swish(float x) => x / (1 + MathF.Exp(-x));";

    /// <summary>The variable that the kernel becomes.</summary>
    [Option("the variable that the kernel becomes; the method's name with a small first letter unless given", ValueName = "N")]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    public override async Task RunAsync(INotebook notebook, CellBody body)
    {
        if (string.IsNullOrWhiteSpace(body.Text))
        {
            Throw.Magic($"#!jit: there is no code below it; {Advice}");
        }

        var methods = DeclaredMethod.In(body.Text);
        var chosen = Choose(methods);
        var name = Name.Length > 0 ? Name : chosen is null ? "kernel" : VariableOf(chosen.Name);
        VariableName.Check(name, "#!jit", "blur");
        var code = chosen is null ? body.Text : $"{body.Text}\n(global::System.Delegate){chosen.Name}";
        if (await notebook.EvaluateAsync(code, body.FirstLine) is not Delegate kernel)
        {
            Throw.Magic($"#!jit: the code below it is no method and no lambda; {Advice}");
            return;
        }

        try
        {
            var compiled = FunctionKernel.Compile(kernel);
            notebook.SetVariable(name, compiled, compiled.GetType());
            notebook.Display(ExplanationHtml.Registered(compiled, FunctionKernel.Call(name, kernel, compiled)));
        }
        catch (KernelRefusedException refused)
        {
            Throw.Magic(Message(refused, methods, chosen, body.FirstLine), refused);
        }
    }

    private static DeclaredMethod? Choose(IReadOnlyList<DeclaredMethod> methods)
    {
        List<DeclaredMethod> marked = [.. methods.Where(method => method.IsKernel)];
        if (marked.Count > 1)
        {
            Throw.Magic($"#!jit: {string.Join(" and ", marked.Select(method => method.Name))} are marked [Kernel]; a cell is one kernel: put each in a cell of its own");
        }

        return marked.Count == 1 ? marked[0] : methods.Count > 0 ? methods[^1] : null;
    }

    private static string VariableOf(string method) => char.IsUpper(method[0]) ? char.ToLowerInvariant(method[0]) + method[1..] : $"{method}Kernel";

    /// <summary>The reason with the line of the cell, where the host gives no symbols for its code.</summary>
    private static string Message(KernelRefusedException refused, IReadOnlyList<DeclaredMethod> methods, DeclaredMethod? chosen, int firstLine)
    {
        if (refused.Line > 0 || (methods.FirstOrDefault(method => method.Name == refused.Method) ?? chosen) is not { } place)
        {
            return refused.Message;
        }

        return new KernelRefusedException(refused.Construct, refused.Method, place.Line + firstLine - 1, refused.File).Message;
    }
}
