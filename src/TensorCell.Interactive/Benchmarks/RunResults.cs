using System.Collections;
using System.Runtime.CompilerServices;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Benchmarks;

/// <summary>
/// Lets go of each run's tensors once the next run has its own, as Python does when a name gets another value: else every run would pay for
/// memory fresh from the system. Only tensors that a run left pending are disposed, and none that the notebook's variables hold.
/// </summary>
/// <param name="variables">The notebook's variables before the first run.</param>
internal sealed class RunResults(IEnumerable<NotebookVariable> variables)
{
    private readonly HashSet<object> held = new(
        variables.SelectMany(variable => Within(variable.Value, 2)), ReferenceEqualityComparer.Instance);

    private List<Tensor> seen = [];
    private List<Tensor> seenBefore = [];
    private List<Tensor> made = [];
    private List<Tensor> madeBefore = [];
    private bool isShared;

    /// <summary>Takes note of a run's value, or of what a variable it assigns holds now, before it is realised.</summary>
    public void Add(object? value)
    {
        if (value is Tensor tensor)
        {
            if (!held.Contains(tensor))
            {
                Add(tensor);
            }
        }
        else if (value is ITuple tuple)
        {
            for (var i = 0; i < tuple.Length; i++)
            {
                Add(tuple[i]);
            }
        }
    }

    /// <summary>Ends a run: disposes what the one before made, unless this one still has it.</summary>
    public void EndRun()
    {
        if (!isShared)
        {
            foreach (var tensor in madeBefore)
            {
                if (!seen.Contains(tensor))
                {
                    tensor.Dispose();
                }
            }
        }

        (made, madeBefore) = (madeBefore, made);
        (seen, seenBefore) = (seenBefore, seen);
        made.Clear();
        seen.Clear();
    }

    private void Add(Tensor tensor)
    {
        seen.Add(tensor);
        if (tensor.IsView)
        {
            // A view that outlives its run may show what an earlier run made.
            isShared |= seenBefore.Contains(tensor);
        }
        else if (tensor.IsPending && !made.Contains(tensor))
        {
            made.Add(tensor);
        }
    }

    private static IEnumerable<object> Within(object? value, int depth) => value switch
    {
        Tensor => [value],
        ITuple tuple when depth > 0 => Enumerable.Range(0, tuple.Length).SelectMany(i => Within(tuple[i], depth - 1)),
        IDictionary dictionary when depth > 0 => dictionary.Values.Cast<object?>().SelectMany(element => Within(element, depth - 1)),
        ICollection collection when depth > 0 && Realization.HoldsObjects(collection) =>
            collection.Cast<object?>().SelectMany(element => Within(element, depth - 1)),
        _ => [],
    };
}
