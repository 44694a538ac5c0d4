using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Cumulative;

/// <summary>Running totals along an axis. Sums, products and sums of exponentials of f32 are kept in double precision.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="accumulation">How elements are joined.</param>
/// <param name="axis">The axis.</param>
/// <param name="isReversed">Whether they run from the end of the axis to its beginning.</param>
/// <param name="input">The elements, contiguous, of the result's type.</param>
internal sealed class CumulativeOperation(string name, Accumulation accumulation, int axis, bool isReversed, Operand input) : Operation(name, input)
{
    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        AxisSplit split = AxisSplit.Of(target.Layout.Shape, axis);
        if (split.Count > 0)
        {
            switch (target.DType)
            {
                case DType.Float32:
                    RunReal<float>(source, result, split);
                    break;
                case DType.Float64:
                    RunReal<double>(source, result, split);
                    break;
                case DType.Int32:
                    Run<int>(source, result, split);
                    break;
                case DType.Int8:
                    Run<sbyte>(source, result, split);
                    break;
                case DType.UInt8:
                    Run<byte>(source, result, split);
                    break;
                default:
                    Run<long>(source, result, split);
                    break;
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(result);
        return result;
    }

    private void RunReal<T>(Storage source, Storage result, AxisSplit split)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        switch (accumulation)
        {
            case Accumulation.Sum:
                Run<T, double, SumAccumulation<double>>(source, result, split);
                break;
            case Accumulation.Product:
                Run<T, double, ProductAccumulation<double>>(source, result, split);
                break;
            case Accumulation.LogSum:
                Run<T, double, LogSumAccumulation>(source, result, split);
                break;
            default:
                Run<T>(source, result, split);
                break;
        }
    }

    private void Run<T>(Storage source, Storage result, AxisSplit split)
        where T : unmanaged, INumber<T>, IMinMaxValue<T>
    {
        switch (accumulation)
        {
            case Accumulation.Sum:
                Run<T, T, SumAccumulation<T>>(source, result, split);
                break;
            case Accumulation.Product:
                Run<T, T, ProductAccumulation<T>>(source, result, split);
                break;
            case Accumulation.Greatest:
                Run<T, T, GreatestAccumulation<T>>(source, result, split);
                break;
            default:
                Run<T, T, LeastAccumulation<T>>(source, result, split);
                break;
        }
    }

    private unsafe void Run<T, TTotal, TRule>(Storage source, Storage result, AxisSplit split)
        where T : unmanaged, INumber<T>
        where TTotal : unmanaged, INumber<TTotal>
        where TRule : struct, IAccumulation<TTotal> =>
        new CumulativeScan<T, TTotal, TRule>((T*)source.Address + Inputs[0].Layout.Offset, (T*)result.Address, split, isReversed).Run();
}
