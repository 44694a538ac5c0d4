using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>A function as a module: <c>new Lambda(x => x.Sin())</c>. Modules that it uses are not found in it; hold them in a class of your own.</summary>
/// <param name="function">The function.</param>
/// <param name="name">What it is called in summaries.</param>
public sealed class Lambda(Func<Tensor, Tensor> function, string name = nameof(Lambda)) : Module
{
    private readonly Func<Tensor, Tensor> function = function ?? throw new ArgumentNullException(nameof(function));

    /// <inheritdoc/>
    public override Tensor Forward(Tensor input) => function(input);

    /// <inheritdoc/>
    public override string ToString() => name;
}
