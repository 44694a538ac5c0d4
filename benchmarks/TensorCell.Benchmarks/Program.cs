using System.Runtime.InteropServices;
using TensorCell.Benchmarks;
using TensorCell.Benchmarks.Suites;
using TensorCell.Benchmarks.Worker;
using TensorCell.Kernels;

ISuite[] suites = [new ElementwiseSuite(), new MatmulSuite(), new KernelsSuite(), new TrainingSuite(), new OnnxSuite(), new NotebookSuite()];
if (args is ["worker", .. var work])
{
    WorkerProcess.Run(work);
    return 0;
}

if (!CommandLine.TryParse(args, suites, out var command, out var complaint))
{
    Console.Error.WriteLine(complaint);
    Console.Error.WriteLine(CommandLine.Usage(suites));
    return 2;
}

if (command.WantsHelp)
{
    Console.WriteLine(CommandLine.Usage(suites));
    return 0;
}

var limits = Device.Cpu.Limits;
Console.WriteLine($"{Device.Cpu.Description}, {limits.Cores} threads, {limits.SimdBits}-bit vectors, .NET {Environment.Version}, {RuntimeInformation.OSDescription}");
Console.WriteLine(
    $"limits: {limits.FlopsFloat32 / 1e9:0} and {limits.FlopsFloat64 / 1e9:0} GFLOP/s (f32, f64), "
    + $"copy {limits.CopyBytesPerSecond / 1e9:0.0} GB/s, read {limits.ReadBytesPerSecond / 1e9:0.0} GB/s");
Console.WriteLine($"before: load average {MachineState.LoadAverage():0.00}, {MachineState.BusyShare():P0} of the processors in use by others");

using var file = command.JsonPath is { } path ? new StreamWriter(path, append: false) : null;
foreach (var suite in command.Suites)
{
    ResultTable.WriteHead(Console.Out, suite);
    foreach (var subject in suite.Cases(command.Options))
    {
        var result = CaseRun.Measure(suite.Name, subject, command.Options.IsQuick);
        ResultTable.Write(Console.Out, result);
        if (file is not null)
        {
            ResultFile.Write(file, result);
        }
    }
}

return 0;
