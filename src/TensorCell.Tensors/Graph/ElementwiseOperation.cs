using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>An operation that computes each element from the elements of its inputs at the same index.</summary>
internal sealed class ElementwiseOperation : Operation
{
    /// <inheritdoc/>
    public override bool RunsOnDevices => true;

    /// <summary>An application of one of the engine's operators.</summary>
    /// <param name="op">What it does.</param>
    /// <param name="computeType">The type that operands are converted to first, or one narrower than it; a condition stays bool.</param>
    /// <param name="inputs">Operands, broadcast to the result's shape.</param>
    public ElementwiseOperation(Operator op, DType computeType, params Operand[] inputs)
        : base(op.Name, inputs)
    {
        Operator = op;
        ComputeType = computeType.Computed;
        Cost = op.Cost;
    }

    /// <summary>An application of a user's function.</summary>
    /// <param name="body">The function.</param>
    /// <param name="inputs">Its arguments, then its captured numbers, broadcast to the result's shape.</param>
    public ElementwiseOperation(ElementwiseFunction body, params Operand[] inputs)
        : base(body.Name, inputs)
    {
        Operator = new(OperatorKind.Custom);
        Body = body;
        Cost = body.Cost;
    }

    /// <summary>What it does.</summary>
    public Operator Operator { get; }

    /// <summary>The user's function, for <see cref="OperatorKind.Custom"/>.</summary>
    public ElementwiseFunction? Body { get; }

    /// <summary>The type that operands are converted to first.</summary>
    public DType ComputeType { get; }

    /// <summary>About how many vector instructions it takes.</summary>
    public int Cost { get; }

    /// <summary>The type that an operand is converted to before the operator sees it; a conversion takes it as it is.</summary>
    public DType OperandType(int position) => Operator.Kind switch
    {
        OperatorKind.Custom => Body!.ParameterTypes[position],
        OperatorKind.Select when position == 0 => DType.Bool,
        _ => ComputeType,
    };
}
