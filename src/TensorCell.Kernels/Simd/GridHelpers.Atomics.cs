using System.Runtime.CompilerServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Simd;

/// <summary>Atomics, lane by lane.</summary>
internal static unsafe partial class GridHelpers
{
    /// <summary>
    /// Changes the elements that active lanes mean, whose indices and values the frame has; the values before replace the values in the frame
    /// if they are asked for.
    /// </summary>
    /// <param name="view">The view's block.</param>
    /// <param name="frame">The frame.</param>
    /// <param name="access">The number of the access, for errors.</param>
    /// <param name="shape">How the indices lie in the frame.</param>
    /// <param name="bits">The active lanes.</param>
    /// <param name="how">The operation; from bit 8 on the storage; bit 16: whether values before are asked for.</param>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void Atomic(byte* view, byte* frame, int access, int shape, ulong bits, int how)
    {
        var operation = (AtomicOperation)(how & 0xFF);
        var storage = (StorageType)((how >> 8) & 0xFF);
        var at = stackalloc long[4];
        for (var lane = 0; bits >> lane != 0; lane++)
        {
            if ((bits >> lane & 1) == 0)
            {
                continue;
            }

            ReadIndices(frame, shape, lane, at);
            var element = Element(view, access, shape, at);
            var value = frame + GridLayout.Data;
            var comparand = frame + GridLayout.Comparands;
            switch (storage)
            {
                case StorageType.Int32:
                    ((int*)value)[lane] = Change(operation, (int*)element, ((int*)value)[lane], ((int*)comparand)[lane]);
                    break;
                case StorageType.UInt32:
                    ((uint*)value)[lane] = Change(operation, (uint*)element, ((uint*)value)[lane], ((uint*)comparand)[lane]);
                    break;
                case StorageType.Int64:
                    ((long*)value)[lane] = Change(operation, (long*)element, ((long*)value)[lane], ((long*)comparand)[lane]);
                    break;
                case StorageType.UInt64:
                    ((ulong*)value)[lane] = Change(operation, (ulong*)element, ((ulong*)value)[lane], ((ulong*)comparand)[lane]);
                    break;
                case StorageType.Float32:
                    ((float*)value)[lane] = Change((float*)element, operation, ((float*)value)[lane], ((float*)comparand)[lane]);
                    break;
                default:
                    ((double*)value)[lane] = Change((double*)element, operation, ((double*)value)[lane], ((double*)comparand)[lane]);
                    break;
            }
        }
    }

    private static T Change<T>(AtomicOperation operation, T* element, T value, T comparand)
        where T : unmanaged, System.Numerics.IBinaryInteger<T> => operation switch
        {
            AtomicOperation.Exchange => Interlocked.Exchange(ref *element, value),
            AtomicOperation.CompareExchange => Interlocked.CompareExchange(ref *element, value, comparand),
            _ => Update(element, value, operation switch
            {
                AtomicOperation.Add => static (old, given) => unchecked(old + given),
                AtomicOperation.Min => T.Min,
                AtomicOperation.Max => T.Max,
                AtomicOperation.And => static (old, given) => old & given,
                AtomicOperation.Or => static (old, given) => old | given,
                _ => static (old, given) => old ^ given,
            }),
        };

    private static T Change<T>(T* element, AtomicOperation operation, T value, T comparand)
        where T : unmanaged, System.Numerics.IFloatingPoint<T> => operation switch
        {
            AtomicOperation.Exchange => Interlocked.Exchange(ref *element, value),
            AtomicOperation.CompareExchange => Interlocked.CompareExchange(ref *element, value, comparand),
            _ => Update(element, value, operation switch
            {
                AtomicOperation.Add => static (old, given) => old + given,
                AtomicOperation.Min => T.Min,
                AtomicOperation.Max => T.Max,
                _ => throw Throw.OperationUndefined($"atomic {operation}", DType.Float32),
            }),
        };

    private static T Update<T>(T* element, T value, Func<T, T, T> combine)
        where T : unmanaged
    {
        var old = *element;
        while (true)
        {
            var found = Interlocked.CompareExchange(ref *element, combine(old, value), old);
            // Equality would take 0 for -0, and so a failed exchange for one that was made.
            if (new ReadOnlySpan<byte>(&found, sizeof(T)).SequenceEqual(new ReadOnlySpan<byte>(&old, sizeof(T))))
            {
                return old;
            }

            old = found;
        }
    }
}
