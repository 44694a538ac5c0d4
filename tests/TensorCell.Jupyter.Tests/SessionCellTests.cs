using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Emit;
using TensorCell.Jupyter.CSharp;

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

    [Fact]
    public async Task References_an_assembly_and_its_neighbour_by_path()
    {
        string folder = Directory.CreateTempSubdirectory("tensorcell-reference").FullName;
        try
        {
            string inner = Compile(folder, "InnerLibrary", "namespace Inner; public class Number { public int Value => 5; }");
            string outer = Compile(folder, "OuterLibrary", "namespace Outer; public class Twice { public int Value => 2 * new Inner.Number().Value; }", inner);
            await harness.Run($"#r \"{outer}\"\nusing Outer;");
            Assert.Equal("10", (await harness.Run("new Twice().Value")).ValueText);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_missing_reference_is_an_error() =>
        Assert.Contains("no-such.dll", (await harness.Fail("#r \"no-such.dll\"\n1")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Two_hundred_cells_in_a_row_work()
    {
        await harness.Run("int sum = 0;");
        for (int i = 0; i < 200; i++)
        {
            await harness.Run($"int value{i} = {i}; sum += value{i};");
        }

        Assert.Equal("19900", (await harness.Run("sum")).ValueText);
    }

    private static string Compile(string folder, string name, string code, params string[] references)
    {
        string file = Path.Combine(folder, name + ".dll");
        EmitResult result = CSharpCompilation.Create(
            name,
            [CSharpSyntaxTree.ParseText(code)],
            [.. PlatformReferences.All, .. references.Select(reference => MetadataReference.CreateFromFile(reference))],
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary)).Emit(file);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics));
        return file;
    }
}
