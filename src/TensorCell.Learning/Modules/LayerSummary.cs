using TensorCell.Tensors;

namespace TensorCell.Learning;

/// <summary>One module of a <see cref="ModuleSummary"/>.</summary>
/// <param name="Name">Its place, as in the names of its parameters; empty for the outermost.</param>
/// <param name="Description">What it is.</param>
/// <param name="Depth">How many modules it is inside of.</param>
/// <param name="OutputShape">What it returned last, if it was called by its indexer.</param>
/// <param name="ParameterCount">Elements of its parameters, with those of what it consists of.</param>
/// <param name="ByteSize">Bytes of its parameters and buffers, with those of what it consists of.</param>
public sealed record LayerSummary(string Name, string Description, int Depth, Shape? OutputShape, long ParameterCount, long ByteSize);
