using System.Globalization;
using TensorCell.Kernels;

namespace TensorCell.Interactive.Formatting;

/// <summary>The charts of a profile. A kernel has the same colour in all of them.</summary>
internal static class ProfileCharts
{
    /// <summary>Kernels that have a colour of their own.</summary>
    public const int MostColored = 7;

    private const string Other = "#7a8594";
    private const string Compilation = "#b8a021";
    private const string Copying = "#45b3d6";
    private const string Parsing = "#d1495b";
    private const int MostSpans = 3000;
    private const int MostRows = 24;

    private static readonly string[] kernelColors = [.. Palette.Categories.Where(color => color is not (Compilation or Copying or Parsing)), "#5f7f2e", "#a0522d"];

    /// <summary>The colour of a piece of work.</summary>
    public static string ColorOf(CellProfile profile, TraceKind kind, string name) => kind switch
    {
        TraceKind.Compile => Compilation,
        TraceKind.Copy => Copying,
        TraceKind.Parse => Parsing,
        _ => Colored(profile).IndexOf(name) is >= 0 and var place ? kernelColors[place] : Other,
    };

    /// <summary>What ran when.</summary>
    public static Figure Timeline(CellProfile profile)
    {
        var events = Thinned(profile);
        var rows = Rows(events);
        var names = rows.Distinct().Order(Comparer<(int Lane, int Depth, string Name)>.Default).Select(row => row.Name).ToArray();
        var colored = Colored(profile);
        var traces = events.Select((piece, index) => (Piece: piece, Row: rows[index].Name))
            .GroupBy(entry => (entry.Piece.Kind, Label: LabelOf(entry.Piece, colored)))
            .OrderByDescending(group => group.Sum(entry => entry.Piece.BusySeconds))
            .Select(group => new SpanTrace(
                ChartValues.From(group.Select(entry => entry.Row)),
                ChartValues.From(group.Select(entry => entry.Piece.Start)),
                ChartValues.From(group.Select(entry => entry.Piece.Seconds)))
            {
                Name = group.Key.Label,
                Color = ColorOf(profile, group.Key.Kind, group.First().Piece.Name),
                Labels = ChartValues.From(group.Select(entry => Describe(entry.Piece))),
            });
        var figure = new Figure { Traces = [.. traces] }.Title("Timeline").X("time in the cell", unit: "s", minimum: 0, maximum: profile.Seconds).Legend().Size(860, 230 + (28 * Math.Min(names.Length, MostRows)));
        return figure with { Layout = figure.Layout with { Y = figure.Layout.Y with { Reversed = true, Categories = names } } };
    }

    /// <summary>
    /// The kernels under the device's roof, but for those whose arithmetic is not known in full; null where none is left or the limits are not known.
    /// </summary>
    public static Figure? Roofline(CellProfile profile)
    {
        var kernels = profile.Kernels.Where(kernel => kernel.Flops > 0 && !kernel.FlopsAreLeast && kernel.Bytes > 0 && kernel.Seconds > 0).ToArray();
        var device = kernels.Select(kernel => kernel.Device).FirstOrDefault(profile.Limits.ContainsKey);
        if (device is null)
        {
            return null;
        }

        kernels = [.. kernels.Where(kernel => kernel.Device == device)];
        var limits = profile.Limits[device];
        var bandwidth = Math.Max(limits.CopyBytesPerSecond, limits.ReadBytesPerSecond);
        var ridge = limits.FlopsFloat32 / bandwidth;
        var least = Math.Min(kernels.Min(kernel => kernel.Intensity), ridge / 8) / 2;
        var most = Math.Max(kernels.Max(kernel => kernel.Intensity), ridge * 4) * 2;
        var figure = new Figure
        {
            Traces =
            [
                Roof($"f32: {Quantity.Of(limits.FlopsFloat32, "FLOP/s")}, {Quantity.Of(bandwidth, "B/s")}", limits.FlopsFloat32, bandwidth, least, most, dashed: false),
                Roof($"f64: {Quantity.Of(limits.FlopsFloat64, "FLOP/s")}", limits.FlopsFloat64, bandwidth, least, most, dashed: true),
            ],
        };
        var colored = Colored(profile);
        foreach (var group in kernels.GroupBy(kernel => colored.Contains(kernel.Name) ? kernel.Name : "other kernels"))
        {
            figure = figure.Add(new ScatterTrace(
                ChartValues.From(group.Select(kernel => kernel.Intensity)), ChartValues.From(group.Select(kernel => kernel.FlopsPerSecond)))
            {
                Name = Short(group.Key),
                Color = ColorOf(profile, TraceKind.Kernel, group.Key),
                Labels = ChartValues.From(group.Select(kernel => $"{kernel.Name}: {Quantity.Of(kernel.FlopsPerSecond, "FLOP/s")}, {Quantity.Of(kernel.BytesPerSecond, "B/s")}")),
            });
        }

        return figure.Title($"Roofline of {device}").X("FLOP per byte", log: true).Y("arithmetic", log: true, unit: "FLOP/s").Size(860, 420).Legend();
    }

    /// <summary>How near a kernel comes to the lower of its two limits; null where that is not known.</summary>
    public static double? ShareOfRoof(CellProfile profile, ProfiledWork kernel)
    {
        if (kernel.Kind != TraceKind.Kernel || kernel.Seconds <= 0 || kernel.Bytes <= 0 || !profile.Limits.TryGetValue(kernel.Device, out var limits))
        {
            return null;
        }

        var bandwidth = Math.Max(limits.CopyBytesPerSecond, limits.ReadBytesPerSecond);
        var least = Math.Max(kernel.Bytes / bandwidth, kernel.Flops / limits.FlopsFloat32);
        return least / kernel.Seconds;
    }

    private static ScatterTrace Roof(string name, double peak, double bandwidth, double least, double most, bool dashed) =>
        new(ChartValues.From([least, peak / bandwidth, most]), ChartValues.From([least * bandwidth, peak, peak]))
        {
            Name = name,
            Mode = ScatterMode.Lines,
            Color = dashed ? "#9aa4b0" : "#5b6675",
            Dashed = dashed,
        };

    private static List<string> Colored(CellProfile profile) =>
        [.. profile.Kernels.Where(kernel => kernel.Seconds > 0).Select(kernel => kernel.Name).Distinct().Take(MostColored)];

    private static string LabelOf(ProfiledEvent piece, List<string> colored) => piece.Kind switch
    {
        TraceKind.Compile => "compilation",
        TraceKind.Copy => "copy",
        TraceKind.Parse => "parse",
        _ => colored.Contains(piece.Name) ? Short(piece.Name) : "other kernels",
    };

    private static string Short(string name) => name.Length <= 40 ? name : name[..39] + "…";

    private static string Describe(ProfiledEvent piece)
    {
        var text = piece.Kind == TraceKind.Compile ? $"compile {piece.Name}" : piece.Name;
        return piece.Count == 1
            ? $"{text}  {Quantity.Seconds(piece.Seconds)}"
            : string.Create(CultureInfo.InvariantCulture, $"{text} and the like, {piece.Count:N0} times  {Quantity.Seconds(piece.BusySeconds)}");
    }

    /// <summary>The row of each event: one for each thread of a device, and more below it for what runs within other work.</summary>
    private static (int Lane, int Depth, string Name)[] Rows(IReadOnlyList<ProfiledEvent> events)
    {
        var lanes = new Dictionary<(string Device, int Thread), (int Index, List<double> Ends)>();
        var rows = new (int, int, string)[events.Count];
        for (var i = 0; i < events.Count; i++)
        {
            var piece = events[i];
            if (!lanes.TryGetValue((piece.Device, piece.Thread), out var lane))
            {
                lanes.Add((piece.Device, piece.Thread), lane = (lanes.Count, []));
            }

            // Rounding of ticks to seconds may let neighbours overlap by a hair.
            var depth = lane.Ends.FindIndex(end => end <= piece.Start + 1e-9);
            if (depth < 0)
            {
                depth = lane.Ends.Count;
                lane.Ends.Add(0);
            }

            lane.Ends[depth] = piece.Start + piece.Seconds;
            rows[i] = (lane.Index, depth, RowName(piece, lane.Index, depth));
        }

        return rows;
    }

    private static string RowName(ProfiledEvent piece, int lane, int depth)
    {
        var name = lane == 0 ? piece.Device : piece.Thread < 0 ? $"{piece.Device}, other threads" : $"{piece.Device}, thread {piece.Thread}";
        return depth == 0 ? name : $"{name}, within {depth}";
    }

    /// <summary>As many events as a picture can show: of more, the shortest are left out.</summary>
    private static IReadOnlyList<ProfiledEvent> Thinned(CellProfile profile)
    {
        if (profile.Events.Count <= MostSpans)
        {
            return profile.Events;
        }

        var shortest = profile.Events.Select(piece => piece.Seconds).OrderDescending().ElementAt(MostSpans - 1);
        return [.. profile.Events.Where(piece => piece.Seconds >= shortest).Take(MostSpans)];
    }
}
