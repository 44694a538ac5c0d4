using System.Text.Json;
using System.Text.RegularExpressions;
using TensorCell.Data;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

/// <summary>Figures: their data, their JSON and their HTML.</summary>
public sealed partial class ChartsFigureTests
{
    [Fact]
    public void Data_may_be_a_tensor_a_column_or_any_sequence()
    {
        ChartValues tensor = Tensor.Arange(3);
        ChartValues column = Column.From("x", new double[] { 1, 2 });
        ChartValues text = Column.From("t", ["p", null]);

        Assert.Equal([0, 1, 2], tensor.Numbers.ToArray());
        Assert.Equal([1, 2], column.Numbers.ToArray());
        Assert.Equal(["p", ""], text.Texts.ToArray());
        Assert.Equal(3, ((ScatterTrace)Chart.Line(Tensor.Arange(3), Tensor.Arange(3) * 2, "line").Traces[0]).X.Count);
        Assert.Equal(ChartValueKind.Number, ChartValues.From(new decimal?[] { 1, null }).Kind);
        Assert.Equal(ChartValueKind.Text, ChartValues.From(new object[] { 1, "a" }).Kind);
        Assert.Equal(ChartValueKind.Date, ChartValues.From([new DateOnly(2026, 1, 1)]).Kind);
        Assert.Equal("2026-01-01", ChartValues.From([new DateOnly(2026, 1, 1)]).Text(0));
    }

    [Fact]
    public void A_chart_keeps_what_it_showed()
    {
        double[] values = [1, 2];
        var figure = Chart.Line(values);
        values[0] = 99;
        Assert.Equal(1, ((ScatterTrace)figure.Traces[0]).Y.Numbers[0]);
    }

    [Fact]
    public void Changing_a_figure_makes_another_one()
    {
        var figure = Chart.Line([1.0, 2]);
        var titled = figure.Title("later").X("time", log: true).Y(minimum: 0);
        Assert.Null(figure.Layout.Title);
        Assert.True(titled.Layout.X is { Title: "time", Log: true });
        Assert.Equal(0, titled.Y("value").Layout.Y.Minimum);
        Assert.Equal(2, (figure + titled).Traces.Count);
    }

    [Fact]
    public void Lengths_that_differ_are_named()
    {
        var error = Assert.Throws<ArgumentException>(() => Chart.Bar(["a", "b"], [1.0]));
        Assert.Equal("bar: categories has 2 values, values has 1; each needs one for every point", error.Message);
        Assert.Contains("[2, 2, 2]", Assert.Throws<ArgumentException>(() => Chart.Heatmap(Tensor.Zeros((2, 2, 2)))).Message);
    }

    [Fact]
    public void The_JSON_is_Plotlys()
    {
        using var json = JsonDocument.Parse(Chart.Bar(["<b>", "b"], [1, double.NaN], "n", errors: [0.1, 0.2]).Title("T").Y("v", log: true, unit: "s").ToJson());
        var bar = json.RootElement.GetProperty("data")[0];
        Assert.Equal("bar", bar.GetProperty("type").GetString());
        Assert.Equal("&lt;b&gt;", bar.GetProperty("x")[0].GetString());
        Assert.Equal(JsonValueKind.Null, bar.GetProperty("y")[1].ValueKind);
        Assert.Equal(0.2, bar.GetProperty("error_y").GetProperty("array")[1].GetDouble());
        var layout = json.RootElement.GetProperty("layout");
        Assert.Equal("T", layout.GetProperty("title").GetProperty("text").GetString());
        Assert.Equal("log", layout.GetProperty("yaxis").GetProperty("type").GetString());
        Assert.Equal("category", layout.GetProperty("xaxis").GetProperty("type").GetString());
    }

    [Fact]
    public void A_box_of_a_large_sample_travels_as_its_five_numbers()
    {
        var json = Chart.Box(Enumerable.Range(0, 100_000)).ToJson();
        Assert.True(json.Length < 3000);
        Assert.Contains("\"median\":[49999.5]", json);
    }

    [Fact]
    public void The_output_is_Plotly_HTML_and_text()
    {
        var bundle = MimeBundles.Of(Chart.Line([1.0, 2]).Title("T"));
        Assert.Equal(["application/vnd.plotly.v1+json", "text/html", "text/plain"], bundle.Data.Keys.Order());
        Assert.StartsWith("T\n  line: 2 points", bundle.Data["text/plain"]);
        Assert.Contains("<img ", bundle.Data["text/html"]);
        Assert.DoesNotContain("http://", PictureFree(bundle.Data["text/html"]));
        Assert.DoesNotContain("https://", PictureFree(bundle.Data["text/html"]));
    }

    [Fact]
    public void The_same_chart_is_the_same_text_every_time() =>
        Assert.Equal(MimeBundles.Of(Chart.Violin([1.0, 2, 3])).Data["text/html"], MimeBundles.Of(Chart.Violin([1.0, 2, 3])).Data["text/html"]);

    [Fact]
    public void No_text_of_a_chart_leaves_its_script()
    {
        var html = MimeBundles.Of(Chart.Bar(["</script><script>alert(1)</script>", "<!--"], [1, 2], "</script>").Title("</script>").Legend()).Data["text/html"];
        Assert.Single(ScriptEnd().Matches(html));
        Assert.Single(ScriptStart().Matches(html));
        Assert.DoesNotContain("<!--", html);
    }

    [Fact]
    public void The_bundled_script_can_stand_in_a_page()
    {
        Assert.SkipWhen(PlotlyBundle.Script is null, "the build had no npm to fetch plotly.js with");
        Assert.Single(ScriptEnd().Matches(PlotlyBundle.LoaderHtml));
        Assert.Contains("plotly.js", PlotlyBundle.Script![..100]);
    }

    private static string PictureFree(string html) => Picture().Replace(html, "");

    [GeneratedRegex("src=\"data:[^\"]*\"")]
    private static partial Regex Picture();

    [GeneratedRegex("</script", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptEnd();

    [GeneratedRegex("<script", RegexOptions.IgnoreCase)]
    private static partial Regex ScriptStart();
}
