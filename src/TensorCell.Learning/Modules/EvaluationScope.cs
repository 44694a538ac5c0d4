namespace TensorCell.Learning;

/// <summary>A stretch of code in which a module and all it consists of behave as in use; see <see cref="Module.InUse"/>.</summary>
public sealed class EvaluationScope : IDisposable
{
    private readonly Module[] training;

    internal EvaluationScope(Module module)
    {
        training = [.. module.Modules().Where(part => part.IsTraining)];
        foreach (Module part in training)
        {
            part.SetTraining(false);
        }
    }

    /// <summary>Has those behave as in training again that did so before.</summary>
    public void Dispose()
    {
        foreach (Module part in training)
        {
            part.SetTraining(true);
        }
    }
}
