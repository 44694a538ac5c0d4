using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>The errors of this room: what was asked, what was found, what would work.</summary>
[StackTraceHidden]
internal static class Throw
{
    public static void IfShapesDiffer(string operation, Tensor prediction, Tensor target)
    {
        if (prediction.Shape != target.Shape)
        {
            Argument($"{operation}: prediction {prediction.Shape} and target {target.Shape}: the shapes must be equal");
        }
    }

    public static void IfNotClassification(string operation, Tensor logits, Tensor labels)
    {
        if (logits.Rank != 2 || labels.Rank != 1 || logits.Shape[0] != labels.Shape[0])
        {
            Argument($"{operation}: logits {logits.Shape} and labels {labels.Shape}: use logits [n, classes] and labels [n]");
        }

        if (labels.DType.IsFloatingPoint)
        {
            Argument($"{operation}: labels are {labels.DType.Name}; use integers from 0 to {logits.Shape[1] - 1}");
        }
    }

    [DoesNotReturn]
    public static void Argument(string message) => throw new ArgumentException(message);

    [DoesNotReturn]
    public static void Invalid(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static T Invalid<T>(string message) => throw new InvalidOperationException(message);

    [DoesNotReturn]
    public static T BadFile<T>(string path, string reason) => throw new InvalidDataException($"{path}: {reason}");
}
