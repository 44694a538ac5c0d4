namespace TensorCell.Interactive.Magics;

/// <summary>How many letters two words differ by (Damerau-Levenshtein, adjacent transpositions counted once).</summary>
internal static class EditDistance
{
    public static int Between(string first, string second)
    {
        var distances = new int[first.Length + 1, second.Length + 1];
        for (var i = 0; i <= first.Length; i++)
        {
            for (var j = 0; j <= second.Length; j++)
            {
                if (i == 0 || j == 0)
                {
                    distances[i, j] = i + j;
                    continue;
                }

                var replaced = distances[i - 1, j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                distances[i, j] = Math.Min(replaced, 1 + Math.Min(distances[i - 1, j], distances[i, j - 1]));
                if (i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1])
                {
                    distances[i, j] = Math.Min(distances[i, j], 1 + distances[i - 2, j - 2]);
                }
            }
        }

        return distances[first.Length, second.Length];
    }

    /// <summary>The candidate most like the word, unless none is much like it.</summary>
    public static string? Nearest(string word, IEnumerable<string> candidates)
    {
        var lower = word.ToLowerInvariant();
        return candidates
            .Select(candidate => (candidate, distance: Between(lower, candidate.ToLowerInvariant())))
            .Where(pair => pair.distance <= Math.Max(1, Math.Max(lower.Length, pair.candidate.Length) / 3)
                || (lower.Length >= 3 && pair.candidate.StartsWith(lower, StringComparison.OrdinalIgnoreCase)))
            .OrderBy(pair => pair.distance)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }
}
