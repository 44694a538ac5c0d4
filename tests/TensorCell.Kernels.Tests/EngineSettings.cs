namespace TensorCell.Kernels.Tests;

/// <summary>Tests that change settings of the whole process, such as thread count, vector width and memory budget: they run alone.</summary>
[CollectionDefinition(nameof(EngineSettings), DisableParallelization = true)]
public sealed class EngineSettings;
