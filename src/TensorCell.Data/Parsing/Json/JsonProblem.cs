namespace TensorCell.Data.Parsing.Json;

/// <summary>What is wrong with a text that should be JSON.</summary>
internal readonly unsafe struct JsonProblem
{
    public JsonProblem(byte* at, string expected)
    {
        At = at;
        Expected = expected;
    }

    /// <summary>Where.</summary>
    public byte* At { get; }

    /// <summary>What should be there.</summary>
    public string Expected { get; }
}
