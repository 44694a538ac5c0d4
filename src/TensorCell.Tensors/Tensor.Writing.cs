using TensorCell.Kernels;
using TensorCell.Tensors.Autograd;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

// Writing in place. What is pending keeps reading the elements it was made of.
public sealed partial class Tensor
{
    /// <summary>Writes one number to every element, in place.</summary>
    /// <returns>This tensor.</returns>
    public Tensor Fill(double number) => CopyFrom(Full(default, number, DType));

    /// <summary>Writes the elements of another tensor, which broadcasts and is converted to this one's type, in place.</summary>
    /// <returns>This tensor.</returns>
    /// <exception cref="ArgumentException">Its shape does not broadcast to this one's, or this is a view that repeats elements.</exception>
    public Tensor CopyFrom(Tensor source)
    {
        ArgumentNullException.ThrowIfNull(source);
        RequireUntracked("copyFrom");
        RequireUntrackedSource("copyFrom", source);
        if (source.Rank > Rank || Shape.Broadcast("copyFrom", source.Shape, Shape) != Shape)
        {
            Throw.Argument($"copyFrom: {source.Shape} does not broadcast to {Shape}");
        }

        for (int axis = 0; axis < Rank; axis++)
        {
            if (Strides[axis] == 0 && Shape[axis] > 1 && Count > 0)
            {
                Throw.Argument($"copyFrom: a view that repeats its elements along axis {axis} cannot be written to; Clone() it first");
            }
        }

        if (Layout.IsOverlapping)
        {
            Throw.Argument("copyFrom: a view whose elements overlap, as sliding windows do, cannot be written to; Clone() it first");
        }

        source = source.To(DType).Realize();
        Realize();
        using StorageAccess access = StorageAccess.Write();
        bool isOverlapping = ReferenceEquals(source.Value, Value);
        Operand operand = isOverlapping ? source.Clone().As(Shape) : source.As(Shape);
        BeginWrite();
        Elements.Copy(operand, Storage, Layout);
        return this;
    }

    /// <summary>
    /// The elements as a span to write to, which keeps their memory alive; the tensor must be contiguous. Finish writing before
    /// the tensor is used again.
    /// </summary>
    public Span<TElement> AsWritableSpan<TElement>()
        where TElement : unmanaged
    {
        RequireReadable<TElement>("asWritableSpan");
        RequireUntracked("asWritableSpan");
        BeginWrite();
        return Storage.AsSpan<TElement>(Layout.Offset, Shape.Length("asWritableSpan", Count));
    }

    /// <summary>Stores the elements, hands pending readers a copy of them, and counts the version up.</summary>
    internal void BeginWrite()
    {
        Realize();
        using StorageAccess access = StorageAccess.Write();
        Value before = root.value;
        Storage storage = Realizer.Realize(before);
        if (before.HasReaders)
        {
            // The pending readers keep the old value, whose elements move; the tensor and its views keep their memory.
            Storage copy = Elements.Contiguous(new Operand(before, before.Layout));
            TensorScope.Replace(storage, copy);
            before.Replace(copy);
            root.value = new Value(before.Layout, before.DType, storage);
        }
        else if (before.Owner is { } owner)
        {
            // The tensor whose elements were assigned still shows them, and must show no others.
            bool isOwner = ReferenceEquals(owner, root);
            root.value = new Value(before.Layout, before.DType, isOwner ? storage : Elements.Contiguous(new Operand(before, before.Layout)));
            if (isOwner)
            {
                before.Replace(Storage.Nothing);
            }
        }

        root.version++;
    }
}
