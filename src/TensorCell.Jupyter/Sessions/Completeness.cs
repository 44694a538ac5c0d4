namespace TensorCell.Jupyter.Sessions;

/// <summary>Whether code can run as it stands, for consoles that decide what Enter does.</summary>
/// <param name="Status"><c>complete</c>, <c>incomplete</c> or <c>invalid</c>.</param>
/// <param name="Indent">For incomplete code, the white space the next line should start with.</param>
public sealed record Completeness(string Status, string Indent)
{
    /// <summary>Code that can run.</summary>
    public static Completeness Complete { get; } = new("complete", "");

    /// <summary>Code that no further line can mend.</summary>
    public static Completeness Invalid { get; } = new("invalid", "");
}
