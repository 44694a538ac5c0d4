using System.Numerics;

namespace TensorCell.Tensors.Pooling;

/// <summary>The greatest; NaN if there is one.</summary>
internal readonly struct PoolingMax<T> : IPoolingFold<T>
    where T : unmanaged, INumber<T>, IMinMaxValue<T>
{
    public static bool IsMean => false;

    public static T Identity { get; } = typeof(T) == typeof(float) || typeof(T) == typeof(double)
        ? T.CreateChecked(double.NegativeInfinity)
        : T.MinValue;

    public static T Fold(T left, T right) => T.Max(left, right);

    public static Vector<T> Fold(Vector<T> left, Vector<T> right) => Vector.Max(left, right);
}
