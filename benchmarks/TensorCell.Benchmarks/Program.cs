using System.Runtime.InteropServices;
using TensorCell.Benchmarks;
using TensorCell.Benchmarks.Suites;
using TensorCell.Benchmarks.Worker;
using TensorCell.Kernels;

ISuite[] suites =
[
    new ElementwiseSuite(), new ReductionsSuite(), new MatmulSuite(), new NeuralSuite(), new KernelsSuite(), new TrainingSuite(), new OnnxSuite(),
    new NotebookSuite(),
];
if (args is ["limits"])
{
    Console.WriteLine(MachineLimits.Measure().Line);
    return 0;
}

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

var limits = MachineLimits.Of(Environment.ProcessorCount);
Console.WriteLine(
    $"{Device.Cpu.Description}, {Environment.ProcessorCount} threads, {Device.Cpu.Limits.SimdBits}-bit vectors, .NET {Environment.Version}, "
    + RuntimeInformation.OSDescription);
Console.WriteLine($"limits: {limits}");
Console.WriteLine($"before: load average {MachineState.LoadAverage():0.00}, {MachineState.BusyShare():P0} of the processors in use by others");

using var file = command.JsonPath is { } path ? new StreamWriter(path, append: false) : null;
var tally = new Tally();
foreach (var suite in command.Suites)
{
    ResultTable.WriteHead(Console.Out, suite);
    foreach (var subject in suite.Cases(command.Options).Where(subject => command.Wants(subject.Name)))
    {
        var result = CaseRun.Measure(suite.Name, subject, command.Options.IsQuick);
        ResultTable.Write(Console.Out, result, MachineLimits.Of);
        tally.Add(result);
        if (file is not null)
        {
            ResultFile.Write(file, result, MachineLimits.Of);
        }
    }
}

tally.Write(Console.Out);
return 0;
