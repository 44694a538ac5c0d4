namespace TensorCell.Data.Parsing.Json;

/// <summary>A key of an object, as one thread knows it.</summary>
/// <param name="path">The keys on the way to it and itself, with dots between.</param>
/// <param name="keepsNested">Whether an object there is kept as it is.</param>
internal sealed class JsonKey(string path, bool keepsNested)
{
    /// <summary>The keys on the way to it and itself, with dots between.</summary>
    public string Path => path;

    /// <summary>Whether an object there is kept as it is.</summary>
    public bool KeepsNested => keepsNested;

    /// <summary>The number of its column; -1 while no value was found.</summary>
    public int Column { get; set; } = -1;

    /// <summary>The object that was found there; null while there was none.</summary>
    public JsonNode? Node { get; set; }
}
