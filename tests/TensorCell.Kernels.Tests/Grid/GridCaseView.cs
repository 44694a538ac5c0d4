using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>A view's elements for a test: bytes, with any strides.</summary>
/// <param name="Operand">The view of the program.</param>
/// <param name="Lengths">Its extents.</param>
/// <param name="Strides">Elements from one to its neighbour along each dimension.</param>
/// <param name="Offset">The first element, counted in elements from the start.</param>
/// <param name="Bytes">The memory.</param>
internal sealed record GridCaseView(ViewOperand Operand, int[] Lengths, long[] Strides, long Offset, byte[] Bytes)
{
    /// <summary>The same content elsewhere.</summary>
    public GridCaseView Copy() => this with { Bytes = (byte[])Bytes.Clone() };

    /// <summary>The same elements laid out otherwise, with bytes of no element between them.</summary>
    /// <param name="layout">How: 0 one after another, 1 backwards, 2 every second, 3 with the dimensions the other way round, 4 both of the last two.</param>
    public GridCaseView Arranged(int layout)
    {
        var strides = new long[Lengths.Length];
        long count = layout is 2 or 4 ? 2 : 1;
        long offset = 0;
        foreach (var d in layout is 3 or 4 ? Enumerable.Range(0, strides.Length) : Enumerable.Range(0, strides.Length).Reverse())
        {
            strides[d] = count;
            count *= Lengths[d];
        }

        if (layout == 1)
        {
            offset = Lengths.Contains(0) ? 0 : count - 1;
            strides = [.. strides.Select(stride => -stride)];
        }

        var arranged = this with { Strides = strides, Offset = offset, Bytes = new byte[count * Operand.Storage.Size] };
        arranged.Bytes.AsSpan().Fill(0xA5);
        foreach (var index in Indices())
        {
            arranged.Write(index, Read(index));
        }

        return arranged;
    }

    /// <summary>An element as kernels compute with it.</summary>
    public Scalar Read(long[] index)
    {
        var bytes = Bytes.AsSpan(Place(index));
        return Operand.Storage switch
        {
            StorageType.Bool => bytes[0] != 0,
            StorageType.Int8 => (int)(sbyte)bytes[0],
            StorageType.UInt8 => (int)bytes[0],
            StorageType.Int16 => (int)MemoryMarshal.Read<short>(bytes),
            StorageType.UInt16 => (int)MemoryMarshal.Read<ushort>(bytes),
            StorageType.Int32 or StorageType.UInt32 => MemoryMarshal.Read<int>(bytes),
            StorageType.Int64 or StorageType.UInt64 => MemoryMarshal.Read<long>(bytes),
            StorageType.Float16 => (float)MemoryMarshal.Read<Half>(bytes),
            StorageType.BFloat16 => BitConverter.UInt32BitsToSingle((uint)MemoryMarshal.Read<ushort>(bytes) << 16),
            StorageType.Float32 => MemoryMarshal.Read<float>(bytes),
            _ => MemoryMarshal.Read<double>(bytes),
        };
    }

    /// <summary>Writes an element, rounded or cut to what the memory holds.</summary>
    public void Write(long[] index, Scalar value)
    {
        var bytes = Bytes.AsSpan(Place(index));
        switch (Operand.Storage)
        {
            case StorageType.Bool or StorageType.Int8 or StorageType.UInt8:
                bytes[0] = (byte)value.Bits;
                break;
            case StorageType.Int16 or StorageType.UInt16:
                MemoryMarshal.Write(bytes, (short)value.Bits);
                break;
            case StorageType.Float16:
                MemoryMarshal.Write(bytes, (Half)value.AsSingle);
                break;
            case StorageType.BFloat16:
                var bits = BitConverter.SingleToUInt32Bits(value.AsSingle);
                MemoryMarshal.Write(bytes, (ushort)(float.IsNaN(value.AsSingle) ? (bits >> 16) | 64 : (bits + 0x7FFF + (bits >> 16 & 1)) >> 16));
                break;
            case StorageType.Int32 or StorageType.UInt32 or StorageType.Float32:
                MemoryMarshal.Write(bytes, (int)value.Bits);
                break;
            default:
                MemoryMarshal.Write(bytes, value.Bits);
                break;
        }
    }

    /// <summary>Every index of the view.</summary>
    public IEnumerable<long[]> Indices()
    {
        var count = Lengths.Aggregate(1L, (product, length) => product * length);
        for (long flat = 0; flat < count; flat++)
        {
            var index = new long[Lengths.Length];
            var rest = flat;
            for (var d = index.Length - 1; d >= 0; d--)
            {
                index[d] = rest % Lengths[d];
                rest /= Lengths[d];
            }

            yield return index;
        }
    }

    private int Place(long[] index)
    {
        var place = Offset;
        for (var d = 0; d < index.Length; d++)
        {
            place += index[d] * Strides[d];
        }

        return (int)place * Operand.Storage.Size;
    }
}
