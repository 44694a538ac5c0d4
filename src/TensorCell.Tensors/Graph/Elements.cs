using TensorCell.Kernels;
using TensorCell.Kernels.Ir;
using TensorCell.Kernels.Simd;

namespace TensorCell.Tensors.Graph;

/// <summary>Moves elements between layouts and converts them to and from types that kernels do not compute in.</summary>
internal static unsafe class Elements
{
    private static readonly KernelFunction copy32 =
        KernelFunction.Create("copy", [DType.Int32], [], Node.Parameter(0, DType.Int32));

    private static readonly KernelFunction copy64 =
        KernelFunction.Create("copy", [DType.Int64], [], Node.Parameter(0, DType.Int64));

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

        int size = source.Value.DType.Size;
        byte* from = (byte*)storage.Address + (source.Layout.Offset * size);
        byte* to = (byte*)target.Address + (targetLayout.Offset * size);
        long count = targetLayout.Shape.Count;
        if (count > 0)
        {
            if (size >= sizeof(int))
            {
                if (!TransposedCopy.TryRun((nint)from, source.Layout, (nint)to, targetLayout, size))
                {
                    DType type = size == sizeof(int) ? DType.Int32 : DType.Int64;
                    Kernels.Simd.Elementwise.Run(
                        size == sizeof(int) ? copy32 : copy64,
                        targetLayout.LongLengths,
                        [new Kernels.Simd.Operand((nint)from, type, source.Layout.ByteStrides(size))],
                        [new Kernels.Simd.Operand((nint)to, type, targetLayout.ByteStrides(size))],
                        []);
                }
            }
            else if (source.Layout.IsContiguous && targetLayout.IsContiguous)
            {
                Buffer.MemoryCopy(from, to, count * size, count * size);
            }
            else if (size == 1)
            {
                CopyStrided(from, source.Layout, to, targetLayout);
            }
            else
            {
                CopyStrided((ushort*)from, source.Layout, (ushort*)to, targetLayout);
            }
        }

        GC.KeepAlive(storage);
        GC.KeepAlive(target);
    }

    private static float Widen(ushort upperHalf) => BitConverter.UInt32BitsToSingle((uint)upperHalf << 16);

    private static void CopyStrided<T>(T* from, Layout source, T* to, Layout target)
        where T : unmanaged
    {
        int rank = source.Shape.Rank;
        Span<int> index = rank <= 16 ? stackalloc int[rank] : new int[rank];
        index.Clear();
        long count = source.Shape.Count;
        for (long done = 0; done < count; done++)
        {
            *to = *from;
            for (int axis = rank - 1; axis >= 0; axis--)
            {
                from += source.Strides[axis];
                to += target.Strides[axis];
                if (++index[axis] < source.Shape[axis])
                {
                    break;
                }

                index[axis] = 0;
                from -= source.Strides[axis] * source.Shape[axis];
                to -= target.Strides[axis] * source.Shape[axis];
            }

            if ((done & 0xFFFF) == 0)
            {
                Interruption.Check();
            }
        }
    }
}
