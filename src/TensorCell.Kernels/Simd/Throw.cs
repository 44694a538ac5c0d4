using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels;

/// <summary>Errors of launches.</summary>
internal static partial class Throw
{
    public static ArgumentException KernelExtent(string kernel, int rank, Extent extent) =>
        new($"kernel {kernel}: it runs over {rank} {(rank == 1 ? "axis" : "axes")}; the extent {extent} has {extent.Rank}: give {(rank == 1 ? "a number" : rank == 2 ? "(height, width)" : "(depth, height, width)")}");

    public static ArgumentException KernelArguments(GridProgram program, int views, int uniforms, int givenViews, int givenUniforms) => new(
        $"kernel {program.Name}: it takes {Count(views, "view")}{(views == 0 ? "" : $" ({string.Join(", ", program.Views.Take(views).Select(view => view.Name))})")} and {Count(uniforms, "number")}; given were {Count(givenViews, "view")} and {Count(givenUniforms, "number")}");

    public static ArgumentException KernelView(string kernel, ViewOperand view, in KernelArgument given) => new(
        $"kernel {kernel}: {view.Name} is {Described(view.Storage, view.Rank)}; given was {Described(given.Storage, given.Rank)}");

    public static ArgumentException KernelNumber(string kernel, int index, DType given, DType wanted) => new(
        $"kernel {kernel}: number {index} of its parameters is {wanted.Name}; given was {given.Name}{((given, wanted) == (DType.Float64, DType.Float32) ? ": write it with an f, as 0.5f" : ": cast it")}");

    public static ArgumentException KernelCapture(string kernel, string variable) =>
        new($"kernel {kernel}: the captured {variable} is null or no longer an array or view: assign it before the launch");

    public static ArgumentException KernelSharedElements(string view, string kernel) => new(
        $"kernel {kernel}: it stores to {view}, and what was given for it is broadcast: one element stands at several indices; Clone() it first");

    private static string Count(int count, string what) => $"{count} {what}{(count == 1 ? "" : "s")}";

    private static string Described(StorageType storage, int rank) => rank == 0 ? "a number" : $"{storage.Name}[{new string(',', rank - 1)}]";

    public static ArgumentException KernelResult(string kernel, DType result, Type asked) =>
        new($"kernel {kernel}: its values are {result.Name}; {asked.Name} was asked for");

    public static ArgumentException KernelValues(string kernel, Extent extent) =>
        new($"kernel {kernel}: {extent} values; an array holds at most {Array.MaxLength}: ask for fewer at a time, or store them to views");

    public static ArgumentException KernelResults(string kernel, int count) =>
        new($"kernel {kernel}: it returns {(count == 0 ? "nothing: let it return a value, or launch it with a view to store to" : $"{count} values for each item; one is wanted")}");
}
