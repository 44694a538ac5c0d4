namespace TensorCell.Benchmarks.Worker;

/// <summary>A case that a worker process does again and again.</summary>
public interface IWork
{
    /// <summary>Does it once and returns a number computed from the result; null where there is none to compare.</summary>
    double? Check();

    /// <summary>Makes ready what the next run needs and what is no part of it.</summary>
    void Prepare()
    {
    }

    /// <summary>Does it once: what is timed.</summary>
    void Run();
}
