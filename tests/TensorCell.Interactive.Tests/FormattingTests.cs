using System.Collections;
using System.Net;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using TensorCell.Data;
using TensorCell.Interactive.Formatting;
using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Tests;

/// <summary>How values are shown: encoded, bounded, and never failing.</summary>
public sealed partial class FormattingTests
{
    private const string Hostile = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&";

    private static readonly Gen<string> text = Gen.OneOf(
        ArbMap.Default.GeneratorFor<string>().Select(value => value ?? ""),
        Gen.Elements(Hostile, "</pre>", "</style><b>", "\" onmouseover=\"x", "&lt;b&gt;", "<!--", "]]>"));

    [Fact]
    public void No_text_of_a_value_becomes_markup() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(150), Prop.ForAll(text.ArrayOf(3).ToArbitrary(), texts =>
        {
            foreach (var value in Values(texts))
            {
                var html = Html(value);
                Assert.DoesNotMatch(Intruder(), Trusted().Replace(html, ""));
            }
        }));

    [Fact]
    public void A_value_whose_members_fail_is_shown_all_the_same()
    {
        Assert.Contains("InvalidOperationException", Html(new Failing()));
        Assert.NotEmpty(MimeBundles.Of(new Failing()).Data["text/plain"]);
        Assert.Contains("then the sequence failed", Html(FailingSequence()));
        Assert.Contains("NotSupportedException", MimeBundles.Of(new FailingException()).Data["text/html"]);
        Assert.NotEmpty(MimeBundles.Of(new FailingCollection()).Data["text/html"]);
    }

    [Fact]
    public void An_endless_sequence_is_shown_to_its_hundredth_item()
    {
        var read = 0;
        var html = Html(Endless(() => read++));
        Assert.Contains("more than 100 items", html);
        Assert.InRange(read, 100, 130); // once for HTML and once, shorter, for text
        Assert.True(MimeBundles.Of(Endless(() => read++)).Data["text/plain"].Length < 500);
    }

    [Fact]
    public void Objects_in_a_sequence_are_rows_of_a_table()
    {
        var html = Html(new[] { new Person("Ann", 3), new Person("Bob", 44) });
        Assert.Contains("<th>Name</th>", html);
        Assert.Contains("<td class=\"n\">44</td>", html);
        Assert.Equal(3, RowStart().Count(html));
    }

    [Fact]
    public void A_long_table_is_cut() => Assert.InRange(RowStart().Count(Html(Enumerable.Range(0, 5000).Select(i => new Person("n", i)).ToList())), 10, 60);

    [Fact]
    public void Self_reference_ends()
    {
        var list = new List<object>();
        list.Add(list);
        Assert.NotEmpty(Html(list));
        var cyclic = new Dictionary<string, object>();
        cyclic["self"] = cyclic;
        Assert.NotEmpty(Html(cyclic));
    }

    [Theory]
    [InlineData(42, "42")]
    [InlineData(true, "true")]
    [InlineData(0.1, "0.1")]
    [InlineData("a\nb", "a\nb")]
    [InlineData(DayOfWeek.Friday, "Friday")]
    [InlineData(null, "null")]
    public void Simple_values_are_plain_text(object? value, string expected)
    {
        var bundle = MimeBundles.Of(value);
        Assert.Equal(["text/plain"], bundle.Data.Keys);
        Assert.Equal(expected, bundle.Data["text/plain"]);
    }

    [Fact]
    public void What_is_HTML_already_is_shown_as_it_is()
    {
        Assert.Equal("<b>x</b>", MimeBundles.Of(NotebookFunctions.HTML("<b>x</b>")).Data["text/html"]);
        Assert.Equal("<b>x</b>", MimeBundles.Of(new Microsoft.AspNetCore.Html.HtmlString("<b>x</b>")).Data["text/html"]);
        Assert.Equal("# x", MimeBundles.Of(NotebookFunctions.Markdown("# x")).Data["text/markdown"]);
        Assert.Equal("x()", MimeBundles.Of(NotebookFunctions.Javascript("x()")).Data["application/javascript"]);
    }

    [Fact]
    public void A_users_own_formatter_wins()
    {
        TensorCellFormatters.Register();
        Microsoft.DotNet.Interactive.Formatting.Formatter.Register<Temperature>(t => $"<i>{t.Degrees} degrees</i>", "text/html");
        Assert.Equal("<i>21 degrees</i>", MimeBundles.Of(new Temperature(21)).Data["text/html"]);
    }

    [Fact]
    public void A_tensor_shows_what_it_is_and_its_values()
    {
        var bundle = MimeBundles.Of(Tensor.From(new float[,] { { 1, 2 }, { 3, 4.5f } }));
        Assert.Contains("Tensor [2, 2] f32", bundle.Data["text/html"]);
        Assert.Contains("4.5", bundle.Data["text/html"]);
        Assert.DoesNotContain("pending", bundle.Data["text/html"]);
        Assert.Contains("was pending", Html(Tensor.Arange(4) * 2));
        Assert.Equal(Tensor.Arange(4).ToString(), MimeBundles.Of(Tensor.Arange(4)).Data["text/plain"]);
    }

    [Fact]
    public void A_tensor_of_any_shape_is_shown()
    {
        int[][] shapes = [[], [0], [1], [300], [0, 3], [3, 0], [40, 50], [2, 3, 4], [700, 900]];
        foreach (var shape in shapes)
        {
            foreach (var dtype in (DType[])[DType.Float32, DType.Float64])
            {
                Assert.Contains("Tensor [", Html(Tensor.Zeros(shape, dtype)));
            }
        }

    }

    [Fact]
    public void A_disposed_tensor_is_an_error_in_words()
    {
        var tensor = Tensor.Arange(10);
        tensor.Realize();
        tensor.Dispose();
        Assert.NotEmpty(MimeBundles.Of(tensor).Data["text/plain"]);
    }

    [Fact]
    public void A_frame_shows_rows_types_and_a_summary()
    {
        var frame = new Frame(
            Column.From("x", new double[] { 1, 2, 3 }), Column.From("kind", ["a", null, "b"]), Column.From("empty", Array.Empty<long?>().Concat([null, null, null])));
        var html = Html(frame);
        Assert.Contains("3 rows × 3 columns", WebUtility.HtmlDecode(html));
        Assert.Contains("f64", html);
        Assert.Contains("–", WebUtility.HtmlDecode(html));
        Assert.Contains("kind", Html(frame["kind"]));
        Assert.NotEmpty(Html(new Frame()));
    }

    [Fact]
    public void A_summary_shows_each_column_with_a_picture()
    {
        var frame = new Frame(
            Column.From("x", [1, 2, 2.5]), Column.From("<i>", ["<b>", "<b>", null]), Column.From("none", new double?[3]),
            Column.From("on", [true, false, true]), Column.From("day", new[] { new DateOnly(2026, 3, 2), new(2026, 3, 4), new(2026, 3, 9) }));
        var html = Html(frame.Summarize());
        Assert.Equal(4, html.Split("<img alt=\"distribution\"").Length - 1);
        Assert.Contains("&lt;b&gt; 67 %", html);
        Assert.Contains("1 (33 %)", html);
        Assert.Contains("2026-03-09", html);
        Assert.DoesNotContain("<b>", html);
        Assert.DoesNotContain("<script", html);
        Assert.Contains("most frequent", MimeBundles.Of(frame.Summarize()).Data["text/plain"]);
        Assert.NotEmpty(Html(new Frame().Summarize()));
    }

    [Fact]
    public void Moments_of_a_column_are_unbroken_and_in_one_format()
    {
        var midnight = new DateTime(2026, 3, 2);
        var minutes = Html(new Frame(Column.From("at", new DateTime?[] { midnight, null, midnight.AddMinutes(10) })));
        Assert.Contains("<td class=\"u\">2026-03-02 00:00</td>", minutes);
        Assert.Contains("<td class=\"u\">2026-03-02 00:10</td>", minutes);

        var seconds = Html(Column.From("at", new[] { midnight, midnight.AddSeconds(5) }));
        Assert.Contains("[2026-03-02 00:00:00, 2026-03-02 00:00:05]", seconds);
        Assert.Contains("2026-03-02 00:00:00.000</td>", Html(new[] { new { At = midnight }, new { At = midnight.AddMilliseconds(1) } }));
        Assert.Contains("<td class=\"u\">2026-03-02</td>", Html(new Frame(Column.From("day", new[] { new DateOnly(2026, 3, 2) }))));
    }

    [Fact]
    public void Benchmarks_and_comparisons_show_medians_ratios_and_charts()
    {
        var fast = new Benchmark("fast", "C#", "x", [1e-3, 1.1e-3, 0.9e-3]);
        var slow = new Benchmark("slow", "Python", "x", [2e-3, 2.1e-3, 1.9e-3]) { Flops = 1e9, Roof = new DeviceRoof("cpu", 1e12, 1e10) };
        var comparison = new Comparison([fast, slow], "fast", [new("fast", 1, new(1, 1, 0.95)), new("slow", 2, new(1.8, 2.2, 0.95))]);
        Assert.Contains("1.00 ms", Html(fast));
        Assert.Contains("50 % of the device", Html(slow));
        Assert.Contains("2.00×", WebUtility.HtmlDecode(Html(comparison)));
        Assert.Contains("fast is the fastest", MimeBundles.Of(comparison).Data["text/plain"]);
        Assert.NotEmpty(Html(new Benchmark("none", "C#", "", [])));
        Assert.NotEmpty(Html(new Comparison([], "none", [])));
    }

    [Fact]
    public void An_exception_tells_its_causes()
    {
        var html = Html(new InvalidOperationException("outer", new ArgumentException("inner")));
        Assert.Contains("outer", html);
        Assert.Contains("caused by ArgumentException", html);
    }

    [Theory]
    [InlineData(1.234e-5, "12.3 µs")]
    [InlineData(0.9999, "1,000 ms|1.00 s|999.9 ms")]
    [InlineData(0, "0.00 s")]
    [InlineData(75, "1 min 15 s")]
    [InlineData(double.NaN, "–")]
    public void Times_are_read_at_a_glance(double seconds, string expected) => Assert.Contains(Quantity.Seconds(seconds), expected.Split('|'));

    [Theory]
    [InlineData(1, "1.00×")]
    [InlineData(45.78, "45.8×")]
    [InlineData(1234, "1,234×")]
    [InlineData(0.18, "0.18×")]
    [InlineData(0.0999, "0.10×")]
    [InlineData(0.0218, "0.022×")]
    [InlineData(0.00218, "0.0022×")]
    [InlineData(0.000021, "2.1E-5×")]
    [InlineData(0, "0.00×")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Ratios_keep_two_digits_however_small(double ratio, string expected) => Assert.Equal(expected, Quantity.Ratio(ratio));

    [Fact]
    public void Styles_touch_nothing_but_the_output()
    {
        var style = StyleBody().Match(Html(Tensor.Arange(3))).Groups[1].Value;
        Assert.All(
            style.Split('}', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            rule => Assert.All(rule.Split('{')[0].Split(','), selector => Assert.StartsWith(".tensorcell", selector.Trim())));
    }

    private static string Html(object? value) => MimeBundles.Of(value).Data["text/html"];

    private static IEnumerable<object> Values(string[] texts)
    {
        var first = texts.FirstOrDefault() ?? "";
        yield return texts;
        yield return texts.Select(t => new Person(t, 1)).ToArray();
        yield return texts.Distinct().ToDictionary(t => t, t => (object)t);
        yield return new Exception(first, new ArgumentException(first));
        yield return new { Name = first, Items = texts };
        yield return (first, 1);
        yield return new Frame(Column.From("c" + first, texts));
        yield return new Benchmark(first, first, first, [1, 2, 3]) { Notes = texts };
        yield return new Comparison([new Benchmark(first, first, "", [1.0, 2])], first, [new(first, 1, new(1, 1, 0.95))]) { Notes = texts };
        yield return System.Text.Json.Nodes.JsonValue.Create(first)!;
    }

    private static IEnumerable<int> Endless(Action read)
    {
        while (true)
        {
            read();
            yield return 1;
        }
    }

    private static IEnumerable<int> FailingSequence()
    {
        yield return 1;
        throw new InvalidOperationException("broken");
    }

    private sealed record Person(string Name, int Age);

    private sealed record Temperature(double Degrees);

    private sealed class Failing
    {
        public int Broken => throw new InvalidOperationException("broken");

        public override string ToString() => throw new InvalidOperationException("broken");
    }

    private sealed class FailingException : Exception
    {
        public override string Message => throw new NotSupportedException();

        public override string? StackTrace => throw new NotSupportedException();
    }

    private sealed class FailingCollection : ICollection
    {
        public int Count => throw new NotSupportedException();

        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public void CopyTo(Array array, int index) => throw new NotSupportedException();

        public IEnumerator GetEnumerator() => throw new NotSupportedException();
    }

    // Any tag that the formatters themselves do not write, or an attribute that could run something in one that they do.
    [GeneratedRegex("<(?!/?(?:div|p|span|table|thead|tbody|tr|th|td|pre|details|summary|img|br|i|b)\\b)[a-zA-Z!/]|<[^>]*\\son\\w+\\s*=", RegexOptions.IgnoreCase)]
    private static partial Regex Intruder();

    // The charts' own script, the outputs' own style, and what stands in attributes, where quotes and brackets are encoded.
    [GeneratedRegex("<style>[\\s\\S]*?</style>|<script>\\(\\(key, figure[\\s\\S]*?</script>|=\"[^\"<>]*\"")]
    private static partial Regex Trusted();

    [GeneratedRegex("<tr>")]
    private static partial Regex RowStart();

    [GeneratedRegex("<style>([\\s\\S]*?)</style>")]
    private static partial Regex StyleBody();
}
