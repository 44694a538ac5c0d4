using System.Numerics;

namespace TensorCell.Tensors.Pooling;

/// <summary>How the elements of a window become one.</summary>
internal interface IPoolingFold<T>
    where T : unmanaged, INumber<T>
{
    /// <summary>Whether what comes out is divided by the number of elements.</summary>
    static abstract bool IsMean { get; }

    /// <summary>What changes nothing.</summary>
    static abstract T Identity { get; }

    /// <summary>Two elements as one.</summary>
    static abstract T Fold(T left, T right);

    /// <summary>The same lane by lane.</summary>
    static abstract Vector<T> Fold(Vector<T> left, Vector<T> right);
}
