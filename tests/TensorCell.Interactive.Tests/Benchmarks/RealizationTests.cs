using TensorCell.Interactive.Benchmarks;

namespace TensorCell.Interactive.Tests.Benchmarks;

public class RealizationTests
{
    private sealed class Lazy
    {
        public int Count { get; private set; }

        public Lazy Realize()
        {
            Count++;
            return this;
        }
    }

    [Fact]
    public void Realises_what_offers_it_in_tuples_and_collections()
    {
        var lazy = new Lazy();
        object?[] values =
        [
            lazy, (1, lazy), (1, 2, 3, 4, 5, 6, 7, 8, lazy), new[] { lazy }, new List<Lazy> { lazy }, new Dictionary<string, Lazy> { ["a"] = lazy },
            new object?[] { null, "text", lazy }, ((1, lazy), 2),
        ];
        foreach (var value in values)
        {
            Assert.True(Realization.Applies(value));
            Realization.Realize(value);
        }

        Assert.Equal(values.Length, lazy.Count);
    }

    [Fact]
    public void Leaves_the_rest_alone()
    {
        object?[] values = [null, "text", 1, (1, 2), new[] { 1.0 }, new List<int> { 1 }, Endless()];
        foreach (var value in values)
        {
            Assert.False(Realization.Applies(value));
            Realization.Realize(value);
        }
    }

    private static IEnumerable<int> Endless()
    {
        while (true)
        {
            yield return 1;
        }
    }
}
