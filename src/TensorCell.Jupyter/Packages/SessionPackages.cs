using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using TensorCell.Interactive;
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
    private readonly List<string> sources = [];
    private readonly Dictionary<string, string> assemblies = new(StringComparer.OrdinalIgnoreCase);
    private PackageSet installed = new([], [], [], []);

    /// <summary>Installs what a cell asks for.</summary>
    /// <exception cref="PackageException">It cannot be had.</exception>
    /// <exception cref="OperationCanceledException">The cell was interrupted.</exception>
    public async Task InstallAsync(PackageDirectives directives)
    {
        sources.AddRange(directives.Sources.Except(sources));
        List<PackageRequest> wanted = [.. directives.Requests.Where(request => !IsThere(request)).Distinct()];
        if (wanted.GroupBy(request => request.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            Throw.Package($"#r \"nuget: {twice.Key}\": the cell asks for {twice.Key} in the versions {string.Join(" and ", twice.Select(request => request.Version))}; keep one");
        }

        if (wanted.Count > 0)
        {
            await InstallAsync(wanted);
        }
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

        if (!PackageVersion.Fits(package.Version, request.Version))
        {
            Throw.Package(
                $"#r \"nuget: {request.Name}, {request.Version}\": this notebook already uses {package}, and what is loaded cannot be replaced; "
                + "restart the kernel, and ask for the version you need in the first place");
        }

        return true;
    }

    private async Task InstallAsync(IReadOnlyList<PackageRequest> wanted)
    {
        using IDisposable deferral = notebook.DeferInterruption(); // The SDK is ended by the token.
        string names = string.Join(", ", wanted);
        long start = Stopwatch.GetTimestamp();
        IDisplayHandle display = notebook.Display(PackageDisplay.Progress($"Installing {names}"));
        try
        {
            PackageRequest[] all = [.. requests, .. wanted];
            PackageSet? known = PackageCache.Find(all, sources);
            PackageSet set = known ?? await RestoreAsync(all, names, display, start);
            if (known is null)
            {
                PackageCache.Keep(all, sources, set);
            }

            requests.AddRange(wanted.Select(request => set.Find(request.Name) is { } found ? request with { Version = found.Version } : request));
            List<string> notes = [.. Differences(wanted, set), .. await AdoptAsync(wanted, set)];
            List<InstalledPackage> added = [.. set.Packages.Where(package => installed.Find(package.Name) is null)];
            installed = set;
            foreach (InstalledPackage package in added)
            {
                notes.AddRange(await new PackageExtension(package, csharp, magics).LoadAsync(set, notebook.Cancellation));
            }

            string found = string.Join(", ", wanted.Select(request => set.Find(request.Name)?.ToString() ?? $"{request.Name} (part of .NET)"));
            display.Update(PackageDisplay.Result($"Installed {found}{(known is null ? $" in {Seconds(start)}" : "")}", notes));
        }
        catch (Exception exception)
        {
            string why = notebook.Cancellation.IsCancellationRequested ? $"interrupted after {Seconds(start)}" : exception is PackageException ? "not installed" : "failed";
            display.Update(PackageDisplay.Result($"{names}: {why}", []));
            notebook.Cancellation.ThrowIfCancellationRequested();
            throw;
        }
    }

    private async Task<PackageSet> RestoreAsync(IReadOnlyList<PackageRequest> all, string names, IDisplayHandle display, long start)
    {
        string activity = "asking the package sources";
        Task<PackageSet> restore = Task.Run(() => PackageRestore.RunAsync(all, sources, now => Volatile.Write(ref activity, now), notebook.Cancellation));
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
        string[] asked = [.. wanted.Select(request => set.Find(request.Name)?.Folder).OfType<string>()];
        var notes = new List<string>();
        var files = new List<string>();
        foreach (string file in set.References)
        {
            string name = Path.GetFileNameWithoutExtension(file);
            string? mine = PlatformReferences.FileOf(name);
            string? used = mine ?? assemblies.GetValueOrDefault(name);
            if (used is not null && used != file
                && (VersionOf(file) > VersionOf(used) || (VersionOf(file) != VersionOf(used) && asked.Any(file.StartsWith))))
            {
                notes.Add($"{name} stays at {VersionOf(used)}, which {(mine is null ? "this notebook" : "the kernel")} has loaded; the package would have brought {VersionOf(file)}");
            }

            if (!assemblies.ContainsKey(name) && !(mine is not null && PlatformReferences.Has(mine)))
            {
                files.Add(mine ?? file);
            }

            assemblies.TryAdd(name, mine ?? file);
        }

        csharp.Loader.AddPackages(set.Assemblies, set.Libraries);
        await csharp.ReferAsync(files);
        return notes;
    }

    private static IEnumerable<string> Differences(IEnumerable<PackageRequest> wanted, PackageSet set) =>
        from request in wanted
        where char.IsDigit(request.Version[0]) && !request.IsFloating
        let found = set.Find(request.Name)
        where found is not null && PackageVersion.Parse(found.Version).CompareTo(PackageVersion.Parse(request.Version)) != 0
        select $"{request.Name} has no version {request.Version}, or another package needs a later one: {found.Version} is the lowest that suits";

    private static Version VersionOf(string file) => AssemblyName.GetAssemblyName(file).Version ?? new Version();

    private static string Seconds(long start) =>
        string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");

    private void Show(string text) => notebook.Display(PackageDisplay.Result(text, []));
}
