using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace TensorCell.Kernels;

/// <summary>Where a view's elements lie: in a managed array that may move, or at an address that an owner keeps alive.</summary>
/// <param name="Owner">The array, or what keeps the address valid.</param>
/// <param name="Offset">Bytes from the array's first element, or the address.</param>
internal readonly record struct ViewMemory(object? Owner, nint Offset)
{
    /// <summary>The element so many bytes after the first; the caller has checked that it is one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe ref T At<T>(nint bytes)
        where T : unmanaged
    {
        if (Owner is Array array)
        {
            return ref Unsafe.As<byte, T>(ref Unsafe.AddByteOffset(ref MemoryMarshal.GetArrayDataReference(array), Offset + bytes));
        }

        return ref Unsafe.AsRef<T>((void*)(Offset + bytes));
    }
}
