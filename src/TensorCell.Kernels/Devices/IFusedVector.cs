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

    /// <summary>In every 128 bits the elements of the lower halves, in turn: one of the left, one of the right.</summary>
    static abstract TVector InterleaveLow(TVector left, TVector right);

    /// <summary>In every 128 bits the elements of the upper halves, in turn.</summary>
    static abstract TVector InterleaveHigh(TVector left, TVector right);

    /// <summary>Element by element sum.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary><c>left * right + addend</c>, rounded once where the hardware can, as it can on every processor that has AVX2 or is Arm.</summary>
    static abstract TVector MultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Element by element difference.</summary>
    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary>Element by element product.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>Element by element the greater; <paramref name="right"/> where either is not a number, on x86.</summary>
    static abstract TVector Max(TVector left, TVector right);

    /// <summary>Where the left element is less than the right one the third, else the fourth.</summary>
    static abstract TVector WhereLess(TVector left, TVector right, TVector whenTrue, TVector whenFalse);

    /// <summary>The powers of two whose exponents, with their bias, stand in the lowest bits of the elements; what is above them there goes.</summary>
    static abstract TVector PowerOfBits(TVector exponents);

    /// <summary>Writes, one after the other, the sum of the elements of each of four vectors.</summary>
    static abstract void StoreSums(TVector first, TVector second, TVector third, TVector fourth, T* target);

    /// <summary>The sum of the elements.</summary>
    static abstract double Sum(TVector vector);
}
