using System.Runtime.CompilerServices;

namespace TensorCell.Tensors.Graph;

/// <summary>Elements along an axis that are neighbours before and after they were put elsewhere.</summary>
/// <param name="First">The first of them in the result.</param>
/// <param name="Source">Where it comes from; -1 for a constant.</param>
/// <param name="Step">From one to the next where they come from: 1 or -1; 0 for one element many times, or a constant.</param>
/// <param name="Length">How many there are.</param>
internal readonly record struct MapSegment(int First, int Source, int Step, int Length)
{
    /// <summary>The segments of a map.</summary>
    /// <param name="map">For each element of the result, where it comes from; -1 for a constant.</param>
    public static MapSegment[] Of(int[] map)
    {
        List<MapSegment> segments = [];
        int first = 0;
        while (first < map.Length)
        {
            int end = first + 1;
            int step = end < map.Length ? map[end] - map[first] : 0;
            bool isEven = step == 0 || (Math.Abs(step) == 1 && map[first] >= 0);
            while (isEven && end < map.Length && map[end] - map[end - 1] == step && (step == 0 || map[end] >= 0))
            {
                end++;
            }

            segments.Add(new MapSegment(first, map[first], end == first + 1 ? 0 : step, end - first));
            first = end;
        }

        return [.. segments];
    }

    /// <summary>Copies the elements of segments.</summary>
    /// <param name="segments">The segments.</param>
    /// <param name="from">The axis in the source.</param>
    /// <param name="to">The axis in the result.</param>
    /// <param name="part">Elements that lie together at each index of it.</param>
    /// <param name="constant">The constant.</param>
    /// <param name="isStreamed">Whether to store past the caches.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static unsafe void Copy<T>(ReadOnlySpan<MapSegment> segments, T* from, T* to, long part, T constant, bool isStreamed)
        where T : unmanaged
    {
        foreach (ref readonly MapSegment segment in segments)
        {
            T* target = to + (segment.First * part);
            T* source = from + (segment.Source * part);
            if (segment.Source < 0)
            {
                Runs.Fill(target, constant, segment.Length * part);
            }
            else if (segment.Step == 1)
            {
                Runs.Copy((byte*)source, (byte*)target, segment.Length * part * sizeof(T), isStreamed);
            }
            else if (part == 1)
            {
                Runs.Copy(source, target, 1, 0, 0, segment.Length, segment.Step, 1, isStreamed);
            }
            else
            {
                Runs.Copy(source, target, segment.Length, segment.Step * part, part, part, 1, 1, isStreamed);
            }
        }
    }
}
