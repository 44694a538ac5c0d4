using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using TensorCell.Interactive;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.CSharp;
using TensorCell.Jupyter.Sessions;

namespace TensorCell.Jupyter.Tests;

/// <summary>The types that cells refer to are the same for all cells, whichever were compiled at the same time.</summary>
public sealed class CSharpReferencesTests
{
    [Fact]
    public void Compilations_begun_at_the_same_time_agree_on_what_a_tensor_is()
    {
        for (int round = 0; round < 5; round++)
        {
            CSharpCompilation bound = PlatformReferences.Bind();
            using var start = new Barrier(2);
            INamedTypeSymbol[] tensors = new INamedTypeSymbol[2];
            Thread[] threads = [.. Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                tensors[i] = TensorOf(bound);
            }))];
            Array.ForEach(threads, thread => thread.Start());
            Array.ForEach(threads, thread => thread.Join());
            Assert.Equal(tensors[0], tensors[1], SymbolEqualityComparer.Default);
            GC.KeepAlive(bound);
        }
    }

    [Fact]
    public void A_compilation_agrees_with_those_that_are_long_gone()
    {
        CSharpCompilation bound = PlatformReferences.Bind();
        int first = RuntimeHelpers.GetHashCode(TensorOf(bound));
        for (int round = 0; round < 3; round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            Assert.Equal(first, RuntimeHelpers.GetHashCode(TensorOf(bound)));
        }

        GC.KeepAlive(bound);
    }

    [Fact]
    public async Task What_is_referred_to_later_is_known_to_the_cells_after_it_and_to_completion()
    {
        var csharp = new CSharpSession([]);
        await csharp.RunAsync(csharp.Compile("var before = 1;", "cell 1"));
        Assert.Throws<CodeException>(() => csharp.Compile("typeof(FsCheck.Config)", "cell 2"));
        await csharp.ReferAsync([typeof(FsCheck.Config).Assembly.Location]);
        await csharp.RunAsync(csharp.Compile("var type = typeof(FsCheck.Config).Name + before;", "cell 3"));
        Assert.Equal("Config1", csharp.Find("type")!.Value);

        await using var notebook = new NotebookSession();
        using var assistant = new SessionAssistant(csharp, MagicRegistry.Default, notebook);
        CompletionResult completions = await assistant.CompleteAsync("FsCheck.", 8, CancellationToken.None);
        Assert.Contains(completions.Items, item => item.Text == "Config");
    }

    private static INamedTypeSymbol TensorOf(CSharpCompilation bound) =>
        CSharpCompilation.CreateScriptCompilation("Test", references: bound.ExternalReferences).GetTypeByMetadataName("TensorCell.Tensors.Tensor")!;
}
