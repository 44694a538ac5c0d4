namespace TensorCell.Interactive.Benchmarks;

/// <summary>What runs along while the code of a cell does, and rests while its outputs are shown.</summary>
internal interface ICellMeter
{
    /// <summary>Begins a stretch.</summary>
    void Resume();

    /// <summary>Ends it.</summary>
    void Pause();
}
