using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>All that one step of an <see cref="Optimizer"/> changes, gathered so that it is computed together.</summary>
public sealed class StepUpdate
{
    private readonly List<Tensor> targets = [];
    private readonly List<Tensor> sources = [];

    internal StepUpdate()
    {
    }

    /// <summary>Has a tensor get new elements at the end of the step.</summary>
    /// <param name="target">A parameter, or what is kept for it.</param>
    /// <param name="source">Its new elements, pending, of its shape.</param>
    public void Assign(Tensor target, Tensor source)
    {
        targets.Add(target);
        sources.Add(source);
    }

    internal void Run() => Tensor.AssignAll(
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(targets), System.Runtime.InteropServices.CollectionsMarshal.AsSpan(sources));
}
