using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

/// <summary>How an element that is written meets the one that is there.</summary>
internal enum Fold
{
    /// <summary>It takes its place.</summary>
    Replace,

    /// <summary>It is added; of truth values, either.</summary>
    Sum,

    /// <summary>It is multiplied; of truth values, both.</summary>
    Product,

    /// <summary>The lesser stays, or NaN.</summary>
    Minimum,

    /// <summary>The greater stays, or NaN.</summary>
    Maximum,
}

/// <summary>A <see cref="Fold"/> of elements of a type, as code.</summary>
internal interface IFold<T>
    where T : unmanaged
{
    /// <summary>What becomes of an element.</summary>
    static abstract T Apply(T there, T written);

    /// <summary>What becomes of several.</summary>
    static abstract Vector<T> Apply(Vector<T> there, Vector<T> written);
}

/// <summary>Work that is written once for all folds and types of elements.</summary>
internal interface IFoldWork
{
    /// <summary>Does it for one fold and type.</summary>
    void Run<T, TFold>()
        where T : unmanaged
        where TFold : IFold<T>;
}

/// <summary>Finds the code of a <see cref="Fold"/>.</summary>
internal static class Folds
{
    /// <summary>Runs work for a fold and a type; halves can only be replaced.</summary>
    public static void Run<TWork>(Fold fold, DType type, TWork work)
        where TWork : IFoldWork
    {
        switch (fold == Fold.Replace, type)
        {
            case (true, _):
                Replace(type.Size, work);
                break;
            case (_, DType.Bool):
                RunBool(fold, work);
                break;
            case (_, DType.UInt8):
                Run<byte, TWork>(fold, work);
                break;
            case (_, DType.Int8):
                Run<sbyte, TWork>(fold, work);
                break;
            case (_, DType.Int32):
                Run<int, TWork>(fold, work);
                break;
            case (_, DType.Int64):
                Run<long, TWork>(fold, work);
                break;
            case (_, DType.Float32):
                Run<float, TWork>(fold, work);
                break;
            case (_, DType.Float64):
                Run<double, TWork>(fold, work);
                break;
            default:
                Throw.NotSupported($"{fold}: not defined on {type.Name}");
                break;
        }
    }

    private static void Replace<TWork>(int size, TWork work)
        where TWork : IFoldWork
    {
        switch (size)
        {
            case 1:
                work.Run<byte, Replaced<byte>>();
                break;
            case 2:
                work.Run<ushort, Replaced<ushort>>();
                break;
            case 4:
                work.Run<uint, Replaced<uint>>();
                break;
            default:
                work.Run<ulong, Replaced<ulong>>();
                break;
        }
    }

    private static void RunBool<TWork>(Fold fold, TWork work)
        where TWork : IFoldWork
    {
        if (fold is Fold.Sum or Fold.Maximum)
        {
            work.Run<byte, Greater<byte>>();
        }
        else
        {
            work.Run<byte, Lesser<byte>>();
        }
    }

    private static void Run<T, TWork>(Fold fold, TWork work)
        where T : unmanaged, INumber<T>
        where TWork : IFoldWork
    {
        switch (fold)
        {
            case Fold.Sum:
                work.Run<T, Added<T>>();
                break;
            case Fold.Product:
                work.Run<T, Multiplied<T>>();
                break;
            case Fold.Minimum:
                work.Run<T, Lesser<T>>();
                break;
            default:
                work.Run<T, Greater<T>>();
                break;
        }
    }

    private readonly struct Replaced<T> : IFold<T>
        where T : unmanaged
    {
        public static T Apply(T there, T written) => written;

        public static Vector<T> Apply(Vector<T> there, Vector<T> written) => written;
    }

    private readonly struct Added<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T there, T written) => there + written;

        public static Vector<T> Apply(Vector<T> there, Vector<T> written) => there + written;
    }

    private readonly struct Multiplied<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T there, T written) => there * written;

        public static Vector<T> Apply(Vector<T> there, Vector<T> written) => there * written;
    }

    private readonly struct Lesser<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T there, T written) => T.Min(there, written);

        public static Vector<T> Apply(Vector<T> there, Vector<T> written) => Vector.Min(there, written);
    }

    private readonly struct Greater<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static T Apply(T there, T written) => T.Max(there, written);

        public static Vector<T> Apply(Vector<T> there, Vector<T> written) => Vector.Max(there, written);
    }
}
