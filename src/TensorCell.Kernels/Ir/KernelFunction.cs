using System.Collections.Immutable;
using System.Reflection;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Passes;
using TensorCell.Kernels.Ptx;
using TensorCell.Kernels.Simd;

namespace TensorCell.Kernels.Ir;

/// <summary>
/// A function computed once per element: varying inputs (parameters) and uniform inputs to one or more results. Immutable; keep
/// and reuse one, since compiled code is remembered with it.
/// </summary>
public sealed class KernelFunction : IExplained
{
    private KernelFunction(
        string name, ImmutableArray<DType> parameters, ImmutableArray<DType> uniforms, ImmutableArray<Capture> captures, ImmutableArray<Node> results, ImmutableArray<DType> resultTypes)
    {
        Name = name;
        Parameters = parameters;
        Uniforms = uniforms;
        Captures = captures;
        Results = results;
        ResultTypes = resultTypes;
        foreach (var node in NodeOrder.Of(results))
        {
            switch (node)
            {
                case ParameterNode parameter:
                    CheckInput("parameter", parameter.Index, parameter.Storage, parameters);
                    break;
                case UniformNode uniform:
                    CheckInput("uniform", uniform.Index, uniform.Type, uniforms);
                    break;
            }
        }
    }

    /// <summary>The name that errors and traces use.</summary>
    public string Name { get; }

    /// <summary>The types of the varying inputs as they lie in memory.</summary>
    public ImmutableArray<DType> Parameters { get; }

    /// <summary>The types of the uniform inputs: first those a launch gives, then the <see cref="Captures"/>.</summary>
    public ImmutableArray<DType> Uniforms { get; }

    /// <summary>The captured variables, which are the last uniforms and are read again at every launch.</summary>
    public ImmutableArray<Capture> Captures { get; }

    /// <summary>The results, in the order of a launch's outputs.</summary>
    public ImmutableArray<Node> Results { get; }

    /// <summary>The types of the results as they are stored.</summary>
    public ImmutableArray<DType> ResultTypes { get; }

    /// <summary>
    /// Vector operations per element after optimisation, elementary functions expanded. Beyond <see cref="MaximumCost"/> a function compiles slowly
    /// and spills registers: split it.
    /// </summary>
    public int Cost => KernelCache.Get(this).Operations;

    /// <summary>The greatest <see cref="Cost"/> of a function that compiles well.</summary>
    public static int MaximumCost => 400;

    /// <summary>
    /// Vector operations that an operation adds to a function's <see cref="Cost"/>, before what it shares with others is known: for deciding
    /// what to fuse without building it.
    /// </summary>
    public static int CostOf(UnaryOperation operation, DType type) => KernelCosts.Of(operation, type);

    /// <inheritdoc cref="CostOf(UnaryOperation, DType)"/>
    public static int CostOf(BinaryOperation operation, DType type) => KernelCosts.Of(operation, type);

    /// <summary>The code made at the last launch.</summary>
    internal KernelCache.Entry? Compiled { get; set; }

    /// <summary>A function of given results.</summary>
    /// <param name="name">The name that errors and traces use.</param>
    /// <param name="parameters">The types of the varying inputs.</param>
    /// <param name="uniforms">The types of the uniform inputs.</param>
    /// <param name="results">What it computes.</param>
    /// <exception cref="ArgumentException">A result uses an input that is not declared, or declared with another type.</exception>
    public static KernelFunction Create(
        string name, ReadOnlySpan<DType> parameters, ReadOnlySpan<DType> uniforms, params ReadOnlySpan<Node> results) =>
        new(name, [.. parameters], [.. uniforms], [], [.. results], [.. TypesOf(results)]);

    /// <summary>The same function with results stored in other types, each a narrower one of the type it is computed in: integers wrap, halves are rounded.</summary>
    /// <param name="types">One for each result.</param>
    /// <exception cref="ArgumentException">Their number differs, or a type is not computed as the result is.</exception>
    public KernelFunction StoredAs(params ReadOnlySpan<DType> types)
    {
        if (types.Length != Results.Length)
        {
            throw Throw.ArgumentCount(Name, "result types", types.Length, Results.Length);
        }

        for (var i = 0; i < types.Length; i++)
        {
            if (StorageTypes.Of(types[i]).Computed != Results[i].Type)
            {
                throw Throw.ArgumentType(Name, "result", i, types[i], Results[i].Type);
            }
        }

        return new(Name, Parameters, Uniforms, Captures, Results, [.. types]);
    }

    /// <summary>The function that a C# method, lambda or local function computes, read from its IL.</summary>
    /// <param name="function">
    /// Takes and returns float, double, int, long or bool. Variables it captures become uniforms whose values are read at every launch.
    /// </param>
    /// <exception cref="KernelRefusedException">It holds something a kernel cannot: the message names it, the method and the line.</exception>
    public static KernelFunction From(Delegate function) => KernelReader.Read(function.Method, function.Target);

    /// <summary>The function that a C# method computes, read from its IL.</summary>
    /// <param name="method">Takes and returns float, double, int, long or bool.</param>
    /// <param name="target">The object it is called on, or null if it is static.</param>
    /// <exception cref="KernelRefusedException">It holds something a kernel cannot: the message names it, the method and the line.</exception>
    public static KernelFunction From(MethodInfo method, object? target = null) => KernelReader.Read(method, target);

    /// <summary>A function of one result whose uniforms are captured variables.</summary>
    internal static KernelFunction CreateCapturing(string name, ReadOnlySpan<DType> parameters, IReadOnlyCollection<Capture> captures, Node result) =>
        new(name, [.. parameters], [.. captures.Select(capture => capture.Type)], [.. captures], [result], [result.Type]);

    /// <summary>The results as nodes of another graph, with these nodes in place of the inputs.</summary>
    /// <param name="arguments">One node per parameter.</param>
    /// <param name="uniforms">One node per uniform, captures included.</param>
    /// <exception cref="ArgumentException">Their number or a type does not fit.</exception>
    public ImmutableArray<Node> Inline(ReadOnlySpan<Node> arguments, ReadOnlySpan<Node> uniforms)
    {
        CheckArguments("arguments", arguments, [.. Parameters.Select(type => StorageTypes.Of(type).Computed)]);
        CheckArguments("uniforms", uniforms, Uniforms);
        var inlined = new Dictionary<Node, Node>(ReferenceEqualityComparer.Instance);
        var operands = new Node[3];
        foreach (var node in NodeOrder.Of(Results))
        {
            switch (node)
            {
                case ParameterNode parameter:
                    inlined[node] = arguments[parameter.Index];
                    break;
                case UniformNode uniform:
                    inlined[node] = uniforms[uniform.Index];
                    break;
                default:
                    for (var i = 0; i < node.OperandCount; i++)
                    {
                        operands[i] = inlined[node.Operand(i)];
                    }

                    inlined[node] = node.With(operands.AsSpan(0, node.OperandCount));
                    break;
            }
        }

        return [.. Results.Select(result => inlined[result])];
    }

    /// <summary>The textual form: the signature, then one line per value.</summary>
    public override string ToString() =>
        $"{Name}({string.Join(", ", Parameters.Select((type, i) => $"p{i}: {type.Name}"))}"
        + (Uniforms.IsEmpty ? ")" : $"; {string.Join(", ", Uniforms.Select((type, i) => $"u{i}: {type.Name}"))})")
        + "\n" + NodeText.Of(Results);

    /// <inheritdoc/>
    public KernelExplanation Explain()
    {
        var kernel = KernelCache.Get(this);
        if (kernel.Loops.Count == 0)
        {
            kernel.Loop(Name, default);
        }

        return Explain(kernel.Loops, null);
    }

    /// <summary>What some of its loops compiled to.</summary>
    /// <param name="loops">The loops.</param>
    /// <param name="fold">How they fold its values; null if they store them.</param>
    internal KernelExplanation Explain(IEnumerable<IEmittedLoop> loops, ReduceOperation? fold)
    {
        var kernel = KernelCache.Get(this);
        var optimized = NodeText.Of(Optimizer.Optimize(Results, Optimizer.Contraction));
        return new(Name, ToString())
        {
            OptimizedIr = optimized == NodeText.Of(Results) ? "" : optimized,
            Code = [.. loops.Select(loop => MachineCode.Of(Name, loop)).OfType<MachineCode>()],
            Ptx = PtxText.Of(this, fold),
            Facts =
            [
                ("operations", $"{kernel.Operations} on vectors of {kernel.Program.Lanes} elements"),
                ("values alive at once", $"{kernel.Pressure} at most"),
                ("arithmetic", FormattableString.Invariant($"{kernel.FlopsPerElement:0.##} FLOP per element")),
            ],
        };
    }

    /// <summary>The values of all uniforms for a launch: those given, then those captured, read now.</summary>
    internal Scalar[] UniformValues(ReadOnlySpan<Scalar> given)
    {
        var wanted = Uniforms.Length - Captures.Length;
        if (given.Length != wanted)
        {
            throw Throw.ArgumentCount(Name, "uniforms", given.Length, wanted);
        }

        var values = new Scalar[Uniforms.Length];
        given.CopyTo(values);
        for (var i = 0; i < Captures.Length; i++)
        {
            values[wanted + i] = Captures[i].Read();
        }

        for (var i = 0; i < values.Length; i++)
        {
            if (values[i].Type != Uniforms[i])
            {
                throw Throw.ArgumentType(Name, "uniform", i, values[i].Type, Uniforms[i]);
            }
        }

        return values;
    }

    private static DType[] TypesOf(ReadOnlySpan<Node> results)
    {
        var types = new DType[results.Length];
        for (var i = 0; i < types.Length; i++)
        {
            types[i] = results[i].Type;
        }

        return types;
    }

    private void CheckInput(string what, int index, DType type, ImmutableArray<DType> declared)
    {
        if (index >= declared.Length)
        {
            throw Throw.InputIndex(Name, what, index, declared.Length);
        }

        if (declared[index] != type)
        {
            throw Throw.ArgumentType(Name, what, index, type, declared[index]);
        }
    }

    private void CheckArguments(string what, ReadOnlySpan<Node> given, ImmutableArray<DType> wanted)
    {
        if (given.Length != wanted.Length)
        {
            throw Throw.ArgumentCount(Name, what, given.Length, wanted.Length);
        }

        for (var i = 0; i < given.Length; i++)
        {
            if (given[i].Type != wanted[i])
            {
                throw Throw.ArgumentType(Name, what, i, given[i].Type, wanted[i]);
            }
        }
    }
}
