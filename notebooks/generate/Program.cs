// Writes the data set of the tour: dotnet run --project notebooks/generate [FILE]
using TensorCell.Notebooks;

string path = args.Length > 0 ? args[0] : "notebooks/machines.csv";
using StreamWriter writer = new(path) { NewLine = "\n" };
int rows = -1;
foreach (string line in MachineReadings.Lines())
{
    writer.WriteLine(line);
    rows++;
}

Console.WriteLine($"{path}: {rows} rows");
