using TensorCell.Kernels;

namespace TensorCell.Data;

/// <summary>What a column of a <see cref="Frame"/> holds.</summary>
public enum ColumnType : byte
{
    /// <summary>True or false.</summary>
    Boolean,

    /// <summary>Signed 64-bit integers.</summary>
    Int64,

    /// <summary>IEEE 754 binary32.</summary>
    Float32,

    /// <summary>IEEE 754 binary64.</summary>
    Float64,

    /// <summary>Days, as <see cref="DateOnly"/>.</summary>
    Date,

    /// <summary>Moments to 100 ns, as <see cref="System.DateTime"/>.</summary>
    DateTime,

    /// <summary>Text, as UTF-8.</summary>
    Text,
}

/// <summary>Facts about each <see cref="ColumnType"/>.</summary>
public static class ColumnTypes
{
    extension(ColumnType type)
    {
        /// <summary>The short name that tables and errors use: <c>f64</c>, <c>i64</c>, <c>text</c> …</summary>
        public string ShortName => type switch
        {
            ColumnType.Boolean => "bool",
            ColumnType.Int64 => "i64",
            ColumnType.Float32 => "f32",
            ColumnType.Float64 => "f64",
            ColumnType.Date => "date",
            ColumnType.DateTime => "datetime",
            _ => "text",
        };

        /// <summary>Whether values are numbers, so that mean and quantiles mean something.</summary>
        public bool IsNumeric => type is ColumnType.Int64 or ColumnType.Float32 or ColumnType.Float64;

        /// <summary>Whether values convert to tensor elements: numbers and booleans.</summary>
        public bool IsTensorElement => type.IsNumeric || type == ColumnType.Boolean;
    }

    /// <summary>The column type whose values are stored as <typeparamref name="T"/>.</summary>
    /// <exception cref="NotSupportedException">No column stores <typeparamref name="T"/>.</exception>
    internal static ColumnType Of<T>() =>
        typeof(T) == typeof(bool) ? ColumnType.Boolean
        : typeof(T) == typeof(long) ? ColumnType.Int64
        : typeof(T) == typeof(float) ? ColumnType.Float32
        : typeof(T) == typeof(double) ? ColumnType.Float64
        : typeof(T) == typeof(DateOnly) ? ColumnType.Date
        : typeof(T) == typeof(DateTime) ? ColumnType.DateTime
        : throw Throw.NoColumnType(typeof(T));
}
