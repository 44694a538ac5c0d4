namespace TensorCell.Data.Parsing;

/// <summary>Bytes around every field that parsers may read.</summary>
internal static class FieldPadding
{
    public const int Before = 32;
    public const int After = 64;
}
