using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors.Ordering;

/// <summary>Puts elements of the lines along the last axis in order: gives the elements, where they were, or first one and then the other.</summary>
/// <param name="name">The name errors and traces use.</param>
/// <param name="gives">What of it is the result.</param>
/// <param name="pair">Where the elements or indices that the other operation wants wait for it; null if there is none.</param>
/// <param name="input">The elements, contiguous.</param>
internal abstract class OrderOperation(string name, SortResult gives, ResultPair? pair, Operand input)
    : Operation(name, input), IElementVisitor<(Storage? Values, Storage? Indices)>
{
    private long count;

    /// <inheritdoc/>
    (Storage? Values, Storage? Indices) IElementVisitor<(Storage? Values, Storage? Indices)>.Visit<T>()
    {
        Storage source = Realizer.Realize(Inputs[0].Value);
        Storage? values = pair is not null || gives == SortResult.Values ? Storage.Allocate(count * System.Runtime.CompilerServices.Unsafe.SizeOf<T>()) : null;
        Storage? indices = pair is not null || gives == SortResult.Indices ? Storage.Allocate(count * sizeof(long)) : null;
        if (count > 0)
        {
            Order<T>(source, values, indices);
        }

        GC.KeepAlive(source);
        return (values, indices);
    }

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        count = target.Layout.Shape.Count;
        if (pair is not null)
        {
            return pair.Take(gives == SortResult.Indices, () => this.Visit(Inputs[0].Value.DType)!);
        }

        (Storage? values, Storage? indices) = this.Visit(Inputs[0].Value.DType);
        return (values ?? indices)!;
    }

    /// <summary>Puts them in order.</summary>
    /// <param name="source">Where the operand lies.</param>
    /// <param name="values">Where the elements go, or null.</param>
    /// <param name="indices">Where their indices go, or null.</param>
    protected abstract void Order<T>(Storage source, Storage? values, Storage? indices)
        where T : unmanaged;
}
