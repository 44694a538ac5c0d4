namespace TensorCell.Kernels.Simd;

/// <summary>What a step reads or writes: an array in memory, or rows that one step leaves for later ones.</summary>
/// <param name="Address">The address of the first element of an array. The caller keeps it valid and fixed during the launch.</param>
/// <param name="Type">The type of the elements.</param>
/// <param name="RowStride">Bytes from one row to the next; 0 where all are the same.</param>
/// <param name="ElementStride">Bytes from one element of a row to the next; 0 where a row has one value for all.</param>
/// <param name="Slot">Which of the rows left for later steps; -1 for an array.</param>
internal readonly record struct RowOperand(nint Address, DType Type, long RowStride, long ElementStride, int Slot = -1)
{
    /// <summary>The rows of a slot, which lie one after the other.</summary>
    public static RowOperand Of(int slot, DType type, long length) => new(0, type, length * type.Size, type.Size, slot);
}
