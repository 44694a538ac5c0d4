using System.Runtime.CompilerServices;
using TensorCell.Tensors;

namespace TensorCell.Interactive;

/// <summary>Starts charts. Data may be any sequence of numbers, text or dates, or a tensor; it is copied.</summary>
public static class Chart
{
    /// <summary>Bars, one per category.</summary>
    /// <param name="categories">What each bar stands for.</param>
    /// <param name="values">Each bar's length.</param>
    /// <param name="name">The legend's name for them.</param>
    /// <param name="errors">How far the error bar reaches above and below each value.</param>
    /// <param name="labels">Text at each bar's end.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Bar<TCategory, TValue>(
        IEnumerable<TCategory> categories,
        IEnumerable<TValue> values,
        string? name = null,
        IEnumerable<double>? errors = null,
        IEnumerable<string>? labels = null) =>
        Bar(ChartValues.From(categories), ChartValues.From(values), name, errors, labels);

    /// <inheritdoc cref="Bar{TCategory, TValue}"/>
    public static Figure Bar(
        ChartValues categories,
        ChartValues values,
        string? name = null,
        IEnumerable<double>? errors = null,
        IEnumerable<string>? labels = null)
    {
        Throw.IfLengthsDiffer("bar", ("categories", categories.Count), ("values", values.Count));
        return Start(new BarTrace(categories, values)
        {
            Name = name,
            Errors = errors is null ? null : ChartValues.From(errors),
            Labels = labels is null ? null : ChartValues.From(labels),
        });
    }

    /// <summary>Bars growing to the right, one per category, the first on top.</summary>
    /// <param name="categories">What each bar stands for.</param>
    /// <param name="values">Each bar's length.</param>
    /// <param name="name">The legend's name for them.</param>
    /// <param name="errors">How far the error bar reaches above and below each value.</param>
    /// <param name="labels">Text at each bar's end.</param>
    [OverloadResolutionPriority(1)]
    public static Figure HorizontalBar<TCategory, TValue>(
        IEnumerable<TCategory> categories,
        IEnumerable<TValue> values,
        string? name = null,
        IEnumerable<double>? errors = null,
        IEnumerable<string>? labels = null) =>
        HorizontalBar(ChartValues.From(categories), ChartValues.From(values), name, errors, labels);

    /// <inheritdoc cref="HorizontalBar{TCategory, TValue}"/>
    public static Figure HorizontalBar(
        ChartValues categories,
        ChartValues values,
        string? name = null,
        IEnumerable<double>? errors = null,
        IEnumerable<string>? labels = null)
    {
        var figure = Bar(categories.AsText(), values, name, errors, labels);
        return figure with
        {
            Traces = [((BarTrace)figure.Traces[0]) with { Horizontal = true }],
            Layout = figure.Layout with { Y = figure.Layout.Y with { Reversed = true } },
        };
    }

    /// <summary>A line through points.</summary>
    /// <param name="x">Horizontal positions.</param>
    /// <param name="y">Vertical positions; a value that is not finite breaks the line.</param>
    /// <param name="name">The legend's name for it.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Line<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null) =>
        Line(ChartValues.From(x), ChartValues.From(y), name);

    /// <inheritdoc cref="Line{TX, TY}"/>
    public static Figure Line(ChartValues x, ChartValues y, string? name = null)
    {
        Throw.IfLengthsDiffer("line", ("x", x.Count), ("y", y.Count));
        return Start(new ScatterTrace(x, y) { Name = name, Mode = ScatterMode.Lines });
    }

    /// <summary>A line through values at 0, 1, 2 …</summary>
    /// <param name="y">Vertical positions; a value that is not finite breaks the line.</param>
    /// <param name="name">The legend's name for it.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Line<TY>(IEnumerable<TY> y, string? name = null) => Line(ChartValues.From(y), name);

    /// <inheritdoc cref="Line{TY}"/>
    public static Figure Line(ChartValues y, string? name = null) => Line(ChartValues.Range(y.Count), y, name);

    /// <summary>A dot for each point.</summary>
    /// <param name="x">Horizontal positions.</param>
    /// <param name="y">Vertical positions.</param>
    /// <param name="name">The legend's name for them.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Scatter<TX, TY>(IEnumerable<TX> x, IEnumerable<TY> y, string? name = null) =>
        Scatter(ChartValues.From(x), ChartValues.From(y), name);

    /// <inheritdoc cref="Scatter{TX, TY}"/>
    public static Figure Scatter(ChartValues x, ChartValues y, string? name = null)
    {
        Throw.IfLengthsDiffer("scatter", ("x", x.Count), ("y", y.Count));
        return Start(new ScatterTrace(x, y) { Name = name });
    }

    /// <summary>A dot for each point, coloured by group: a colour for each name, or a colour scale for numbers.</summary>
    /// <param name="x">Horizontal positions.</param>
    /// <param name="y">Vertical positions.</param>
    /// <param name="by">Each point's group.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Scatter<TX, TY, TBy>(IEnumerable<TX> x, IEnumerable<TY> y, IEnumerable<TBy> by) =>
        Scatter(ChartValues.From(x), ChartValues.From(y), ChartValues.From(by));

    /// <inheritdoc cref="Scatter{TX, TY, TBy}"/>
    public static Figure Scatter(ChartValues x, ChartValues y, ChartValues by)
    {
        Throw.IfLengthsDiffer("scatter", ("x", x.Count), ("y", y.Count), ("by", by.Count));
        if (by.Kind == ChartValueKind.Number)
        {
            return Start(new ScatterTrace(x, y) { ColorValues = by });
        }

        return new Figure
        {
            Traces =
            [
                .. Enumerable.Range(0, by.Count)
                    .GroupBy(by.Text)
                    .Select(group => new ScatterTrace(x.Pick([.. group]), y.Pick([.. group])) { Name = group.Key }),
            ],
        };
    }

    /// <summary>A sample as a box plot.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="name">The name under the box.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Box<T>(IEnumerable<T> values, string? name = null) => Box(ChartValues.From(values), name);

    /// <inheritdoc cref="Box{T}"/>
    public static Figure Box(ChartValues values, string? name = null) => Start(new BoxTrace(values) { Name = name });

    /// <summary>A sample as a violin plot.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="name">The name under the violin.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Violin<T>(IEnumerable<T> values, string? name = null) => Violin(ChartValues.From(values), name);

    /// <inheritdoc cref="Violin{T}"/>
    public static Figure Violin(ChartValues values, string? name = null) => Start(new ViolinTrace(values) { Name = name });

    /// <summary>How often values occur, in equally wide bins.</summary>
    /// <param name="values">The sample.</param>
    /// <param name="name">The legend's name for it.</param>
    /// <param name="bins">How many bins at most; null chooses by the sample.</param>
    [OverloadResolutionPriority(1)]
    public static Figure Histogram<T>(IEnumerable<T> values, string? name = null, int? bins = null) =>
        Histogram(ChartValues.From(values), name, bins);

    /// <inheritdoc cref="Histogram{T}"/>
    public static Figure Histogram(ChartValues values, string? name = null, int? bins = null)
    {
        if (bins is { } count)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(count, 1, nameof(bins));
        }

        return Start(new HistogramTrace(values) { Name = name, Bins = bins });
    }

    /// <summary>A matrix as coloured cells, the first row on top.</summary>
    /// <param name="values">The matrix.</param>
    /// <param name="columns">What each column stands for.</param>
    /// <param name="rows">What each row stands for.</param>
    public static Figure Heatmap(double[,] values, IEnumerable<string>? columns = null, IEnumerable<string>? rows = null) =>
        Heatmap(values.Cast<double>().ToArray(), values.GetLength(0), values.GetLength(1), columns, rows);

    /// <inheritdoc cref="Heatmap(double[,], IEnumerable{string}?, IEnumerable{string}?)"/>
    public static Figure Heatmap(float[,] values, IEnumerable<string>? columns = null, IEnumerable<string>? rows = null) =>
        Heatmap(values.Cast<float>().ToArray(), values.GetLength(0), values.GetLength(1), columns, rows);

    /// <inheritdoc cref="Heatmap(double[,], IEnumerable{string}?, IEnumerable{string}?)"/>
    /// <exception cref="ArgumentException">The tensor is not a matrix.</exception>
    public static Figure Heatmap(Tensor values, IEnumerable<string>? columns = null, IEnumerable<string>? rows = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Throw.IfNotMatrix(values.Shape);
        return Heatmap(values, values.Shape[0], values.Shape[1], columns, rows);
    }

    /// <summary>A matrix as coloured cells, the first row on top.</summary>
    /// <param name="values">The matrix in row-major order.</param>
    /// <param name="rowCount">How many rows it has.</param>
    /// <param name="columnCount">How many columns it has.</param>
    /// <param name="columns">What each column stands for.</param>
    /// <param name="rows">What each row stands for.</param>
    public static Figure Heatmap(
        ChartValues values, int rowCount, int columnCount, IEnumerable<string>? columns = null, IEnumerable<string>? rows = null)
    {
        Throw.IfLengthsDiffer("heat map", ("values", values.Count), ("rows x columns", checked(rowCount * columnCount)));
        var trace = new HeatmapTrace(values, rowCount, columnCount)
        {
            X = columns is null ? null : ChartValues.From(columns),
            Y = rows is null ? null : ChartValues.From(rows),
        };
        Throw.IfLengthsDiffer("heat map", ("columns", columnCount), ("column names", trace.X?.Count ?? columnCount));
        Throw.IfLengthsDiffer("heat map", ("rows", rowCount), ("row names", trace.Y?.Count ?? rowCount));
        return new Figure { Traces = [trace], Layout = new ChartLayout { Y = new ChartAxis { Reversed = true } } };
    }

    /// <summary>
    /// The regions of a plane in which a classifier prefers each class, paler where it is less sure. Added to points coloured by class, it takes their colours:
    /// <c>Chart.Scatter(x, y, by: label) + Chart.DecisionSurface(points =&gt; model.Forward(points), (0, 1), (0, 1), names)</c>.
    /// </summary>
    /// <param name="logits">From points [n, 2] to class scores [n, classes], or to one score [n] or [n, 1] whose sign decides between two classes.</param>
    /// <param name="x">The range of the first coordinate.</param>
    /// <param name="y">The range of the second coordinate.</param>
    /// <param name="names">What the classes are called, in the order of the scores; null numbers them.</param>
    /// <param name="resolution">Cells along each axis.</param>
    /// <exception cref="ArgumentException">A range is empty, or the function gave something else.</exception>
    public static Figure DecisionSurface(
        Func<Tensor, Tensor> logits,
        (double Minimum, double Maximum) x,
        (double Minimum, double Maximum) y,
        IEnumerable<string>? names = null,
        int resolution = 150) => Start(Interactive.DecisionSurface.Of(logits, x, y, names, resolution));

    private static Figure Start(Trace trace) => new() { Traces = [trace] };
}
