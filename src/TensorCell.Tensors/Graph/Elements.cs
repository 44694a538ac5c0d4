using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Reads elements and moves them between layouts.</summary>
internal static class Elements
{
    /// <summary>The element at a place of a storage.</summary>
    public static Number Read(Storage storage, DType type, long place) => type switch
    {
        DType.Bool or DType.UInt8 => new Number((long)storage.Read<byte>(place)),
        DType.Int8 => new Number((long)storage.Read<sbyte>(place)),
        DType.Int32 => new Number((long)storage.Read<int>(place)),
        DType.Int64 => new Number(storage.Read<long>(place)),
        DType.Float16 => new Number((double)storage.Read<Half>(place)),
        DType.BFloat16 => new Number(Widen(storage.Read<ushort>(place))),
        DType.Float32 => new Number((double)storage.Read<float>(place)),
        _ => new Number(storage.Read<double>(place)),
    };

    /// <summary>The operand's elements in row-major order, in memory of their own.</summary>
    public static Storage Contiguous(Operand source)
    {
        Storage storage = Realizer.Realize(source.Value);
        Storage target = Storage.Allocate(source.Layout.Shape.Count * source.Value.DType.Size, storage.Device);
        Copy(source, target, Layout.Of(source.Layout.Shape));
        return target;
    }

    /// <summary>Copies elements to a place of the same type, laid out differently perhaps; the two must not overlap.</summary>
    public static void Copy(Operand source, Storage target, Layout targetLayout)
    {
        Storage storage = Realizer.Realize(source.Value);
        if (storage is CudaStorage || target is CudaStorage)
        {
            DeviceCopies.Copy(source, storage, target, targetLayout);
            return;
        }

        StridedCopy.Run(storage.Address, source.Layout, target.Address, targetLayout, source.Value.DType.Size);
        GC.KeepAlive(storage);
        GC.KeepAlive(target);
    }

    private static float Widen(ushort upperHalf) => BitConverter.UInt32BitsToSingle((uint)upperHalf << 16);
}
