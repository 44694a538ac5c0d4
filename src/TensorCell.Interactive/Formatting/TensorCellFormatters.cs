using Microsoft.DotNet.Interactive.Formatting;

namespace TensorCell.Interactive;

/// <summary>Registers how this library's types, and the everyday ones, are shown.</summary>
public static class TensorCellFormatters
{
    private const string PlotlyMimeType = "application/vnd.plotly.v1+json";
    private static readonly Lock gate = new();
    private static bool registered;

    /// <summary>Registers all formatters with Microsoft.DotNet.Interactive.Formatting; once, however often it is called.</summary>
    public static void Register()
    {
        lock (gate)
        {
            if (registered)
            {
                return;
            }

            registered = true;
            Formatter.SetPreferredMimeTypesFor(typeof(Figure), PlotlyMimeType, HtmlFormatter.MimeType, PlainTextFormatter.MimeType);
            Formatter.Register<Figure>(figure => figure.ToJson(), PlotlyMimeType);
            Formatter.Register<Figure>(figure => ChartHtml.Write(figure), HtmlFormatter.MimeType);
            Formatter.Register<Figure>(figure => figure.ToString(), PlainTextFormatter.MimeType);
        }
    }
}
