using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Passes;

/// <summary>Which memory a program changes.</summary>
internal static class StoredViews
{
    /// <summary>The views and shared arrays that some statement stores to.</summary>
    public static HashSet<MemoryOperand> Of(GridProgram program) =>
        [.. program.Body.Descendants().Select(statement => statement.Target).OfType<MemoryOperand>()];

    /// <summary>
    /// Whether every item stores its own element of a view before any item reads one: then, over a space of the view's extents, what the view
    /// held before does not matter.
    /// </summary>
    public static bool IsFilled(GridProgram program, ViewOperand view) =>
        program.GroupExtents.IsEmpty && !IsReadBefore(program.Body, view, program.Rank, isFilled: false, out var isFilled) && isFilled;

    /// <summary>Whether a region may read the view before the item's own element is stored, and whether that is stored behind it.</summary>
    private static bool IsReadBefore(Region region, ViewOperand view, int rank, bool isFilled, out bool isFilledAfter)
    {
        var isRead = false;
        foreach (var statement in region.Statements)
        {
            switch (statement)
            {
                case LoadStatement load when load.Source == view:
                    isRead |= !isFilled || !IndexNode.AreOwn(load.Indices, rank);
                    break;
                case AtomicStatement atomic when atomic.Target == view:
                    isRead = true;
                    break;
                case StoreStatement store when store.Target == view:
                    isFilled |= IndexNode.AreOwn(store.Indices, rank);
                    break;
                case IfStatement branch:
                    isRead |= IsReadBefore(branch.Then, view, rank, isFilled, out var isFilledByThen);
                    isRead |= IsReadBefore(branch.Else, view, rank, isFilled, out var isFilledByElse);
                    isFilled = isFilledByThen && isFilledByElse;
                    break;
                case LoopStatement loop:
                    isRead |= IsReadBefore(loop.Body, view, rank, isFilled, out isFilled);
                    break;
            }
        }

        isFilledAfter = isFilled;
        return isRead;
    }
}
