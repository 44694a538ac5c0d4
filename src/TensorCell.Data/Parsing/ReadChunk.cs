namespace TensorCell.Data.Parsing;

/// <summary>A chunk whose rows are known.</summary>
/// <param name="Number">Its number, from 0.</param>
/// <param name="Start">Offset of its first record.</param>
/// <param name="End">Offset after its last record.</param>
/// <param name="FirstRow">The frame's row that its first record is.</param>
/// <param name="Rows">How many rows it has.</param>
internal readonly record struct ReadChunk(int Number, long Start, long End, int FirstRow, int Rows);
