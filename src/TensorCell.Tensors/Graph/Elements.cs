using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>Moves elements between layouts and converts them to and from types that kernels do not compute in.</summary>
internal static unsafe class Elements
{
    private const int Block = 1 << 16;

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

    /// <summary>The operand's elements as another type, in row-major order.</summary>
    public static Storage Convert(Operand source, DType type)
    {
        Storage stored = Realizer.Realize(source.Value);
        if (stored is CudaStorage)
        {
            Storage converted = Storage.Allocate(source.Layout.Shape.Count * type.Size, stored.Device);
            DeviceCopies.Convert(source.Layout, stored, source.Value.DType, converted, Layout.Of(source.Layout.Shape), type);
            return converted;
        }

        Storage from = source.Layout.IsContiguous ? stored : Contiguous(source);
        long first = source.Layout.IsContiguous ? source.Layout.Offset : 0;
        long count = source.Layout.Shape.Count;
        Storage to = Storage.Allocate(count * type.Size);
        DType sourceType = source.Value.DType;
        byte* input = (byte*)from.Address + (first * sourceType.Size);
        byte* output = (byte*)to.Address;
        Workers.For((int)((count + Block - 1) / Block), block =>
        {
            long begin = (long)block * Block;
            int length = (int)Math.Min(Block, count - begin);
            ConvertFrom(input + (begin * sourceType.Size), sourceType, output + (begin * type.Size), type, length);
        });
        GC.KeepAlive(from);
        return to;
    }

    private static float Widen(ushort upperHalf) => BitConverter.UInt32BitsToSingle((uint)upperHalf << 16);

    private static void ConvertFrom(byte* input, DType from, byte* output, DType to, int length)
    {
        switch (from)
        {
            case DType.Bool or DType.UInt8:
                ConvertTo((byte*)input, output, to, length);
                break;
            case DType.Int8:
                ConvertTo((sbyte*)input, output, to, length);
                break;
            case DType.Int32:
                ConvertTo((int*)input, output, to, length);
                break;
            case DType.Int64:
                ConvertTo((long*)input, output, to, length);
                break;
            case DType.Float16:
                ConvertTo((Half*)input, output, to, length);
                break;
            case DType.BFloat16:
                float[] widened = new float[length];
                for (int index = 0; index < length; index++)
                {
                    widened[index] = Widen(((ushort*)input)[index]);
                }

                fixed (float* values = widened)
                {
                    ConvertTo(values, output, to, length);
                }

                break;
            case DType.Float32:
                ConvertTo((float*)input, output, to, length);
                break;
            default:
                ConvertTo((double*)input, output, to, length);
                break;
        }
    }

    private static void ConvertTo<T>(T* input, byte* output, DType to, int length)
        where T : unmanaged, INumber<T>
    {
        switch (to)
        {
            case DType.Bool:
                for (int index = 0; index < length; index++)
                {
                    output[index] = T.IsZero(input[index]) ? (byte)0 : (byte)1;
                }

                break;
            case DType.UInt8:
                ConvertTo(input, output, length);
                break;
            case DType.Int8:
                ConvertTo(input, (sbyte*)output, length);
                break;
            case DType.Int32:
                ConvertTo(input, (int*)output, length);
                break;
            case DType.Int64:
                ConvertTo(input, (long*)output, length);
                break;
            case DType.Float16:
                ConvertTo(input, (Half*)output, length);
                break;
            case DType.BFloat16:
                for (int index = 0; index < length; index++)
                {
                    ((ushort*)output)[index] = (ushort)new Number(double.CreateTruncating(input[index])).Bits(DType.BFloat16);
                }

                break;
            case DType.Float32:
                ConvertTo(input, (float*)output, length);
                break;
            default:
                ConvertTo(input, (double*)output, length);
                break;
        }
    }

    /// <summary>Integers wrap as in NumPy; from floating point, out-of-range numbers take the nearest bound and NaN becomes 0.</summary>
    private static void ConvertTo<TFrom, TTo>(TFrom* input, TTo* output, int length)
        where TFrom : unmanaged, INumber<TFrom>
        where TTo : unmanaged, INumber<TTo>
    {
        bool fromReal = typeof(TFrom) == typeof(float) || typeof(TFrom) == typeof(double) || typeof(TFrom) == typeof(Half);
        for (int index = 0; index < length; index++)
        {
            output[index] = fromReal ? TTo.CreateSaturating(input[index]) : TTo.CreateTruncating(input[index]);
        }
    }
}
