using FsCheck;
using FsCheck.Fluent;
using TensorCell.Interactive.Magics;

namespace TensorCell.Interactive.Tests.Magics;

public class EditDistanceTests
{
    [Theory]
    [InlineData("", "abc", 3)]
    [InlineData("kitten", "sitting", 3)]
    [InlineData("bench", "bnech", 1)]
    [InlineData("same", "same", 0)]
    public void Counts_differences(string first, string second, int expected) => Assert.Equal(expected, EditDistance.Between(first, second));

    [Fact]
    public void Is_symmetric_and_zero_only_between_equals()
    {
        var words = Gen.Elements('a', 'b', 'c').ListOf().Select(list => string.Concat(list)).ToArbitrary();
        Prop.ForAll(words, words, (first, second) =>
            EditDistance.Between(first, second) == EditDistance.Between(second, first)
            && (EditDistance.Between(first, second) == 0) == (first == second)).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("bnch", "bench")]
    [InlineData("COMPARE", "compare")]
    [InlineData("comp", "compare")]
    [InlineData("tim", "time")]
    [InlineData("xylophone", null)]
    public void Finds_the_nearest(string word, string? expected) =>
        Assert.Equal(expected, EditDistance.Nearest(word, ["bench", "compare", "time", "whos"]));
}
