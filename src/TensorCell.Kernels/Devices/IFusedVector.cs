namespace TensorCell.Kernels;

/// <summary>The vector operations that hand-written floating-point loops need, so that one generic loop serves every width and element type.</summary>
/// <typeparam name="TVector">Such as <c>Vector512&lt;float&gt;</c>.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
internal unsafe interface IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Elements per vector.</summary>
    static abstract int Count { get; }

    /// <summary>Zero in every element.</summary>
    static abstract TVector Zero { get; }

    /// <summary>The same value in every element, rounded to the element type.</summary>
    static abstract TVector Fill(double value);

    /// <summary>The element at <paramref name="source"/> in every element.</summary>
    static abstract TVector Broadcast(T* source);

    /// <summary>The elements from <paramref name="source"/> on, of any alignment.</summary>
    static abstract TVector Load(T* source);

    /// <summary>Writes the elements from <paramref name="target"/> on, of any alignment.</summary>
    static abstract void Store(TVector vector, T* target);

    /// <summary>Writes the elements from <paramref name="target"/> on, past the caches; aligned to the size of a vector.</summary>
    static abstract void StoreStreaming(TVector vector, T* target);

    /// <summary>So many elements of one vector, and after them those of the other, each in its own place.</summary>
    static abstract TVector Blend(TVector first, TVector rest, int count);

    /// <summary>Element by element sum.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left * right + addend</c>, rounded once where the hardware can, as it can on every processor that has AVX2 or is Arm.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The sum of the elements.</summary>
    static abstract double Sum(TVector vector);
}
