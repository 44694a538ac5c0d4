using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Which memory a program changes.</summary>
internal static class StoredViews
{
    /// <summary>The views and shared arrays that some statement stores to.</summary>
    public static HashSet<MemoryOperand> Of(GridProgram program)
    {
        var stored = new HashSet<MemoryOperand>(ReferenceEqualityComparer.Instance);
        Collect(program.Body, stored);
        return stored;
    }

    private static void Collect(Region region, HashSet<MemoryOperand> stored)
    {
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case StoreStatement store:
                    stored.Add(store.Target);
                    break;
                case AtomicStatement atomic:
                    stored.Add(atomic.Target);
                    break;
                case IfStatement branch:
                    Collect(branch.Then, stored);
                    Collect(branch.Else, stored);
                    break;
                case LoopStatement loop:
                    Collect(loop.Body, stored);
                    break;
            }
        }
    }
}
