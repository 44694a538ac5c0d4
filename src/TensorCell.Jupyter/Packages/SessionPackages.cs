using System.Diagnostics;
using System.Reflection;
using TensorCell.Interactive;
using TensorCell.Interactive.Formatting;
using TensorCell.Interactive.Magics;
using TensorCell.Jupyter.CSharp;

namespace TensorCell.Jupyter.Packages;

/// <summary>The packages of one session: installs what its cells ask for, and lets the cells that follow use it.</summary>
/// <param name="csharp">The session's C#.</param>
/// <param name="magics">The session's magics, which packages add to.</param>
/// <param name="notebook">Where to show what happens.</param>
internal sealed class SessionPackages(CSharpSession csharp, MagicRegistry magics, INotebook notebook)
{
    private static readonly TimeSpan interval = TimeSpan.FromMilliseconds(200);

    private readonly List<PackageRequest> requests = [];
    private readonly HashSet<PackageRequest> answered = [];
    private readonly Dictionary<string, string> assemblies = new(StringComparer.OrdinalIgnoreCase);
    private IReadOnlyList<string> sources = [];
    private PackageSet installed = new([], [], [], []);

    /// <summary>Installs what a cell asks for.</summary>
    /// <exception cref="PackageException">It cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public async Task InstallAsync(PackageDirectives directives)
    {
        IReadOnlyList<string> places = [.. sources, .. directives.Sources.Except(sources)];
        List<PackageRequest> wanted = [.. directives.Requests.Distinct().Where(request => !IsThere(request))];
        if (wanted.GroupBy(request => request.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            Throw.Package($"#r \"nuget: {twice.Key}\": the cell asks for {twice.Key} in the versions {string.Join(" and ", twice.Select(request => request.Version))}; keep one");
        }

        if (wanted.Count > 0)
        {
            await InstallAsync(wanted, places);
        }

        // Only now: one that does not answer would keep every later cell from its packages.
        sources = places;
    }

    /// <summary>Whether a package is there already, in a version that fits.</summary>
    private bool IsThere(PackageRequest request)
    {
        if (BuiltInPackages.Answer(request))
        {
            Show($"{request.Name} {BuiltInPackages.Version} is built in; nothing was installed");
            return true;
        }

        if (installed.Find(request.Name) is not { } package)
        {
            return false;
        }

        if (!answered.Contains(request) && !PackageVersion.Fits(package.Version, request.Version))
        {
            Throw.Package(
                $"#r \"nuget: {request.Name}, {request.Version}\": this notebook already uses {package}, and what is loaded cannot be replaced; "
                + "restart the kernel, and ask for the version you need in the first place");
        }

        return true;
    }

    private async Task InstallAsync(IReadOnlyList<PackageRequest> wanted, IReadOnlyList<string> places)
    {
        string names = string.Join(", ", wanted);
        long start = Stopwatch.GetTimestamp();
        IDisplayHandle display = notebook.Display(PackageDisplay.Progress($"Installing {names}"));
        try
        {
            PackageRequest[] all = [.. requests, .. wanted];
            PackageSet? known;
            PackageSet set;
            List<string> notes;
            using (notebook.DeferInterruption())
            {
                // The SDK is ended by the token.
                known = PackageCache.Find(all, places);
                set = known ?? await RestoreAsync(all, places, names, display, start);
                if (known is null)
                {
                    PackageCache.Keep(all, places, set);
                }

                notes = [.. Differences(wanted, set), .. await AdoptAsync(wanted, set)];
            }

            foreach (InstalledPackage package in set.Packages.Where(package => installed.Find(package.Name) is null))
            {
                notes.AddRange(await new PackageExtension(package, csharp, magics, notebook).LoadAsync(set, ReferAsync));
            }

            // What broke off half-way is done again when it is asked for again.
            notebook.Cancellation.ThrowIfCancellationRequested();
            requests.AddRange(wanted.Select(request => set.Find(request.Name) is { } found ? request with { Version = found.Version } : request));
            answered.UnionWith(wanted);
            installed = set;
            string found = string.Join(", ", wanted.Select(request => set.Find(request.Name)?.ToString() ?? $"{request.Name} (part of .NET)"));
            display.Update(PackageDisplay.Result($"Installed {found}{(known is null ? $" in {Seconds(start)}" : "")}", notes));
        }
        catch (Exception exception)
        {
            using IDisposable deferral = notebook.DeferInterruption();
            string why = notebook.Cancellation.IsCancellationRequested ? $"interrupted after {Seconds(start)}" : exception is PackageException ? "not installed" : "failed";
            display.Update(PackageDisplay.Result($"{names}: {why}", []));
            notebook.Cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<PackageSet> RestoreAsync(
        IReadOnlyList<PackageRequest> all, IReadOnlyList<string> places, string names, IDisplayHandle display, long start)
    {
        string activity = "asking the package sources";
        Task<PackageSet> restore = Task.Run(() => PackageRestore.RunAsync(all, places, now => Volatile.Write(ref activity, now), notebook.Cancellation));
        while (await Task.WhenAny(restore, Task.Delay(interval)) != restore)
        {
            display.Update(PackageDisplay.Progress($"Installing {names}: {Volatile.Read(ref activity)}, {Seconds(start)}"));
        }

        return await restore;
    }

    /// <summary>Lets the cells use what was not in use yet; what the host or the notebook has loaded stays as it is.</summary>
    /// <returns>What the user should know of it.</returns>
    private async Task<IReadOnlyList<string>> AdoptAsync(IReadOnlyList<PackageRequest> wanted, PackageSet set)
    {
        InstalledPackage[] asked = [.. wanted.Select(request => set.Find(request.Name)).OfType<InstalledPackage>()];
        var notes = new List<string>();
        var files = new List<string>();
        foreach (string file in set.References)
        {
            string name = NameOf(file);
            string? mine = PlatformReferences.FileOf(name);
            string? used = mine ?? assemblies.GetValueOrDefault(name);
            if (used is not null && used != file
                && (VersionOf(file) > VersionOf(used) || (VersionOf(file) != VersionOf(used) && asked.Any(package => package.Holds(file)))))
            {
                notes.Add($"{name} stays at {VersionOf(used)}, which {(mine is null ? "this notebook" : "the kernel")} has loaded; the package would have brought {VersionOf(file)}");
            }

            files.Add(mine ?? file);
        }

        csharp.Loader.AddPackages(set.Assemblies, set.Libraries);
        await ReferAsync(files);
        return notes;
    }

    /// <summary>Makes assemblies known to the cells that follow, but for those of a name that is known already.</summary>
    private async Task ReferAsync(IEnumerable<string> files)
    {
        List<string> added = [.. files.DistinctBy(NameOf, assemblies.Comparer).Where(file => !assemblies.ContainsKey(NameOf(file)))];
        await csharp.ReferAsync([.. added.Where(file => !PlatformReferences.Has(file))]);
        foreach (string file in added)
        {
            assemblies.Add(NameOf(file), file);
        }
    }

    private static string NameOf(string file) => Path.GetFileNameWithoutExtension(file);

    private static IEnumerable<string> Differences(IEnumerable<PackageRequest> wanted, PackageSet set) =>
        from request in wanted
        where request.IsPlain
        let found = set.Find(request.Name)
        where found is not null && PackageVersion.Parse(found.Version).CompareTo(PackageVersion.Parse(request.Version)) != 0
        select $"{request.Name} has no version {request.Version}, or another package needs a later one: {found.Version} is the lowest that suits";

    private static Version VersionOf(string file) => AssemblyName.GetAssemblyName(file).Version ?? new Version();

    private static string Seconds(long start) => Quantity.Seconds(Math.Round(Stopwatch.GetElapsedTime(start).TotalSeconds, 1));

    private void Show(string text) => notebook.Display(PackageDisplay.Result(text, []));
}
