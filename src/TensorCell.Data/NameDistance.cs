namespace TensorCell.Data;

/// <summary>How far two names are apart, to suggest the one that was meant.</summary>
internal static class NameDistance
{
    /// <summary>The number of characters to insert, delete or replace, case apart (Levenshtein's distance).</summary>
    public static int Between(string first, string second)
    {
        int[] previous = new int[second.Length + 1];
        int[] current = new int[second.Length + 1];
        for (int column = 0; column <= second.Length; column++)
        {
            previous[column] = column;
        }

        for (int row = 1; row <= first.Length; row++)
        {
            current[0] = row;
            for (int column = 1; column <= second.Length; column++)
            {
                bool same = char.ToLowerInvariant(first[row - 1]) == char.ToLowerInvariant(second[column - 1]);
                int replaced = previous[column - 1] + (same ? 0 : 1);
                current[column] = Math.Min(replaced, Math.Min(previous[column], current[column - 1]) + 1);
            }

            (previous, current) = (current, previous);
        }

        return previous[second.Length];
    }
}
