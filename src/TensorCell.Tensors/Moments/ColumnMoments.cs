using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Moments;

/// <summary>The moments of the columns of a matrix, whose rows are cut into blocks that all threads share.</summary>
internal sealed unsafe class ColumnMoments(MomentsShape shape, float* from, MomentsResult result)
{
    private const int BlockRows = 128;
    private const int TogetherColumns = 512;

    private readonly int blocks = checked((int)((shape.Outer + BlockRows - 1) / BlockRows));

    /// <summary>Finds them.</summary>
    public void Run()
    {
        int strips = Strips(shape.Kept);
        using CpuBuffer scratch = CpuBuffer.Allocate(2 * blocks * shape.Kept * sizeof(double));
        nint address = scratch.Address;
        Workers.For(checked(blocks * strips), task =>
        {
            int block = task / strips;
            long first = shape.Kept * (task % strips) / strips;
            int columns = (int)((shape.Kept * (task % strips + 1) / strips) - first);
            long row = (long)block * BlockRows;
            double* means = (double*)address + (2 * block * shape.Kept) + first;
            MomentBlock.Run(from + (row * shape.Kept) + first, (nint)shape.Kept, Rows(block), columns, means, means + shape.Kept);
        });
        Workers.For((int)((shape.Kept + TogetherColumns - 1) / TogetherColumns), part =>
            Combine((double*)address, (long)part * TogetherColumns, Math.Min(shape.Kept, (part + 1L) * TogetherColumns)));
        GC.KeepAlive(scratch);
    }

    /// <summary>Into how many strips columns are cut, none too narrow for a block.</summary>
    private static int Strips(long columns) => checked((int)((columns + MomentBlock.MostColumns - 1) / MomentBlock.MostColumns));

    private int Rows(int block) => (int)Math.Min(BlockRows, shape.Outer - ((long)block * BlockRows));

    /// <summary>Puts the blocks' moments together, those of neighbouring columns in one vector, whose counts are the same.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Combine(double* parts, long first, long end)
    {
        double* both = stackalloc double[2 * Vector512<double>.Count];
        for (long column = first; column < end; column += Vector512<double>.Count)
        {
            // The last vector overlaps the one before it.
            long at = Math.Min(column, shape.Kept - Vector512<double>.Count);
            Vector512<double> mean = Vector512.Load(parts + at);
            Vector512<double> deviation = Vector512.Load(parts + shape.Kept + at);
            double count = Rows(0);
            for (int block = 1; block < blocks; block++)
            {
                double* part = parts + (2 * block * shape.Kept) + at;
                double share = Rows(block) / (count + Rows(block));
                Vector512<double> difference = Vector512.Load(part) - mean;
                mean += difference * share;
                deviation += Vector512.Load(part + shape.Kept) + (difference * difference * (count * share));
                count += Rows(block);
            }

            mean.Store(both);
            deviation.Store(both + Vector512<double>.Count);
            for (int lane = (int)(column - at); lane < Math.Min(Vector512<double>.Count, end - at); lane++)
            {
                result.Write(at + lane, both[lane], both[lane + Vector512<double>.Count]);
            }
        }
    }
}
