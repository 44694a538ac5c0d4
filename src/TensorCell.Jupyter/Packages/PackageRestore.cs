using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace TensorCell.Jupyter.Packages;

/// <summary>Has the .NET SDK find, fetch and unpack packages.</summary>
internal static partial class PackageRestore
{
    private const int MostOutput = 4000;

    /// <summary>Restores packages.</summary>
    /// <param name="requests">The packages.</param>
    /// <param name="sources">Where to look for them, beside the sources that NuGet is configured with.</param>
    /// <param name="progress">Is told what happens.</param>
    /// <param name="cancellation">Ends the SDK.</param>
    /// <exception cref="PackageException">A package cannot be had.</exception>
    public static async Task<PackageSet> RunAsync(
        IReadOnlyList<PackageRequest> requests, IReadOnlyList<string> sources, Action<string> progress, CancellationToken cancellation)
    {
        string sdk = DotnetSdk.Find(DotnetSdk.Roots());
        string folder = Directory.CreateTempSubdirectory("tensorcell-packages-").FullName;
        try
        {
            var project = new PackageProject(folder);
            project.Write(requests, sources, Environment.CurrentDirectory);
            (int code, string output) = await StartAsync(sdk, project.File, progress, cancellation);
            return code == 0 ? project.Read() : Throw.Package<PackageSet>(PackageFailure.Describe(requests, project, output));
        }
        finally
        {
            TryDelete(folder);
        }
    }

    private static async Task<(int Code, string Output)> StartAsync(
        string sdk, string project, Action<string> progress, CancellationToken cancellation)
    {
        string[] arguments = ["msbuild", project, "-restore", "-target:Report", "-verbosity:normal", "-nologo", "-maxCpuCount:1", "-nodeReuse:false"];
        var start = new ProcessStartInfo(sdk, arguments)
        {
            WorkingDirectory = Path.GetDirectoryName(project),
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["DOTNET_CLI_UI_LANGUAGE"] = "en";
        start.Environment["DOTNET_NOLOGO"] = "1";
        foreach (string inherited in (string[])["MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "DOTNET_HOST_PATH"])
        {
            start.Environment.Remove(inherited);
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenRegistration end = cancellation.UnsafeRegister(_ => process.Kill(entireProcessTree: true), null);
        Task<string> errors = process.StandardError.ReadToEndAsync(CancellationToken.None);
        var output = new StringBuilder();
        while (await process.StandardOutput.ReadLineAsync(CancellationToken.None) is { } line)
        {
            output.AppendLine(line);
            if (Activity().Match(line) is { Success: true } activity)
            {
                progress(activity.Groups["file"].Success ? $"fetching {Path.GetFileNameWithoutExtension(activity.Groups["file"].Value)}" : $"unpacked {activity.Groups["package"].Value}");
            }
        }

        output.Append(await errors);
        await process.WaitForExitAsync(CancellationToken.None);
        cancellation.ThrowIfCancellationRequested();
        string text = output.ToString();
        return (process.ExitCode, text.Length <= MostOutput ? text : text[^MostOutput..]);
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // The system clears it away one day.
            return;
        }
    }

    [GeneratedRegex(@"^\s*(?:GET \S+/(?<file>[^/?\s]+\.nupkg)|Installed (?<package>\S+ \S+) from)")]
    private static partial Regex Activity();
}
