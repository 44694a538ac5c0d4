using System.Globalization;

namespace TensorCell.Benchmarks.Worker;

/// <summary>The words that describe a case.</summary>
public static class Sizes
{
    /// <summary>Words as numbers.</summary>
    public static int[] Of(string[] words) => [.. words.Select(word => int.Parse(word, CultureInfo.InvariantCulture))];

    /// <summary>What to throw for a case that the worker does not know.</summary>
    public static ArgumentException Unknown(string name) => new($"no case is called {name}");
}
