using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Attention;

/// <summary>The memory in which one thread computes the gradients of a group over some of its keys; what follows from packing is zero beyond the matrices.</summary>
internal readonly unsafe struct AttentionGradientScratch<T>
    where T : unmanaged
{
    /// <summary>Divides memory.</summary>
    /// <param name="sizes">How much of what.</param>
    /// <param name="memory">As many elements as <see cref="AttentionGradientSizes.Length"/> says, from the beginning of a cache line on.</param>
    public AttentionGradientScratch(in AttentionGradientSizes sizes, T* memory)
    {
        Rows = Take(ref memory, sizes.Rows * Math.Max(sizes.Depth, sizes.Width));
        QueriesAcross = Take(ref memory, sizes.RowsUp * sizes.Depth);
        QueriesDown = Take(ref memory, sizes.Rows * sizes.DepthUp);
        GradientsAcross = Take(ref memory, sizes.RowsUp * sizes.Width);
        GradientsDown = Take(ref memory, sizes.Rows * sizes.WidthUp);
        LogSums = Take(ref memory, sizes.Rows);
        Means = Take(ref memory, sizes.Rows);
        QueryGradients = Take(ref memory, sizes.Rows * sizes.DepthColumns);
        KeysAcross = Take(ref memory, sizes.KeysColumns * sizes.Depth);
        KeysDown = Take(ref memory, sizes.Keys * sizes.DepthColumns);
        ValuesAcross = Take(ref memory, sizes.KeysColumns * sizes.Width);
        KeyGradients = Take(ref memory, sizes.KeyBlock * sizes.Depth);
        ValueGradients = Take(ref memory, sizes.KeyBlock * sizes.Width);
        Weights = Take(ref memory, sizes.RowBlock * sizes.Columns);
        Slopes = Take(ref memory, sizes.RowBlock * sizes.Columns);
        PackedSlopes = Take(ref memory, sizes.RowBlock * sizes.KeyBlock);
        Mask = Take(ref memory, sizes.Columns);
    }

    /// <summary>Room for rows as they were given.</summary>
    public T* Rows { get; }

    /// <summary>Queries, times what makes scores in units of ln 2, side by side: a left factor with the depth of a query.</summary>
    public T* QueriesAcross { get; }

    /// <summary>The same, one after the other: a left factor as deep as there are queries.</summary>
    public T* QueriesDown { get; }

    /// <summary>Gradients of the result, side by side.</summary>
    public T* GradientsAcross { get; }

    /// <summary>Gradients of the result, one after the other.</summary>
    public T* GradientsDown { get; }

    /// <summary>Each row's logarithm of the sum of its powers.</summary>
    public T* LogSums { get; }

    /// <summary>Each row's product of the result with its gradient, which is the weighted mean of the weights' gradients.</summary>
    public T* Means { get; }

    /// <summary>Gradients of queries, row after row, each in whole tiles.</summary>
    public T* QueryGradients { get; }

    /// <summary>Keys, side by side: a right factor with the depth of a key.</summary>
    public T* KeysAcross { get; }

    /// <summary>Keys, one after the other: a right factor as deep as there are keys.</summary>
    public T* KeysDown { get; }

    /// <summary>Values, side by side.</summary>
    public T* ValuesAcross { get; }

    /// <summary>Gradients of a block of keys: for each panel of them, an element for each key side by side.</summary>
    public T* KeyGradients { get; }

    /// <summary>Gradients of their values.</summary>
    public T* ValueGradients { get; }

    /// <summary>Weights of a block of rows for a panel of keys.</summary>
    public T* Weights { get; }

    /// <summary>Gradients of their scores.</summary>
    public T* Slopes { get; }

    /// <summary>The same for a block of keys, rows side by side: a left factor as deep as there are keys in it.</summary>
    public T* PackedSlopes { get; }

    /// <summary>What a mask adds to the scores of a row for a panel of keys.</summary>
    public T* Mask { get; }

    private static T* Take(ref T* memory, nint elements)
    {
        T* place = memory;
        memory += BlockSizes.RoundUp(elements, AttentionGradientSizes.Grain);
        return place;
    }
}
