namespace TensorCell.Interactive;

/// <summary>The value of a piece of code's last expression.</summary>
internal static class CellResult
{
    private const string HandleOfDotNetInteractive = "Microsoft.DotNet.Interactive.DisplayedValue";

    /// <summary>Shows it as a cell shows its own: nothing for null, nor for the handle of something that <c>display</c> has shown already.</summary>
    public static void Show(INotebook notebook, object? value)
    {
        if (value is not (null or IDisplayHandle) && value.GetType().FullName != HandleOfDotNetInteractive)
        {
            notebook.Display(value);
        }
    }
}
