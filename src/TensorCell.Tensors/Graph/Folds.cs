using System.Numerics;
using TensorCell.Kernels;

namespace TensorCell.Tensors.Graph;

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

    private readonly unsafe struct Replaced<T> : IFold<T>
        where T : unmanaged
    {
        public static bool IsReplacing => true;

        public static void Write(T* place, T written) => *place = written;

        public static void Write(T* place, Vector<T> written) => written.Store(place);
    }

    private readonly unsafe struct Added<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsReplacing => false;

        public static void Write(T* place, T written) => *place += written;

        public static void Write(T* place, Vector<T> written) => (Vector.Load(place) + written).Store(place);
    }

    private readonly unsafe struct Multiplied<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsReplacing => false;

        public static void Write(T* place, T written) => *place *= written;

        public static void Write(T* place, Vector<T> written) => (Vector.Load(place) * written).Store(place);
    }

    private readonly unsafe struct Lesser<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsReplacing => false;

        public static void Write(T* place, T written) => *place = T.Min(*place, written);

        public static void Write(T* place, Vector<T> written) => Vector.Min(Vector.Load(place), written).Store(place);
    }

    private readonly unsafe struct Greater<T> : IFold<T>
        where T : unmanaged, INumber<T>
    {
        public static bool IsReplacing => false;

        public static void Write(T* place, T written) => *place = T.Max(*place, written);

        public static void Write(T* place, Vector<T> written) => Vector.Max(Vector.Load(place), written).Store(place);
    }
}
