using System.Runtime.Intrinsics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Moments;

/// <summary>The moments of lines, cut into segments that all threads share; a line's vectors are rows of <see cref="MomentBlock.Lanes"/> columns.</summary>
internal sealed unsafe class LineMoments(MomentsShape shape, float* from, MomentsResult result)
{
    private const long LongestSegment = 64 * 1024;
    private const long TaskElements = 64 * 1024;

    private readonly long segments = (shape.Within + LongestSegment - 1) / LongestSegment;

    /// <summary>Finds them.</summary>
    public void Run()
    {
        long lines = shape.Outer * shape.Kept;
        long parts = lines * segments;
        long perTask = Math.Max(1, TaskElements * segments / shape.Within);
        using CpuBuffer scratch = CpuBuffer.Allocate(parts * sizeof(Moment));
        nint address = scratch.Address;
        Workers.For(checked((int)((parts + perTask - 1) / perTask)), task =>
        {
            for (long part = task * perTask; part < Math.Min(parts, (task + 1) * perTask); part++)
            {
                long first = shape.Within * (part % segments) / segments;
                long end = shape.Within * ((part % segments) + 1) / segments;
                ((Moment*)address)[part] = Segment(from + (part / segments * shape.Within) + first, end - first);
            }
        });
        for (long kept = 0; kept < shape.Kept; kept++)
        {
            Moment moment = default;
            for (long outer = 0; outer < shape.Outer; outer++)
            {
                for (long segment = 0; segment < segments; segment++)
                {
                    moment = moment.With(((Moment*)address)[(((outer * shape.Kept) + kept) * segments) + segment]);
                }
            }

            result.Write(kept, moment.Mean, moment.Deviation);
        }

        GC.KeepAlive(scratch);
    }

    private static Moment Segment(float* elements, long count)
    {
        double* lanes = stackalloc double[2 * MomentBlock.Lanes];
        Moment moment = default;
        for (; count >= MomentBlock.Lanes;)
        {
            int rows = (int)Math.Min(MomentBlock.MostRows, count / MomentBlock.Lanes);
            MomentBlock.Run(elements, MomentBlock.Lanes, rows, MomentBlock.Lanes, lanes, lanes + MomentBlock.Lanes);
            moment = moment.With(Joined(lanes, rows));
            elements += rows * MomentBlock.Lanes;
            count -= rows * MomentBlock.Lanes;
        }

        for (; count > 0; count--, elements++)
        {
            moment = moment.With(new Moment(1, *elements, 0));
        }

        return moment;
    }

    /// <summary>The moment of all lanes, of which each is of the same number of rows.</summary>
    private static Moment Joined(double* lanes, int rows)
    {
        const int Half = MomentBlock.Lanes / 2;
        (Vector512<double> lower, Vector512<double> upper) = (Vector512.Load(lanes), Vector512.Load(lanes + Half));
        double mean = Vector512.Sum(lower + upper) / MomentBlock.Lanes;
        lower -= Vector512.Create(mean);
        upper -= Vector512.Create(mean);
        Vector512<double> within = Vector512.Load(lanes + MomentBlock.Lanes) + Vector512.Load(lanes + MomentBlock.Lanes + Half);
        Vector512<double> between = (lower * lower) + (upper * upper);
        return new(rows * MomentBlock.Lanes, mean, Vector512.Sum(within + (between * rows)));
    }
}
