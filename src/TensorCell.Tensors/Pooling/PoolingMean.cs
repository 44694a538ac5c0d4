using System.Numerics;

namespace TensorCell.Tensors.Pooling;

/// <summary>The sum, divided by the number of elements.</summary>
internal readonly struct PoolingMean<T> : IPoolingFold<T>
    where T : unmanaged, INumber<T>
{
    public static bool IsMean => true;

    public static T Identity => T.Zero;

    public static T Fold(T left, T right) => left + right;

    public static Vector<T> Fold(Vector<T> left, Vector<T> right) => left + right;
}
