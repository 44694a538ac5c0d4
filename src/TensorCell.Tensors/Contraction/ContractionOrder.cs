namespace TensorCell.Tensors.Contraction;

/// <summary>
/// Which two of several labelled tensors to contract next: the pair whose result takes the least more memory than the two, as opt_einsum's greedy
/// path does (Smith and Gray 2018); of such pairs the one that takes the fewest multiplications.
/// </summary>
internal static class ContractionOrder
{
    /// <summary>The places of the next pair, the lesser first.</summary>
    /// <param name="tensors">At least two.</param>
    /// <param name="output">The labels that the result has.</param>
    /// <param name="lengths">How long the axes of each label are.</param>
    public static (int First, int Second) Next(List<LabelledTensor> tensors, int[] output, Dictionary<int, int> lengths)
    {
        (int First, int Second) best = (0, 1);
        (double Growth, double Work) least = (double.PositiveInfinity, double.PositiveInfinity);
        for (int first = 0; first < tensors.Count; first++)
        {
            for (int second = first + 1; second < tensors.Count; second++)
            {
                int[] all = [.. tensors[first].Labels.Union(tensors[second].Labels)];
                HashSet<int> needed = Needed(tensors, output, first, second);
                double growth = Size(all.Where(needed.Contains)) - Size(tensors[first].Labels) - Size(tensors[second].Labels);
                (double, double) cost = (growth, Size(all));
                if (cost.CompareTo(least) < 0)
                {
                    least = cost;
                    best = (first, second);
                }
            }
        }

        return best;

        double Size(IEnumerable<int> labels) => labels.Aggregate(1.0, (size, label) => size * lengths[label]);
    }

    /// <summary>The labels that the result or a tensor other than two needs.</summary>
    public static HashSet<int> Needed(List<LabelledTensor> tensors, int[] output, int first, int second)
    {
        HashSet<int> needed = [.. output];
        for (int other = 0; other < tensors.Count; other++)
        {
            if (other != first && other != second)
            {
                needed.UnionWith(tensors[other].Labels);
            }
        }

        return needed;
    }
}
