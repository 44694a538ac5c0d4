using System.Collections.Concurrent;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Moments;

/// <summary>Where moments go, and those that overflowed on the way, which are found once more in double precision.</summary>
/// <param name="shape">Which elements each is of.</param>
/// <param name="from">The first element.</param>
/// <param name="target">Where the means go, and behind them the variances.</param>
internal sealed unsafe class MomentsResult(MomentsShape shape, float* from, float* target)
{
    private readonly ConcurrentBag<long> unsafePositions = [];

    /// <summary>Takes the moments of a kept position.</summary>
    public void Write(long kept, double mean, double deviation)
    {
        if (double.IsFinite(mean) && double.IsFinite(deviation))
        {
            target[kept] = (float)mean;
            target[shape.Kept + kept] = (float)(Math.Max(deviation, 0) / shape.Folded);
        }
        else
        {
            unsafePositions.Add(kept);
        }
    }

    /// <summary>Finds those again that are not finite, be it that the elements are not, or that sums of some in f32 were not.</summary>
    public void WriteSafely()
    {
        long[] positions = [.. unsafePositions];
        Workers.For(positions.Length, index => WriteSafely(positions[index]));
    }

    private void WriteSafely(long kept)
    {
        double mean = Sum(kept, 0, isSquared: false) / shape.Folded;
        target[kept] = (float)mean;
        target[shape.Kept + kept] = (float)(Sum(kept, mean, isSquared: true) / shape.Folded);
    }

    private double Sum(long kept, double subtracted, bool isSquared)
    {
        double sum = 0;
        for (long outer = 0; outer < shape.Outer; outer++)
        {
            float* line = from + (((outer * shape.Kept) + kept) * shape.Within);
            for (long within = 0; within < shape.Within; within++)
            {
                double difference = line[within] - subtracted;
                sum += isSquared ? difference * difference : difference;
            }
        }

        return sum;
    }
}
