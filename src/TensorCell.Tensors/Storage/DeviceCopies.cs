using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Moves elements to, from and on devices other than the CPU.</summary>
internal static class DeviceCopies
{
    /// <summary>The storage itself where it is on the device, else a copy there.</summary>
    public static Storage On(Storage storage, Device device)
    {
        if (ReferenceEquals(storage.Device, device))
        {
            return storage;
        }

        Storage copy = Storage.Allocate(storage.ByteLength, device);
        CopyBytes(storage, 0, copy, 0, storage.ByteLength);
        return copy;
    }

    /// <summary>Copies an operand's elements to a place of the same type, where one of the two is not on the CPU.</summary>
    public static void Copy(Operand source, Storage from, Storage target, Layout targetLayout)
    {
        int size = source.Value.DType.Size;
        if (ReferenceEquals(from.Device, target.Device))
        {
            CudaElementwise.Copy(
                (CudaDevice)from.Device,
                targetLayout.LongLengths,
                new(from.DeviceAddress + (nint)(source.Layout.Offset * size), source.Value.DType, source.Layout.ByteStrides(size)),
                new(target.DeviceAddress + (nint)(targetLayout.Offset * size), source.Value.DType, targetLayout.ByteStrides(size)));
            GC.KeepAlive(from);
            GC.KeepAlive(target);
            return;
        }

        // What is not contiguous is made so on the device that has it.
        Storage packed = from;
        long offset = source.Layout.Offset;
        if (!source.Layout.IsContiguous)
        {
            packed = Elements.Contiguous(source);
            offset = 0;
        }

        long count = targetLayout.Shape.Count;
        if (targetLayout.IsContiguous)
        {
            CopyBytes(packed, offset * size, target, targetLayout.Offset * size, count * size);
            return;
        }

        Storage moved = Storage.Allocate(count * size, target.Device);
        CopyBytes(packed, offset * size, moved, 0, count * size);
        Value value = new(Layout.Of(targetLayout.Shape), source.Value.DType, moved);
        Elements.Copy(new Operand(value, value.Layout), target, targetLayout);
    }

    private static void CopyBytes(Storage source, long sourceOffset, Storage target, long targetOffset, long bytes)
    {
        if (bytes == 0)
        {
            return;
        }

        switch (source, target)
        {
            case (CudaStorage from, not CudaStorage):
                from.Buffer.Device.CopyTo(target.Address + (nint)targetOffset, from.Buffer, sourceOffset, bytes);
                break;
            case (not CudaStorage, CudaStorage to):
                to.Buffer.Device.CopyFrom(to.Buffer, targetOffset, source.Address + (nint)sourceOffset, bytes);
                break;
            default:
                Storage between = Storage.Allocate(bytes);
                CopyBytes(source, sourceOffset, between, 0, bytes);
                CopyBytes(between, 0, target, targetOffset, bytes);
                between.Dispose();
                break;
        }

        GC.KeepAlive(source);
        GC.KeepAlive(target);
    }
}
