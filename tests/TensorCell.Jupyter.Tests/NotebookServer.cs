using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TensorCell.Jupyter.Notebooks;

namespace TensorCell.Jupyter.Tests;

/// <summary>A classic Jupyter Notebook server on a loopback port, with this kernel installed in directories of its own.</summary>
public sealed class NotebookServer : IAsyncLifetime
{
    private const string Token = "test";
    private readonly TemporaryDirectory directory = new();
    private Process? server;
    private string? missing;

    /// <summary>Where it answers; null where it cannot run.</summary>
    public string? Address { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (Programs.Find("python3") is not { } python || Run(python, ["-c", "import notebook; assert notebook.__version__ < '7'"]) != 0)
        {
            missing = "no classic Jupyter Notebook: python3-notebook is not installed";
            return;
        }

        var tool = Path.Combine(AppContext.BaseDirectory, "tensorcell.dll");
        Assert.Equal(0, Run("dotnet", [tool, "install", "--prefix", directory.Path]));
        var port = FreePort();
        Directory.CreateDirectory(Notebooks);
        server = Process.Start(Starting(
            python,
            [
                "-m", "notebook", "--no-browser", "--allow-root", "--ip=127.0.0.1", $"--port={port}", "--port-retries=0", $"--NotebookApp.token={Token}",
                $"--notebook-dir={Notebooks}", "--log-level=ERROR",
            ]))!;
        _ = server.StandardOutput.ReadToEndAsync();
        _ = server.StandardError.ReadToEndAsync();
        var address = $"http://127.0.0.1:{port}";
        await WaitUntilReadyAsync(address);
        Address = address;
    }

    public async ValueTask DisposeAsync()
    {
        if (server is not null)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
            server.Dispose();
        }

        directory.Dispose();
    }

    /// <summary>Puts a notebook on the server and returns the address that opens it; skips the test where there is no server.</summary>
    internal string Add(string name, NotebookDocument document)
    {
        SkipIfMissing();
        NotebookFile.Write(Path.Combine(Notebooks, name), document);
        return AddressOf(name);
    }

    /// <summary>Puts the tour on the server and returns the address that opens it; skips the test where there is no server.</summary>
    internal string AddTour()
    {
        SkipIfMissing();
        return AddressOf(Path.GetFileName(Tour.CopyTo(Notebooks)));
    }

    private string Notebooks => Path.Combine(directory.Path, "notebooks");

    private void SkipIfMissing() => Assert.SkipWhen(missing is not null, missing ?? "");

    private string AddressOf(string name) => $"{Address}/notebooks/{name}?token={Token}";

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task WaitUntilReadyAsync(string address)
    {
        using var client = new HttpClient();
        var clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var response = await client.GetAsync($"{address}/api?token={Token}");
                if (response.IsSuccessStatusCode)
                {
                    return;
                }
            }
            catch (HttpRequestException) when (clock.Elapsed < TimeSpan.FromSeconds(60))
            {
                // The server is still starting.
            }

            Assert.False(server!.HasExited, "the notebook server ended while it started");
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(60), "the notebook server did not start within a minute");
            await Task.Delay(100);
        }
    }

    private int Run(string program, string[] arguments)
    {
        using var process = Process.Start(Starting(program, arguments))!;
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardError.ReadToEnd();
        output.Wait();
        process.WaitForExit();
        return process.ExitCode;
    }

    private ProcessStartInfo Starting(string program, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = directory.Path };
        start.Environment["HOME"] = directory.Path;
        start.Environment["JUPYTER_PATH"] = Path.Combine(directory.Path, "share", "jupyter");
        foreach (var name in (string[])["DATA", "CONFIG", "RUNTIME"])
        {
            start.Environment[$"JUPYTER_{name}_DIR"] = Path.Combine(directory.Path, name.ToLowerInvariant());
        }

        start.Environment["TMPDIR"] = directory.Path;
        start.Environment["IPYTHONDIR"] = Path.Combine(directory.Path, "ipython");
        return start;
    }
}
