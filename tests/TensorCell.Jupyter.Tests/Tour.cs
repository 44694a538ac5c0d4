using System.Text.Json.Nodes;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>The notebook that the product ships as its tour.</summary>
internal static class Tour
{
    private static readonly string folder = Path.Combine(Repository.Root, "notebooks");

    /// <summary>Copies the tour and the table it reads into a folder.</summary>
    /// <returns>The copied notebook's path.</returns>
    public static string CopyTo(string target)
    {
        foreach (var name in (string[])["tour.ipynb", "machines.csv"])
        {
            File.Copy(Path.Combine(folder, name), Path.Combine(target, name));
        }

        return Path.Combine(target, "tour.ipynb");
    }

    /// <summary>How many charts are in its outputs, as it is shipped.</summary>
    public static int CountCharts() => CountCharts("tour.ipynb");

    /// <summary>How many charts are in the outputs of a notebook, as it is shipped.</summary>
    public static int CountCharts(string name) =>
        NotebookFile.Read(Path.Combine(folder, name)).Cells.SelectMany(cell => cell.Outputs).Sum(CountCharts);

    private static int CountCharts(JsonObject output) =>
        output["data"]?["text/html"] is JsonValue html ? html.GetValue<string>().Split(" data-tensorcell-chart=").Length - 1 : 0;
}
