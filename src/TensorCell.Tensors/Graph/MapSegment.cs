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

    /// <summary>Copies the segment's elements.</summary>
    /// <param name="from">The axis in the source.</param>
    /// <param name="to">The axis in the result.</param>
    /// <param name="part">Elements that lie together at each index of it.</param>
    /// <param name="constant">The constant.</param>
    /// <param name="isStreamed">Whether to store past the caches.</param>
    public unsafe void Copy<T>(T* from, T* to, long part, T constant, bool isStreamed)
        where T : unmanaged
    {
        to += First * part;
        if (Source < 0)
        {
            Runs.Fill(to, constant, Length * part);
        }
        else if (Step == 1)
        {
            Runs.Copy((byte*)(from + (Source * part)), (byte*)to, Length * part * sizeof(T), isStreamed);
        }
        else if (part == 1)
        {
            Runs.Copy(from + Source, to, 1, 0, 0, Length, Step, 1, isStreamed);
        }
        else
        {
            Runs.Copy(from + (Source * part), to, Length, Step * part, part, part, 1, 1, isStreamed);
        }
    }
}
