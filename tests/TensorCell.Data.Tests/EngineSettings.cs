namespace TensorCell.Data.Tests;

/// <summary>Tests that change settings of the whole process, such as thread count and vector width: they run alone.</summary>
[CollectionDefinition(nameof(EngineSettings), DisableParallelization = true)]
public sealed class EngineSettings;
