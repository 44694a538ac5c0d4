using System.Runtime.InteropServices;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>Makes cases from arrays and numbers.</summary>
internal static class GridCases
{
    /// <summary>A program with arrays and numbers of C# in the order of its views and uniforms; captured ones are read now.</summary>
    public static GridCase Of(GridProgram program, (int Z, int Y, int X) extent, params object[] arguments)
    {
        var arrays = Arrays(program, arguments);
        var numbers = arguments.Where(argument => argument is not Array).Select(GridReference.ToScalar);
        return new(
            program,
            [extent.X, extent.Y, extent.Z],
            [.. program.Views.Select(view => View(view, arrays[view.Index]))],
            [.. numbers, .. program.Captures.Select(capture => capture.Read())]);
    }

    /// <summary>The arrays that a program's views are of: those given, then those captured.</summary>
    public static Array[] Arrays(GridProgram program, params object[] arguments)
    {
        var given = arguments.OfType<Array>().ToList();
        return [.. given, .. program.Views.Skip(given.Count).Select(view => (Array)KernelArgument.Of(view.Capture!())!.Value.Memory.Owner!)];
    }

    /// <summary>Puts what a case's memory holds into the arrays that it was made from.</summary>
    public static void CopyBack(GridCase test, params object[] arguments)
    {
        foreach (var (view, array) in test.Views.Zip(Arrays(test.Program, arguments)))
        {
            view.Bytes.CopyTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), view.Bytes.Length));
        }
    }

    private static GridCaseView View(ViewOperand operand, Array array)
    {
        var lengths = Enumerable.Range(0, array.Rank).Select(array.GetLength).ToArray();
        var strides = new long[lengths.Length];
        long stride = 1;
        for (var d = strides.Length - 1; d >= 0; d--)
        {
            strides[d] = stride;
            stride *= lengths[d];
        }

        var bytes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), array.Length * operand.Storage.Size).ToArray();
        return new(operand, lengths, strides, 0, bytes);
    }
}
