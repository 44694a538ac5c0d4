using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Moments;

/// <summary>The means and variances of f32 along axes, as [2, kept]: what is read comes from memory once.</summary>
/// <param name="shape">Which elements each is of.</param>
/// <param name="input">The elements, contiguous.</param>
internal sealed unsafe class MomentsOperation(MomentsShape shape, Operand input) : Operation("moments", input)
{
    /// <summary>
    /// The means and variances of a tensor along axes, which stay with length 1; null where they are better composed of folds: of other types, of what lies
    /// elsewhere or not in a row, of few elements, and of what is computed on the way, which folds take along.
    /// </summary>
    public static (Tensor Mean, Tensor Variance)? TryOf(Tensor tensor, int[] axes)
    {
        Value value = tensor.Value;
        bool isPlain = tensor.DType == DType.Float32 && tensor.Layout.IsContiguous && tensor.Device == Device.Cpu && value.Operation is not ElementwiseOperation;
        if (!isPlain || MomentsShape.Of(tensor.Shape, axes) is not { } shape)
        {
            return null;
        }

        Tensor both = Tensor.Pending(new MomentsOperation(shape, tensor.As(tensor.Shape)), Shape.Of(2, Shape.Length("moments", shape.Kept)), DType.Float32);
        Shape kept = Axes.Kept(tensor.Shape, axes);
        return (both[0].Reshape(kept), both[1].Reshape(kept));
    }

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage result = Storage.Allocate(2 * shape.Kept * sizeof(float));
        float* from = (float*)source.Address + Inputs[0].Layout.Offset;
        MomentsResult moments = new(shape, from, (float*)result.Address);
        if (shape.Within == 1)
        {
            new ColumnMoments(shape, from, moments).Run();
        }
        else
        {
            new LineMoments(shape, from, moments).Run();
        }

        moments.WriteSafely();
        GC.KeepAlive(source);
        GC.KeepAlive(result);
        return result;
    }
}
