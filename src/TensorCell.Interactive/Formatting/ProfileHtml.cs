using TensorCell.Kernels;

namespace TensorCell.Interactive.Formatting;

/// <summary>A profile: the timeline, the work by its share of the time, and the kernels under the device's roof.</summary>
internal static class ProfileHtml
{
    private const int MostRows = 30;
    private static readonly string[] headings = ["work", "count", "time", "share of the cell", "each", "B/s", "FLOP/s", "of the limit"];

    public static string Write(CellProfile profile)
    {
        var charts = profile.Work.Count == 0 ? "" : ChartHtml.Write(ProfileCharts.Timeline(profile));
        var roofline = ProfileCharts.Roofline(profile) is { } figure ? ChartHtml.Write(figure) : "";
        return Html.Output(
            Html.Heading(Title(profile), Soft(profile)),
            string.Concat(profile.Notes.Select(Html.Note)),
            charts,
            profile.Work.Count == 0 ? "" : Table(profile),
            roofline);
    }

    public static string Text(CellProfile profile)
    {
        var rows = Rows(profile).Select(row => (IReadOnlyList<string>)[row.Work, row.Count, row.Time, row.Share, row.Each, row.Bytes, row.Flops, row.Limit]);
        var table = TextTable.Write([headings, .. rows]);
        return string.Join('\n', ((IEnumerable<string>)[$"{Title(profile)} ({Soft(profile)})", .. profile.Notes.Select(note => $"  {note}")])
            .Concat(profile.Work.Count == 0 ? [] : table.Split('\n').Select(line => "  " + line)));
    }

    private static string Title(CellProfile profile) => $"{profile.Name}: {Quantity.Seconds(profile.Seconds)}";

    private static string Soft(CellProfile profile) => profile.Work.Count == 0
        ? "no traced work"
        : $"{profile.Count:N0} pieces of work, busy {Quantity.Percent(profile.BusySeconds / profile.Seconds)} of the time";

    private static string Table(CellProfile profile)
    {
        var table = new HtmlTable(["", .. headings]);
        foreach (var row in Rows(profile))
        {
            var swatch = row.Color is { } color
                ? $"<span style=\"display:inline-block;width:10px;height:10px;border-radius:2px;background:{color}\"></span>"
                : "";
            table.Add(
            [
                TableCell.OfPicture(swatch),
                new(row.Work),
                new(row.Count, IsNumber: true),
                new(row.Time, IsNumber: true),
                TableCell.OfPicture($"{Html.Encode(row.Share)}{Html.Share(row.Part)}"),
                new(row.Each, IsNumber: true),
                new(row.Bytes, IsNumber: true),
                new(row.Flops, IsNumber: true),
                new(row.Limit, IsNumber: true),
            ]);
        }

        return table.ToHtml();
    }

    private static IEnumerable<Row> Rows(CellProfile profile)
    {
        var devices = profile.Work.Select(work => work.Device).Distinct().Count();
        foreach (var work in profile.Work.Take(MostRows))
        {
            var limit = ProfileCharts.ShareOfRoof(profile, work);
            var least = work.FlopsAreLeast ? "≥ " : "";
            yield return new(
                (work.Kind == TraceKind.Kernel ? work.Name : $"{Verb(work.Kind)} {work.Name}") + (devices > 1 ? $" on {work.Device}" : ""),
                $"{work.Count:N0}",
                Quantity.Seconds(work.Seconds),
                work.Share,
                Quantity.Percent(work.Share),
                Quantity.Seconds(work.Count == 0 ? 0 : work.Seconds / work.Count),
                work.Bytes > 0 ? Quantity.Of(work.BytesPerSecond, "B/s") : "",
                work.Flops > 0 ? least + Quantity.Of(work.FlopsPerSecond, "FLOP/s") : "",
                limit is { } share ? least + Quantity.Percent(share) : "",
                ProfileCharts.ColorOf(profile, work.Kind, work.Name));
        }

        if (profile.Work.Count > MostRows)
        {
            var rest = profile.Work.Skip(MostRows).ToArray();
            yield return Summary($"{rest.Length:N0} more", $"{rest.Sum(work => work.Count):N0}", rest.Sum(work => work.Seconds), profile);
        }

        if (profile.Work.Count > 0)
        {
            yield return Summary("C# of the cell, compiling it, and waiting", "", Math.Max(0, profile.Seconds - profile.BusySeconds), profile);
        }
    }

    private static Row Summary(string what, string count, double seconds, CellProfile profile)
    {
        var part = profile.Seconds > 0 ? seconds / profile.Seconds : 0;
        return new(what, count, Quantity.Seconds(seconds), part, Quantity.Percent(part), "", "", "", "", null);
    }

    private static string Verb(TraceKind kind) => kind switch
    {
        TraceKind.Compile => "compile",
        TraceKind.Copy => "copy",
        _ => "parse",
    };

    private sealed record Row(
        string Work, string Count, string Time, double Part, string Share, string Each, string Bytes, string Flops, string Limit, string? Color);
}
