using TensorCell.Kernels;

namespace TensorCell.Interactive;

/// <summary>What the engine did while a cell ran: made by <c>#!profile</c>.</summary>
/// <param name="Name">The variable that holds it.</param>
/// <param name="Seconds">Seconds that the cell's code took, without what its outputs took to show.</param>
/// <param name="Events">
/// Every kernel, compilation, copy and parse in the order of their starts; beyond some thousands, short neighbours are joined, so that
/// <see cref="ProfiledEvent.Count"/> may exceed 1.
/// </param>
/// <param name="Work">The same by kind and name, however many there were; the longest first.</param>
public sealed record CellProfile(string Name, double Seconds, IReadOnlyList<ProfiledEvent> Events, IReadOnlyList<ProfiledWork> Work)
{
    /// <summary>Seconds in which at least one piece of work ran; the rest is C# of the cell and waiting.</summary>
    public double BusySeconds { get; init; }

    /// <summary>What each device that worked can do at best, as measured on it, by its name.</summary>
    public IReadOnlyDictionary<string, DeviceLimits> Limits { get; init; } = new Dictionary<string, DeviceLimits>();

    /// <summary>What the reader should know.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>The kernels; the longest first.</summary>
    public IEnumerable<ProfiledWork> Kernels => Work.Where(work => work.Kind == TraceKind.Kernel);

    /// <summary>How many pieces of work there were.</summary>
    public long Count => Work.Sum(work => work.Count);

    /// <inheritdoc/>
    public override string ToString() => Formatting.ProfileHtml.Text(this);
}
