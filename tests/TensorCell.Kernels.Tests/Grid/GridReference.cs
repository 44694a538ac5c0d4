using System.Reflection;
using TensorCell.Kernels.Frontend;
using TensorCell.Kernels.Ir;

namespace TensorCell.Kernels.Tests.Grid;

/// <summary>Runs kernels by the interpreter, and methods directly, on arrays.</summary>
internal static class GridReference
{
    /// <summary>The program of a kernel.</summary>
    public static GridProgram Read(Delegate kernel) => KernelReader.ReadGrid(kernel.Method, kernel.Target);

    /// <summary>Runs a program by the interpreter.</summary>
    public static Scalar[] Interpret(GridProgram program, (int Z, int Y, int X) extent, params object[] arguments)
    {
        var arrays = GridCases.Arrays(program, arguments);
        var uniforms = arguments.Where(argument => argument is not Array).Select(ToScalar).ToList();
        uniforms.AddRange(program.Captures.Select(capture => capture.Read()));
        var results = new List<Scalar>();
        new GridInterpreter(
            program,
            [extent.X, extent.Y, extent.Z],
            [.. uniforms],
            (view, dimension) => arrays[view.Index].GetLength(dimension),
            (view, index) => ToScalar(arrays[view.Index].GetValue(index)!),
            (view, index, value) => arrays[view.Index].SetValue(FromScalar(value, view.Storage), index))
            .Run((_, values) => results.AddRange(values));
        return [.. results];
    }

    /// <summary>A C# value as a kernel computes with it.</summary>
    public static Scalar ToScalar(object value) => value switch
    {
        float number => number,
        double number => number,
        bool truth => truth,
        Half number => (float)number,
        long number => number,
        ulong number => (long)number,
        uint number => (int)number,
        _ => Convert.ToInt32(value, null),
    };

    /// <summary>A computed value as memory of a type holds it.</summary>
    public static object FromScalar(Scalar value, StorageType storage) => storage switch
    {
        StorageType.Bool => value.AsBoolean,
        StorageType.Int8 => (sbyte)value.Bits,
        StorageType.UInt8 => (byte)value.Bits,
        StorageType.Int16 => (short)value.Bits,
        StorageType.UInt16 => (ushort)value.Bits,
        StorageType.Int32 => (int)value.Bits,
        StorageType.UInt32 => (uint)value.Bits,
        StorageType.Int64 => value.Bits,
        StorageType.UInt64 => (ulong)value.Bits,
        StorageType.Float16 => (Half)value.AsSingle,
        StorageType.Float32 => value.AsSingle,
        _ => value.AsDouble,
    };
}
