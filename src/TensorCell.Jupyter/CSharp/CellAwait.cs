using TensorCell.Kernels;

namespace TensorCell.Jupyter.CSharp;

/// <summary>Lets an interrupt end a cell's <c>await</c> on a task that itself goes on. Called by woven cells.</summary>
public static class CellAwait
{
    /// <summary>The task, or one that ends sooner, when the cell is interrupted.</summary>
    public static Task Guard(Task task) => task.IsCompleted ? task : task.WaitAsync(Interruption.Token);

    /// <summary>The task, or one that ends sooner, when the cell is interrupted.</summary>
    public static Task<T> Guard<T>(Task<T> task) => task.IsCompleted ? task : task.WaitAsync(Interruption.Token);

    /// <summary>The task, or one that ends sooner, when the cell is interrupted.</summary>
    public static ValueTask Guard(ValueTask task) =>
        task.IsCompleted ? task : new ValueTask(task.AsTask().WaitAsync(Interruption.Token));

    /// <summary>The task, or one that ends sooner, when the cell is interrupted.</summary>
    public static ValueTask<T> Guard<T>(ValueTask<T> task) =>
        task.IsCompleted ? task : new ValueTask<T>(task.AsTask().WaitAsync(Interruption.Token));
}
