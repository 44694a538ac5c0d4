using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>Where elements would have to be put into lines in order so that they stay in order.</summary>
/// <param name="isRight">Whether behind equal elements, else before them.</param>
/// <param name="sorted">One line, or as many as there are of the wanted elements; contiguous.</param>
/// <param name="wanted">The elements, contiguous, of the same type.</param>
internal sealed class SearchOperation(bool isRight, Operand sorted, Operand wanted)
    : Operation("searchsorted", sorted, wanted), IElementVisitor<Storage>
{
    private const int BlockLength = 1 << 12;

    /// <inheritdoc/>
    public unsafe Storage Visit<T>()
        where T : unmanaged
    {
        Storage lines = Realizer.Realize(Inputs[0].Value);
        Storage asked = Realizer.Realize(Inputs[1].Value);
        Shape shape = Inputs[1].Layout.Shape;
        int length = Inputs[0].Layout.Shape[-1];
        long perLine = Inputs[0].Layout.Shape.Rank == 1 ? Math.Max(shape.Count, 1) : shape[-1];
        Storage result = Storage.Allocate(shape.Count * sizeof(long));
        T* first = (T*)lines.Address + Inputs[0].Layout.Offset;
        T* elements = (T*)asked.Address + Inputs[1].Layout.Offset;
        long* places = (long*)result.Address;
        Workers.For(checked((int)((shape.Count + BlockLength - 1) / BlockLength)), block =>
        {
            long end = Math.Min((block + 1L) * BlockLength, shape.Count);
            for (long index = (long)block * BlockLength; index < end; index++)
            {
                places[index] = Find(first + (index / perLine * length), length, SortKey.OfEqual(elements[index]));
            }
        });
        GC.KeepAlive(lines);
        GC.KeepAlive(asked);
        GC.KeepAlive(result);
        return result;
    }

    /// <inheritdoc/>
    protected override Storage Run(Value target) => this.Visit(Inputs[0].Value.DType);

    private unsafe long Find<T>(T* line, int length, ulong wanted)
        where T : unmanaged
    {
        T* from = line;
        while (length > 0)
        {
            int half = length / 2;
            ulong key = SortKey.OfEqual(from[half]);
            bool isBehind = isRight ? key <= wanted : key < wanted;
            from = isBehind ? from + half + 1 : from;
            length = isBehind ? length - half - 1 : half;
        }

        return from - line;
    }
}
