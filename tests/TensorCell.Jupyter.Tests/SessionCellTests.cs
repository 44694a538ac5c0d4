namespace TensorCell.Jupyter.Tests;

/// <summary>What a cell shows, and what it leaves to the next.</summary>
public sealed class SessionCellTests : IAsyncDisposable
{
    private readonly SessionHarness harness = new();

    public ValueTask DisposeAsync() => harness.DisposeAsync();

    [Theory]
    [InlineData("1 + 1", "2")]
    [InlineData("int x = 4; x", "4")]
    [InlineData("await Task.FromResult(7)", "7")]
    [InlineData("await Task.Yield(); 8", "8")]
    [InlineData("return 9;", "9")]
    public async Task Shows_the_last_expression(string code, string expected) =>
        Assert.Equal(expected, (await harness.Run(code)).ValueText);

    [Theory]
    [InlineData("int x = 4; x++;")]
    [InlineData("int x = 4;")]
    [InlineData("")]
    [InlineData("// nothing")]
    [InlineData("await Task.Delay(1)")]
    public async Task Shows_nothing_for_a_statement(string code) => Assert.Null((await harness.Run(code)).Value);

    [Fact]
    public async Task Keeps_variables_types_usings_and_methods()
    {
        await harness.Run("using System.Numerics; int count = 3;");
        await harness.Run("record Point(int X, int Y); int Twice(int value) => value * 2;");
        await harness.Run("var points = Enumerable.Range(0, count).Select(i => new Point(i, Twice(i))).ToList();");
        Assert.Equal("Point { X = 2, Y = 4 }", (await harness.Run("points[^1].ToString()")).ValueText);
        Assert.Equal("<1, 1>", (await harness.Run("Vector2.One.ToString()")).ValueText);
    }
}
