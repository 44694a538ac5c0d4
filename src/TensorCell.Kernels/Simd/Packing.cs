namespace TensorCell.Kernels.Simd;

/// <summary>Copies runs of a strided operand to and from contiguous memory.</summary>
internal static unsafe class Packing
{
    /// <summary>Gathers <paramref name="count"/> elements, from a position on, of an operand into contiguous memory.</summary>
    public static void Gather(in IterationSpace space, int operand, byte* origin, int size, long position, long count, byte* target)
    {
        while (count > 0)
        {
            var run = Math.Min(count, space.InnerLength - (position % space.InnerLength));
            Copy(origin + space.Offset(operand, position), space.InnerStride(operand), target, size, size, run);
            target += run * size;
            position += run;
            count -= run;
        }
    }

    /// <summary>Scatters contiguous memory over <paramref name="count"/> elements, from a position on, of an operand.</summary>
    public static void Scatter(in IterationSpace space, int operand, byte* origin, int size, long position, long count, byte* source)
    {
        while (count > 0)
        {
            var run = Math.Min(count, space.InnerLength - (position % space.InnerLength));
            Copy(source, size, origin + space.Offset(operand, position), space.InnerStride(operand), size, run);
            source += run * size;
            position += run;
            count -= run;
        }
    }

    private static void Copy(byte* source, long sourceStride, byte* target, long targetStride, int size, long count)
    {
        if (sourceStride == size && targetStride == size)
        {
            Buffer.MemoryCopy(source, target, count * size, count * size);
            return;
        }

        switch (size)
        {
            case 1:
                CopyElements<byte>(source, sourceStride, target, targetStride, count);
                break;
            case 2:
                CopyElements<short>(source, sourceStride, target, targetStride, count);
                break;
            case 4:
                CopyElements<int>(source, sourceStride, target, targetStride, count);
                break;
            default:
                CopyElements<long>(source, sourceStride, target, targetStride, count);
                break;
        }
    }

    private static void CopyElements<T>(byte* source, long sourceStride, byte* target, long targetStride, long count)
        where T : unmanaged
    {
        if (sourceStride == 0 && targetStride == sizeof(T))
        {
            new Span<T>(target, (int)count).Fill(*(T*)source);
            return;
        }

        for (; count >= 4; count -= 4)
        {
            var (a, b) = (*(T*)source, *(T*)(source + sourceStride));
            var (c, d) = (*(T*)(source + (2 * sourceStride)), *(T*)(source + (3 * sourceStride)));
            *(T*)target = a;
            *(T*)(target + targetStride) = b;
            *(T*)(target + (2 * targetStride)) = c;
            *(T*)(target + (3 * targetStride)) = d;
            source += 4 * sourceStride;
            target += 4 * targetStride;
        }

        for (; count > 0; count--)
        {
            *(T*)target = *(T*)source;
            source += sourceStride;
            target += targetStride;
        }
    }
}
