using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using TensorCell.Interactive;
using TensorCell.Jupyter.Packages;

namespace TensorCell.Jupyter.Commands;

/// <summary><c>tensorcell install</c>: tells Jupyter where this kernel is.</summary>
internal static class InstallCommand
{
    public const string KernelName = "tensorcell";
    public const string DisplayName = "C# (TensorCell)";
    public const string Language = "csharp";

    private static readonly JsonSerializerOptions json = new()
    {
        WriteIndented = true,
        IndentSize = 1,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static Command Create()
    {
        var user = new Option<bool>("--user") { Description = "Install for the current user (the default)." };
        var prefix = new Option<string?>("--prefix")
        {
            Description = "Install under DIR/share/jupyter, for an environment at DIR.",
            HelpName = "DIR",
        };
        var systemPrefix = new Option<bool>("--sys-prefix")
        {
            Description = "Install into the active Python environment (VIRTUAL_ENV, CONDA_PREFIX or that of python3).",
        };
        var alias = new Option<string[]>("--alias")
        {
            Description = "Install under this name too; '.net-csharp' takes over notebooks written for .NET Interactive.",
            HelpName = "NAME",
        };
        var command = new Command("install", "Install the kernel for Jupyter, so that notebooks offer \"C# (TensorCell)\".")
        {
            user, prefix, systemPrefix, alias,
        };
        command.Validators.Add(result =>
        {
            int places = (result.GetValue(user) ? 1 : 0) + (result.GetValue(prefix) is null ? 0 : 1) + (result.GetValue(systemPrefix) ? 1 : 0);
            if (places > 1)
            {
                result.AddError("Give only one of --user, --prefix and --sys-prefix.");
            }

            foreach (string name in result.GetValue(alias) ?? [])
            {
                if (name.Length == 0 || !name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_'))
                {
                    result.AddError($"'{name}' is no kernel name; use ASCII letters, digits, '.', '-' and '_'.");
                }
            }
        });
        command.SetAction(parsed => Install(
            parsed.GetValue(prefix) is { } directory ? Path.Combine(directory, "share", "jupyter")
                : parsed.GetValue(systemPrefix) ? EnvironmentDirectory()
                : UserDirectory(),
            parsed.GetValue(alias) ?? []));
        return command;
    }

    private static int Install(string? jupyterDirectory, string[] aliases)
    {
        if (jupyterDirectory is null)
        {
            return CommandLine.Fail("install: no Python environment is active and python3 is not there; give its directory with --prefix DIR");
        }

        try
        {
            foreach (string name in aliases.Prepend(KernelName))
            {
                string directory = Path.GetFullPath(Path.Combine(jupyterDirectory, "kernels", name));
                WriteSpecification(directory);
                Console.WriteLine($"Installed \"{DisplayName}\" as {name} in {directory}");
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return CommandLine.Fail($"install: {error.Message}");
        }

        return CommandLine.Success;
    }

    private static void WriteSpecification(string directory)
    {
        Directory.CreateDirectory(directory);
        File.WriteAllText(Path.Combine(directory, "kernel.json"), Specification().ToJsonString(json) + "\n");
        Assembly assembly = typeof(InstallCommand).Assembly;
        foreach (string logo in (string[])["logo-32x32.png", "logo-64x64.png", "logo-svg.svg"])
        {
            using Stream source = assembly.GetManifestResourceStream(logo)!;
            using FileStream target = File.Create(Path.Combine(directory, logo));
            source.CopyTo(target);
        }

        // Jupyter's server hands out the files beside kernel.json, so that charts can fetch plotly.js from the page's own origin.
        if (PlotlyBundle.Script is { } plotly)
        {
            File.WriteAllText(Path.Combine(directory, PlotlyBundle.FileName), plotly);
        }
    }

    private static JsonObject Specification()
    {
        var arguments = new JsonArray();
        string executable = Environment.ProcessPath!;
        arguments.Add(executable);
        if (Path.GetFileNameWithoutExtension(executable).Equals("dotnet", StringComparison.OrdinalIgnoreCase))
        {
            arguments.Add(typeof(InstallCommand).Assembly.Location);
        }

        arguments.Add("jupyter");
        arguments.Add("{connection_file}");
        return new JsonObject
        {
            ["argv"] = arguments,
            ["display_name"] = DisplayName,
            ["language"] = Language,
            ["interrupt_mode"] = "message",
            ["env"] = new JsonObject
            {
                // Jupyter may run where nothing tells the executable which of several runtimes it was installed with.
                ["DOTNET_ROOT"] = DotnetSdk.RunningRoot,
                ["DOTNET_NOLOGO"] = "1",
            },
            ["metadata"] = new JsonObject { ["debugger"] = false },
        };
    }

    private static string UserDirectory()
    {
        if (Environment.GetEnvironmentVariable("JUPYTER_DATA_DIR") is { Length: > 0 } chosen)
        {
            return chosen;
        }

        string home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        return OperatingSystem.IsWindows() ? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter")
            : OperatingSystem.IsMacOS() ? Path.Combine(home, "Library", "Jupyter")
            : Environment.GetEnvironmentVariable("XDG_DATA_HOME") is { Length: > 0 } data ? Path.Combine(data, "jupyter")
            : Path.Combine(home, ".local", "share", "jupyter");
    }

    private static string? EnvironmentDirectory()
    {
        string? prefix = Environment.GetEnvironmentVariable("VIRTUAL_ENV") is { Length: > 0 } virtualEnvironment ? virtualEnvironment
            : Environment.GetEnvironmentVariable("CONDA_PREFIX") is { Length: > 0 } conda ? conda
            : PrefixOfPython();
        return prefix is null ? null : Path.Combine(prefix, "share", "jupyter");
    }

    private static string? PrefixOfPython()
    {
        try
        {
            var start = new ProcessStartInfo("python3", ["-c", "import sys; print(sys.prefix)"]) { RedirectStandardOutput = true };
            using Process python = Process.Start(start)!;
            string prefix = python.StandardOutput.ReadToEnd().Trim();
            python.WaitForExit();
            return python.ExitCode == 0 && prefix.Length > 0 ? prefix : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
