namespace TensorCell.Data.Parsing.Json;

/// <summary>A value looks like a number and is none, so that its line is bad, which had to be known when its row was counted.</summary>
internal sealed class MalformedNumberException : Exception;
