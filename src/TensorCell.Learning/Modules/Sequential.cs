using System.Collections;
using System.Runtime.CompilerServices;
using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>
/// Modules one after the other: <c>Sequential model = [new Linear(784, 128), new Relu(), new Linear(128, 10)];</c>. Its parameters are called
/// <c>0.weight</c>, <c>0.bias</c>, <c>2.weight</c>, as PyTorch calls them.
/// </summary>
[CollectionBuilder(typeof(Sequential), nameof(Of))]
public sealed class Sequential : Module, IReadOnlyList<Module>
{
    [StateName("")]
    private readonly List<Module> modules = [];

    /// <summary>Modules in the order in which they compute.</summary>
    public Sequential(params ReadOnlySpan<Module> modules)
    {
        foreach (Module module in modules)
        {
            Add(module);
        }
    }

    /// <summary>How many modules there are.</summary>
    public int Count => modules.Count;

    /// <summary>A module by its place.</summary>
    public Module this[int index] => modules[index];

    /// <summary>Modules in the order in which they compute.</summary>
    public static Sequential Of(ReadOnlySpan<Module> modules) => new(modules);

    /// <summary>Appends a module.</summary>
    public void Add(Module module)
    {
        ArgumentNullException.ThrowIfNull(module);
        modules.Add(module);
    }

    /// <summary>Some of the modules, which stay shared: <c>model[..^1]</c>.</summary>
    /// <param name="start">The first one's place.</param>
    /// <param name="length">How many.</param>
    public Sequential Slice(int start, int length) => new([.. modules.GetRange(start, length)]);

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input)
    {
        foreach (Module module in modules)
        {
            input = module[input];
        }

        return input;
    }

    /// <inheritdoc/>
    public IEnumerator<Module> GetEnumerator() => modules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
