using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

/// <summary>The static picture is sound whatever the data.</summary>
public sealed class ChartsSvgTests
{
    private static readonly double[] awkward =
        [0, -0.0, 1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, double.MinValue, double.Epsilon, 1e-300, 1e300];

    private static readonly Gen<double> number = Gen.OneOf(Gen.Elements(awkward), ArbMap.Default.GeneratorFor<double>(), Gen.Choose(-20, 20).Select(i => i / 4.0));

    private static readonly Gen<string> name = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""),
        Gen.Elements("a", "b", "<script>alert(1)</script>", "\"'&\u0000\uFFFF\uD800", "]]>", "</svg>"));

    private static readonly Gen<Trace> trace = Gen.OneOf(Bars(), Scatters(), Samples(), Heatmaps(), Regions());

    private static readonly Gen<Figure> figure =
        from traces in trace.ArrayOf(4)
        from title in name
        from logX in ArbMap.Default.GeneratorFor<bool>()
        from logY in ArbMap.Default.GeneratorFor<bool>()
        from low in number
        from high in number
        from mark in number
        from stacked in ArbMap.Default.GeneratorFor<bool>()
        select Finish(new Figure { Traces = [.. traces] }.Title(title), logX, logY, low, high, mark, stacked, title);

    [Theory]
    [InlineData(double.NaN, double.NaN, "NaN")]
    [InlineData(double.NegativeInfinity, 1, "±∞")]
    [InlineData(double.NaN, double.PositiveInfinity, "NaN, ±∞")]
    public void Cells_without_a_number_are_hatched_and_named(double first, double second, string label)
    {
        var map = Chart.Heatmap(new[,] { { first, 1, 2 }, { 3, second, 4 } });
        var svg = map.ToSvg();
        Assert.Equal(1, svg.Split("<pattern id=\"off-scale\"").Length - 1);
        Assert.Equal(2, svg.Split("fill=\"url(#off-scale)\"").Length - 1);
        Assert.Contains($">{WebUtility.HtmlEncode(label)}</text>", svg, StringComparison.Ordinal);
        using var plotly = JsonDocument.Parse(map.ToJson());
        var trace = plotly.RootElement.GetProperty("data")[1];
        Assert.Equal(label, trace.GetProperty("name").GetString());
        Assert.Equal(0, trace.GetProperty("z")[0][0].GetDouble());
        Assert.Equal(JsonValueKind.Null, trace.GetProperty("z")[0][1].ValueKind);
    }

    [Fact]
    public void A_map_of_numbers_has_no_hatch()
    {
        var map = Chart.Heatmap(new[,] { { 0.0, 1 }, { 2, 3 } });
        Assert.DoesNotContain("off-scale", map.ToSvg(), StringComparison.Ordinal);
        using var plotly = JsonDocument.Parse(map.ToJson());
        Assert.Equal(1, plotly.RootElement.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public void Labels_of_a_colour_bar_are_inside_the_picture()
    {
        var figure = Chart.Heatmap(new[,] { { 1234567.0001, 1234567.0004 }, { 1234567.0006, 1234567.0009 } }).Size(420, 260);
        var labels = XDocument.Parse(figure.ToSvg()).Descendants().Where(element => element.Name.LocalName == "text" && (string?)element.Attribute("font-size") == "11" && element.Attribute("text-anchor") is null);
        Assert.NotEmpty(labels);
        Assert.All(labels, label => Assert.InRange((double)label.Attribute("x")! + SvgWriter.WidthOf(label.Value, 11), 0, 420));
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(-1, 0)]
    [InlineData(1, -0.5)]
    public void A_violin_reaches_over_zero_only_where_values_do(int sign, double shift)
    {
        double[] values = [.. Enumerable.Range(0, 200).Select(i => sign * ((i / 200.0) + shift))];
        var outline = Density.Of(values);
        Assert.Equal(shift < 0, outline[0].Value < 0 && outline[^1].Value > 0);
        Assert.Equal(1, outline.Max(point => point.Density));
        using var plotly = JsonDocument.Parse(Chart.Violin(values).ToJson());
        var span = plotly.RootElement.GetProperty("data")[0].GetProperty("span");
        Assert.Equal(outline[0].Value, span[0].GetDouble(), 9);
        Assert.Equal(outline[^1].Value, span[1].GetDouble(), 9);
    }

    [Fact]
    public void Any_figure_is_well_formed_and_every_coordinate_is_a_number() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400), Prop.ForAll(figure.ToArbitrary(), drawn =>
        {
            var svg = drawn.ToSvg();
            AssertSound(svg);
            JsonDocument.Parse(drawn.ToJson()).Dispose();
        }));

    [Fact]
    public void Any_figure_has_a_summary_in_text() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(figure.ToArbitrary(), drawn => Assert.NotEmpty(drawn.ToString())));

    [Fact]
    public void A_bar_chart_has_a_rectangle_of_the_right_height_for_each_value()
    {
        var document = XDocument.Parse(Chart.Bar(["a", "b", "c"], [1.0, 2, 4]).ToSvg());
        var heights = Elements(document, "rect").Where(e => (string?)e.Attribute("fill") == Palette.Categories[0]).Select(e => (double)e.Attribute("height")!).ToArray();

        Assert.Equal(3, heights.Length);
        Assert.Equal(2 * heights[0], heights[1], 0.1);
        Assert.Equal(4 * heights[0], heights[2], 0.1);
    }

    [Fact]
    public void Regions_take_the_colours_of_the_points_on_them()
    {
        var points = Chart.Scatter([0.0, 1, 2], [0.0, 1, 2], by: (string[])["b", "a", "b"]);
        var figure = points + Chart.DecisionSurface(plane => plane, (-2, 2), (-1, 1), ["a", "b"], resolution: 40);
        var regions = (RegionTrace)figure.Traces[^1];
        Assert.Equal([Palette.Categories[1], Palette.Categories[0]], regions.Colors(figure));

        // Of points (x, y) taken as the scores of two classes, the greater coordinate wins; below the diagonal x does.
        Assert.Equal(0, regions.Classes[39]);
        Assert.Equal(1, regions.Classes[39 * 40]);
        Assert.InRange(regions.Confidence![39], 0.85, 1);
        Assert.Contains("image", figure.ToSvg());
        Assert.Contains("b: 50 % of the plane", figure.ToString().Replace("51 %", "50 %").Replace("49 %", "50 %"));
        Assert.Contains("rgba(", figure.ToJson());
    }

    [Fact]
    public void One_score_decides_between_two_classes_by_its_sign()
    {
        var regions = (RegionTrace)Chart.DecisionSurface(plane => plane[.., 0] * 9, (-1, 1), (-1, 1), resolution: 10).Traces[0];
        Assert.Equal(Enumerable.Range(0, 100).Select(cell => cell % 10 < 5 ? 0 : 1), regions.Classes);
        Assert.Contains("[100, 2]", Assert.Throws<ArgumentException>(() => Chart.DecisionSurface(_ => Tensor.Ones(3), (0, 1), (0, 1), resolution: 10)).Message);
        Assert.Contains("3 names for 2", Assert.Throws<ArgumentException>(() => Chart.DecisionSurface(x => x, (0, 1), (0, 1), ["a", "b", "c"], 10)).Message);
        Assert.Contains("is empty", Assert.Throws<ArgumentException>(() => Chart.DecisionSurface(x => x, (1, 1), (0, 1))).Message);
    }

    [Fact]
    public void A_log_axis_puts_equal_ratios_at_equal_distances()
    {
        var document = XDocument.Parse(Chart.Scatter([1, 2, 3], [1.0, 10, 100]).Y(log: true).ToSvg());
        var heights = Elements(document, "circle").Select(e => (double)e.Attribute("cy")!).ToArray();
        Assert.Equal(heights[0] - heights[1], heights[1] - heights[2], 0.05);
    }

    [Fact]
    public void A_gap_in_the_data_is_a_gap_in_the_line()
    {
        var document = XDocument.Parse(Chart.Line([1, 2, 3, 4, 5], [1.0, 2, double.NaN, 4, 5]).ToSvg());
        Assert.Equal(2, Elements(document, "path").Count());
    }

    [Fact]
    public void A_long_line_keeps_its_extremes_and_stays_small()
    {
        var y = Enumerable.Range(0, 1_000_000).Select(i => Math.Sin(i / 1000.0)).ToArray();
        y[123_456] = 7;
        var line = Chart.Line(y);
        Assert.True(line.ToSvg().Length < 400_000);
        Assert.Contains(",7,", line.ToJson());
    }

    [Fact]
    public void A_large_matrix_is_drawn_from_the_means_of_its_blocks()
    {
        var map = Decimation.Of((HeatmapTrace)Chart.Heatmap(new double[1000 * 700].Select((_, i) => i / 700.0).ToArray(), 1000, 700).Traces[0]);
        Assert.Equal((256, 256), (map.Rows, map.Columns));
        Assert.Equal(1000 / 256.0, map.RowStride);
        Assert.Equal(500, map.Values.Numbers.ToArray().Average(), 1.0);
    }

    [Theory]
    [InlineData(0.000002, "2 µs")]
    [InlineData(0.02, "20 ms")]
    [InlineData(0, "0 s")]
    [InlineData(-3, "−3 s")]
    public void Ticks_with_a_unit_take_SI_prefixes(double value, string label) =>
        Assert.Equal(label, Ticks.Label(value, value == 0 ? 1 : value, "s"));

    [Fact]
    public void Linear_ticks_are_even_round_and_within_the_range() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000), Prop.ForAll(
            (from low in Gen.Choose(-100000, 100000) from span in Gen.Choose(1, 100000) from scale in Gen.Choose(-9, 9) select (Low: low * Math.Pow(10, scale), High: (low + span) * Math.Pow(10, scale))).ToArbitrary(),
            range =>
            {
                var ticks = Ticks.Linear(range.Low, range.High, 6, null);
                var slack = (range.High - range.Low) * 1e-6;
                Assert.InRange(ticks.Count, 2, 13);
                Assert.All(ticks, tick => Assert.InRange(tick.Value, range.Low - slack, range.High + slack));
                Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
            }));

    [Theory]
    [InlineData(1.8439e13, 1.8445e13)]
    [InlineData(1e-4, 1.00001e-4)]
    [InlineData(-3.000000001, -3)]
    [InlineData(1e6, 1e6 + 1)]
    [InlineData(-2.5e-7, 2.5e-7)]
    public void Ticks_far_from_zero_have_labels_of_their_own(double low, double high)
    {
        foreach (var unit in (string?[])[null, "s", "%"])
        {
            var ticks = Ticks.Linear(low, high, 6, unit);
            Assert.InRange(ticks.Count, 2, 13);
            Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
            Assert.All(ticks, tick => Assert.True(tick.Label.Length < 24, tick.Label));
            TestContext.Current.SendDiagnosticMessage(string.Join("  ", ticks.Select(tick => tick.Label)));
        }
    }

    [Fact]
    public void Bins_hold_every_finite_value_once() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(number.ArrayOf().ToArbitrary(), values =>
        {
            var bins = Bins.Of(values);
            Assert.Equal(values.Count(double.IsFinite), bins.Counts.Sum());
            Assert.True(bins.Width > 0);
        }));

    internal static void AssertSound(string svg)
    {
        var document = XDocument.Parse(svg);
        Assert.Equal("svg", document.Root!.Name.LocalName);
        Assert.NotEmpty(Elements(document, "title"));
        Assert.Empty(Elements(document, "script"));
        foreach (var element in document.Descendants())
        {
            foreach (var attribute in element.Attributes().Where(a => a.Name.LocalName is "x" or "y" or "x1" or "x2" or "y1" or "y2" or "cx" or "cy" or "r" or "width" or "height"))
            {
                Assert.True(
                    double.TryParse(attribute.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value),
                    $"{element.Name.LocalName} {attribute}");
            }

            Assert.DoesNotContain(element.Attributes("d"), path => path.Value.Contains('N') || path.Value.Contains('∞'));
        }
    }

    private static IEnumerable<XElement> Elements(XDocument document, string name) => document.Descendants().Where(e => e.Name.LocalName == name);

    private static Gen<Trace> Bars() =>
        from categories in name.ArrayOf()
        from values in number.ArrayOf(categories.Length)
        from errors in number.ArrayOf(categories.Length)
        from horizontal in ArbMap.Default.GeneratorFor<bool>()
        select (Trace)new BarTrace(categories, values) { Name = "bars", Errors = errors, Labels = categories, Horizontal = horizontal };

    private static Gen<Trace> Scatters() =>
        from x in number.ArrayOf()
        from y in number.ArrayOf(x.Length)
        from colors in number.ArrayOf(x.Length)
        from mode in Gen.Elements(Enum.GetValues<ScatterMode>())
        from filled in ArbMap.Default.GeneratorFor<bool>()
        select (Trace)new ScatterTrace(x, y) { Mode = mode, Errors = y, ColorValues = filled ? (ChartValues)colors : null, Filled = filled, Dashed = filled };

    private static Gen<Trace> Samples() =>
        from values in number.ArrayOf()
        from own in name
        from horizontal in ArbMap.Default.GeneratorFor<bool>()
        from kind in Gen.Choose(0, 2)
        select kind == 0 ? new BoxTrace(values) { Name = own, Horizontal = horizontal, ShowPoints = horizontal }
            : kind == 1 ? new ViolinTrace(values) { Name = own, Horizontal = horizontal }
            : (Trace)new HistogramTrace(values) { Name = own };

    private static Gen<Trace> Heatmaps() =>
        from rows in Gen.Choose(0, 4)
        from columns in Gen.Choose(0, 4)
        from values in number.ArrayOf(rows * columns)
        from diverging in ArbMap.Default.GeneratorFor<bool>()
        select (Trace)new HeatmapTrace(values, rows, columns) { Diverging = diverging };

    private static Gen<Trace> Regions() =>
        from rows in Gen.Choose(0, 4)
        from columns in Gen.Choose(0, 4)
        from classes in Gen.Choose(-1, 2).ArrayOf(rows * columns)
        from confidence in number.ArrayOf(rows * columns)
        from names in name.ArrayOf(2)
        from low in number
        from high in number
        select (Trace)new RegionTrace(classes, rows, columns, names) { Confidence = confidence, X = (low, high), Y = (high, low) };

    private static Figure Finish(Figure start, bool logX, bool logY, double low, double high, double mark, bool stacked, string text)
    {
        var marked = start.X(text, logX, null, low, null).Y(text, logY, "s", null, high).MarkX(mark, text).MarkY(mark, text).Annotate(mark, low, text).Legend();
        return stacked ? marked.Stacked() : marked;
    }
}
