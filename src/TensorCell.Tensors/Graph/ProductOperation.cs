using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>
/// The product of each run of consecutive elements; of floating-point numbers in double precision. Long runs are cut by their length alone, so
/// products do not depend on the number of threads.
/// </summary>
/// <param name="input">The elements, contiguous.</param>
/// <param name="length">How many elements each product takes.</param>
internal sealed class ProductOperation(Operand input, long length) : Operation("prod", input)
{
    private const long SegmentLength = 1 << 15;

    /// <inheritdoc/>
    protected override Storage Run(Value target)
    {
        Operand input = Inputs[0];
        Storage source = Realizer.Realize(input.Value);
        Storage result = Storage.Allocate(target.Layout.Shape.Count * target.DType.Size);
        switch (target.DType)
        {
            case DType.Float32:
                Multiply<float, double>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
            case DType.Float64:
                Multiply<double, double>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
            default:
                Multiply<long, long>(source, input.Layout.Offset, result, target.Layout.Shape.Count);
                break;
        }

        return result;
    }

    private unsafe void Multiply<T, TProduct>(Storage source, long offset, Storage result, long count)
        where T : unmanaged, INumber<T>
        where TProduct : unmanaged, INumber<TProduct>
    {
        T* from = (T*)source.Address + offset;
        T* to = (T*)result.Address;
        long segments = Math.Max((length + SegmentLength - 1) / SegmentLength, 1);
        if (segments == 1)
        {
            Blocks.For(count, length * sizeof(T), (begin, end) =>
            {
                for (long index = begin; index < end; index++)
                {
                    to[index] = T.CreateTruncating(Product<T, TProduct>(from + (index * length), length));
                }
            });
        }
        else
        {
            TProduct[] parts = new TProduct[count * segments];
            Workers.For(parts.Length, part =>
            {
                long begin = part % segments * SegmentLength;
                parts[part] = Product<T, TProduct>(from + (part / segments * length) + begin, Math.Min(SegmentLength, length - begin));
            });
            for (long index = 0; index < count; index++)
            {
                to[index] = T.CreateTruncating(parts.AsSpan((int)(index * segments), (int)segments).ToArray().Aggregate(TProduct.One, (product, part) => product * part));
            }
        }

        GC.KeepAlive(source);
        GC.KeepAlive(result);
    }

    /// <summary>The product of a run: four at a time, so that not every factor waits for the one before.</summary>
    private static unsafe TProduct Product<T, TProduct>(T* from, long count)
        where T : unmanaged, INumber<T>
        where TProduct : unmanaged, INumber<TProduct>
    {
        TProduct first = TProduct.One;
        TProduct second = TProduct.One;
        TProduct third = TProduct.One;
        TProduct fourth = TProduct.One;
        for (; count >= 4; count -= 4, from += 4)
        {
            first *= TProduct.CreateTruncating(from[0]);
            second *= TProduct.CreateTruncating(from[1]);
            third *= TProduct.CreateTruncating(from[2]);
            fourth *= TProduct.CreateTruncating(from[3]);
        }

        for (; count > 0; count--, from++)
        {
            first *= TProduct.CreateTruncating(*from);
        }

        return first * second * (third * fourth);
    }
}
