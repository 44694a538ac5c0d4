using System.Numerics;

namespace TensorCell.Tensors.Graph;

/// <summary>A <see cref="Fold"/> of elements of a type, as code.</summary>
internal unsafe interface IFold<T>
    where T : unmanaged
{
    /// <summary>Whether what was there does not matter.</summary>
    static abstract bool IsReplacing { get; }

    /// <summary>Writes an element.</summary>
    static abstract void Write(T* place, T written);

    /// <summary>Writes several.</summary>
    static abstract void Write(T* place, Vector<T> written);
}
