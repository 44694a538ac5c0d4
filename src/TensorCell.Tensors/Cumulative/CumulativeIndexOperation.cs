using System.Numerics;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Cumulative;

/// <summary>Where along an axis the greatest or least element so far is: of equal ones the last, as in PyTorch; from the first NaN on, the last NaN.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="isGreatest">Whether it is the greatest.</param>
/// <param name="axis">The axis.</param>
/// <param name="isReversed">Whether they are looked at from the end of the axis to its beginning.</param>
/// <param name="input">The elements, contiguous, of a type that is computed in.</param>
internal sealed class CumulativeIndexOperation(string name, bool isGreatest, int axis, bool isReversed, Operand input) : Operation(name, input)
{
    private const long TaskCount = 1 << 14;

    /// <inheritdoc/>
    protected override Storage Run(Value target) => Inputs[0].Value.DType switch
    {
        DType.Float32 => Run<float>(target),
        DType.Float64 => Run<double>(target),
        DType.Int32 => Run<int>(target),
        DType.Int8 => Run<sbyte>(target),
        DType.UInt8 => Run<byte>(target),
        _ => Run<long>(target),
    };

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged, INumber<T>
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(long));
        AxisSplit split = AxisSplit.Of(target.Layout.Shape, axis);
        T* from = (T*)source.Address + Inputs[0].Layout.Offset;
        long* to = (long*)result.Address;
        long perTask = Math.Max(TaskCount / Math.Max(split.Length, 1), 1);
        Workers.For(checked((int)((split.Lines + perTask - 1) / perTask)), task =>
        {
            long end = Math.Min((task + 1) * perTask, split.Lines);
            for (long line = task * perTask; line < end; line++)
            {
                long first = (line / split.Inner * split.Length * split.Inner) + (line % split.Inner);
                Line(from + first, to + first, split);
            }
        });
        GC.KeepAlive(source);
        GC.KeepAlive(result);
        return result;
    }

    private unsafe void Line<T>(T* from, long* to, AxisSplit split)
        where T : unmanaged, INumber<T>
    {
        long step = isReversed ? -split.Inner : split.Inner;
        long place = isReversed ? (split.Length - 1) * split.Inner : 0;
        int index = isReversed ? split.Length - 1 : 0;
        int best = index;
        T extreme = split.Length > 0 ? from[place] : T.Zero;
        for (int done = 0; done < split.Length; done++)
        {
            T element = from[place];
            if (T.IsNaN(element) || (isGreatest ? element >= extreme : element <= extreme))
            {
                extreme = element;
                best = index;
            }

            to[place] = best;
            place += step;
            index += isReversed ? -1 : 1;
        }
    }
}
