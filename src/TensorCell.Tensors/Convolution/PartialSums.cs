using System.Runtime.CompilerServices;
using TensorCell.Kernels;
using TensorCell.Tensors.LinearAlgebra;

namespace TensorCell.Tensors.Convolution;

/// <summary>Adds up what several tasks found for the same elements, in the order of the tasks.</summary>
internal static unsafe class PartialSums<TSimd, TVector, T>
    where TSimd : struct, IFusedVector<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    private const nint ElementsPerPart = 4096;

    /// <summary>Adds them up.</summary>
    /// <param name="partial">The elements of one task after those of the other.</param>
    /// <param name="tasks">How many tasks.</param>
    /// <param name="count">How many elements.</param>
    /// <param name="target">Receives the sums.</param>
    public static void Run(T* partial, int tasks, nint count, T* target) =>
        Workers.For((int)BlockSizes.CeilingDivide(count, ElementsPerPart), part =>
            Run(partial, tasks, count, part * ElementsPerPart, Math.Min(count, (part + 1) * ElementsPerPart), target));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(T* partial, int tasks, nint count, nint first, nint end, T* target)
    {
        Buffer.MemoryCopy(partial + first, target + first, (end - first) * sizeof(T), (end - first) * sizeof(T));
        for (nint task = 1; task < tasks; task++)
        {
            T* from = partial + (task * count);
            nint index = first;
            for (; index <= end - TSimd.Count; index += TSimd.Count)
            {
                TSimd.Store(TSimd.Add(TSimd.Load(target + index), TSimd.Load(from + index)), target + index);
            }

            for (; index < end; index++)
            {
                target[index] = Numbers<T>.Add(target[index], from[index]);
            }
        }
    }
}
