using System.Reflection;

namespace TensorCell.Interactive;

/// <summary>
/// The plotly.js that was bundled at build. A page needs it once; charts draw themselves as soon as it is there, whichever came
/// first, and stay static pictures where it never comes.
/// </summary>
public static class PlotlyBundle
{
    /// <summary>The file that the kernel's own folder holds, which a Jupyter server serves to charts.</summary>
    public const string FileName = "plotly.min.js";

    private static readonly Lazy<string?> script = new(() => Read(FileName));

    /// <summary>The name of the kernel specification whose folder holds <see cref="FileName"/>.</summary>
    public static string KernelSpecName { get; set; } = "tensorcell";

    /// <summary>plotly.js itself; null when the build had no npm to fetch it with, and charts are static.</summary>
    public static string? Script => script.Value;

    /// <summary>
    /// HTML that loads plotly.js into a page whose host serves no kernel folder, and draws the charts already there; empty when
    /// none was bundled.
    /// </summary>
    public static string LoaderHtml => Script is null
        ? ""
        : $"<script>{Script.Replace("</script", "<\\/script", StringComparison.OrdinalIgnoreCase)}\n" +
          "dispatchEvent(new Event(\"tensorcell-plotly\"));</script>";

    /// <summary>The text of an embedded file; null when it was not embedded.</summary>
    internal static string? Read(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name);
        if (stream is null)
        {
            return null;
        }

        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
