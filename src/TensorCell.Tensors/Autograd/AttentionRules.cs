using TensorCell.Kernels;
using TensorCell.Tensors.Attention;

namespace TensorCell.Tensors.Autograd;

/// <summary>Derivation of attention.</summary>
internal static class AttentionRules
{
    private const int Query = 0;
    private const int Key = 1;
    private const int Value = 2;
    private const int Mask = 3;

    /// <summary>Derives attention: the weights are computed again, from what is kept of each row's sum.</summary>
    /// <param name="shapes">What the inputs are broadcast to.</param>
    /// <param name="inputs">Query, key, value and perhaps a mask, all but a bool mask of one type.</param>
    /// <param name="part">What else is given.</param>
    /// <returns>[batch…, heads, m, e].</returns>
    public static Tensor Attention(AttentionShapes shapes, Tensor[] inputs, AttentionPart part)
    {
        DType type = inputs[Query].DType;
        Shape shape = shapes.Result;

        // The result and, behind it, a number for each row.
        AttentionOperation operation = new(part.IsCausal, part.Scale, shapes.Operands(inputs));
        Tensor both = Tensor.Pending(operation, Shape.Of([.. shape.Take(shape.Rank - 1), shape[-1] + 1]), type);
        Shape rows = Shape.Of([.. shape.Take(shape.Rank - 1)]);
        Tensor result = both.View(Layout.Of(shape));
        Tensor logSums = both.View(Layout.Of(rows) with { Offset = shape.Count });
        bool[] wanted = [.. inputs.Select(input => input.RequiresGrad)];
        Tensor? last = null;
        Tensor?[] gradients = [];
        return result.Derive("attention", inputs, part, (input, gradient, y) =>
        {
            if (!ReferenceEquals(last, gradient))
            {
                last = gradient;
                gradients = Gradients(shapes, inputs, wanted, part, gradient, y, logSums);
            }

            return gradients[input];
        });
    }

    /// <summary>The gradients of all inputs that want one.</summary>
    private static Tensor?[] Gradients(
        AttentionShapes shapes, Tensor[] inputs, bool[] wanted, AttentionPart part, Tensor gradient, Tensor result, Tensor logSums)
    {
        // What a mask adds to all keys alike changes nothing.
        bool hasMaskGradient = inputs.Length > Mask && wanted[Mask] && (inputs[Mask].Shape.Rank > 0 && inputs[Mask].Shape[-1] == shapes.Scores[-1] && shapes.Scores[-1] > 1);
        Shape?[] targets =
        [
            wanted[Query] ? shapes.Query : default(Shape?),
            wanted[Key] ? shapes.Key : default(Shape?),
            wanted[Value] ? shapes.Value : default(Shape?),
            hasMaskGradient ? inputs[Mask].Shape : default(Shape?),
        ];
        AttentionGradientOperation operation = new(
            part, targets, shapes.Scores, [.. shapes.Operands(inputs), result.As(result.Shape), gradient.As(result.Shape), logSums.As(logSums.Shape)]);
        Tensor all = Tensor.Pending(operation, operation.Shape, gradient.DType);
        Tensor?[] gradients = new Tensor?[inputs.Length];
        for (int input = 0; input < inputs.Length; input++)
        {
            if (targets[input] is { } shape)
            {
                Tensor found = all.View(operation.Layouts[input]!);
                gradients[input] = shape.Count == inputs[input].Count ? found.Reshape(inputs[input].Shape) : found.SumTo(inputs[input].Shape);
            }
        }

        return gradients;
    }
}
