using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Convolution;

/// <summary>Moves elements of any type of 1, 2, 4 or 8 bytes.</summary>
internal static unsafe class ElementRow
{
    /// <summary>Copies elements that lie some bytes apart to where they lie others apart.</summary>
    public static void Copy(byte* from, nint fromStep, byte* to, nint toStep, int count, int size)
    {
        if (fromStep == size && toStep == size)
        {
            Unsafe.CopyBlockUnaligned(to, from, (uint)(count * size));
            return;
        }

        switch (size)
        {
            case 1:
                Copy<byte>(from, fromStep, to, toStep, count);
                break;
            case 2:
                Copy<short>(from, fromStep, to, toStep, count);
                break;
            case 4:
                Copy<int>(from, fromStep, to, toStep, count);
                break;
            default:
                Copy<long>(from, fromStep, to, toStep, count);
                break;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy<TElement>(byte* from, nint fromStep, byte* to, nint toStep, int count)
        where TElement : unmanaged
    {
        for (; count > 0; count--)
        {
            *(TElement*)to = *(TElement*)from;
            from += fromStep;
            to += toStep;
        }
    }
}
