using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Elements added up at given indices of their own line along an axis, over zeros: what <see cref="AlongAxisOperation"/> does, turned round.</summary>
/// <param name="axis">The axis of the result that is indexed.</param>
/// <param name="parts">The elements, contiguous.</param>
/// <param name="indices">i64, contiguous, of the parts' shape and within range.</param>
internal sealed class AlongAxisGradientOperation(int axis, Operand parts, Operand indices) : Operation("take along axis gradient", parts, indices)
{
    private const long TaskCount = 1 << 14;

    /// <inheritdoc/>
    protected override Storage Run(Value target) => target.DType switch
    {
        DType.Float32 => Run<float>(target),
        DType.Float64 => Run<double>(target),
        _ => Throw.NotSupported<Storage>($"{Name}: not defined on {target.DType.Name}; only f32 and f64 have gradients that are added up"),
    };

    private unsafe Storage Run<T>(Value target)
        where T : unmanaged, INumber<T>
    {
        Storage parts = Realizer.Realize(Inputs[0].Value);
        Storage indices = Realizer.Realize(Inputs[1].Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * sizeof(T));
        new Number(0L).Fill(target.DType, result, target.Layout.Shape.Count);
        AxisSplit to = AxisSplit.Of(target.Layout.Shape, axis);
        int length = Inputs[0].Layout.Shape[axis];
        T* elements = (T*)parts.Address + Inputs[0].Layout.Offset;
        long* places = (long*)indices.Address + Inputs[1].Layout.Offset;
        T* sums = (T*)result.Address;

        // Whole lines go to one thread, and each in order, so that no two add to one sum and sums do not depend on the threads.
        long perTask = Math.Max(TaskCount / Math.Max(length, 1), 1);
        Workers.For(checked((int)((to.Lines + perTask - 1) / perTask)), task =>
        {
            long end = Math.Min((task + 1) * perTask, to.Lines);
            for (long line = task * perTask; line < end; line++)
            {
                long outer = line / to.Inner;
                long inner = line % to.Inner;
                T* sum = sums + (outer * to.Length * to.Inner) + inner;
                long place = (outer * length * to.Inner) + inner;
                for (int index = 0; index < length; index++, place += to.Inner)
                {
                    sum[places[place] * to.Inner] += elements[place];
                }
            }
        });
        GC.KeepAlive(parts);
        GC.KeepAlive(indices);
        GC.KeepAlive(result);
        return result;
    }
}
