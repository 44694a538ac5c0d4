using System.Diagnostics;
using System.Globalization;

namespace TensorCell.Benchmarks.Worker;

/// <summary>TensorCell's side of the line protocol of <see cref="ProcessRunner"/>: a process as its peers are.</summary>
public static class WorkerProcess
{
    /// <summary>Prepares a case and serves it until the input ends.</summary>
    /// <param name="arguments">The case's kind and its sizes, the same as peers are given.</param>
    public static void Run(string[] arguments)
    {
        var work = Create(arguments);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ready {work.Check():R}").TrimEnd());
        while (Console.ReadLine() is { } line)
        {
            var seconds = new double[int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture)];
            for (var i = 0; i < seconds.Length; i++)
            {
                work.Prepare();
                var start = Stopwatch.GetTimestamp();
                work.Run();
                seconds[i] = Stopwatch.GetElapsedTime(start).TotalSeconds;
            }

            Console.WriteLine(string.Join(' ', seconds.Select(second => second.ToString("R", CultureInfo.InvariantCulture))));
        }
    }

    private static IWork Create(string[] arguments) => arguments switch
    {
        ["kernel", .. var work] => GridWork.Create(work),
        ["latency", .. var work] => LatencyWork.Create(work),
        ["csharp-scalar", .. var work] => ScalarWork.Create(work),
        _ => TensorWork.Create(arguments),
    };
}
