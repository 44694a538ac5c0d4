namespace TensorCell.Interactive;

/// <summary>Functions that every cell can call by their bare names, as in other .NET notebooks.</summary>
public static class NotebookFunctions
{
    /// <summary>HTML to be shown as it is.</summary>
    public static RichContent HTML(string content) => new("text/html", content);

    /// <summary>Markdown to be rendered.</summary>
    public static RichContent Markdown(string content) => new("text/markdown", content);

    /// <summary>JavaScript that the notebook's page runs.</summary>
    public static RichContent Javascript(string content) => new("application/javascript", content);

    /// <summary>An SVG picture.</summary>
    public static RichContent Svg(string content) => new("image/svg+xml", content);

    /// <summary>LaTeX to be typeset.</summary>
    public static RichContent Latex(string content) => new("text/latex", content);
}
