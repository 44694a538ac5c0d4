using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace TensorCell.Kernels.Simd;

/// <summary>Operations without a vector instruction, lane by lane.</summary>
internal static unsafe partial class LaneHelpers
{
    public static Vector128<int> Divide(Vector128<int> x, Vector128<int> y) => Map(x, y, &Quotient);

    public static Vector256<int> Divide(Vector256<int> x, Vector256<int> y) => Map(x, y, &Quotient);

    public static Vector512<int> Divide(Vector512<int> x, Vector512<int> y) => Map(x, y, &Quotient);

    public static Vector128<long> Divide(Vector128<long> x, Vector128<long> y) => Map(x, y, &Quotient);

    public static Vector256<long> Divide(Vector256<long> x, Vector256<long> y) => Map(x, y, &Quotient);

    public static Vector512<long> Divide(Vector512<long> x, Vector512<long> y) => Map(x, y, &Quotient);

    public static Vector128<int> Remainder(Vector128<int> x, Vector128<int> y) => Map(x, y, &IntegerRemainder);

    public static Vector256<int> Remainder(Vector256<int> x, Vector256<int> y) => Map(x, y, &IntegerRemainder);

    public static Vector512<int> Remainder(Vector512<int> x, Vector512<int> y) => Map(x, y, &IntegerRemainder);

    public static Vector128<long> Remainder(Vector128<long> x, Vector128<long> y) => Map(x, y, &IntegerRemainder);

    public static Vector256<long> Remainder(Vector256<long> x, Vector256<long> y) => Map(x, y, &IntegerRemainder);

    public static Vector512<long> Remainder(Vector512<long> x, Vector512<long> y) => Map(x, y, &IntegerRemainder);

    public static Vector128<float> Remainder(Vector128<float> x, Vector128<float> y) => Map(x, y, &RealRemainder);

    public static Vector256<float> Remainder(Vector256<float> x, Vector256<float> y) => Map(x, y, &RealRemainder);

    public static Vector512<float> Remainder(Vector512<float> x, Vector512<float> y) => Map(x, y, &RealRemainder);

    public static Vector128<double> Remainder(Vector128<double> x, Vector128<double> y) => Map(x, y, &RealRemainder);

    public static Vector256<double> Remainder(Vector256<double> x, Vector256<double> y) => Map(x, y, &RealRemainder);

    public static Vector512<double> Remainder(Vector512<double> x, Vector512<double> y) => Map(x, y, &RealRemainder);

    public static Vector128<int> DivideUnsigned(Vector128<int> x, Vector128<int> y) => Map(x, y, &UnsignedQuotient);

    public static Vector128<long> DivideUnsigned(Vector128<long> x, Vector128<long> y) => Map(x, y, &UnsignedQuotient);

    public static Vector256<int> DivideUnsigned(Vector256<int> x, Vector256<int> y) => Map(x, y, &UnsignedQuotient);

    public static Vector256<long> DivideUnsigned(Vector256<long> x, Vector256<long> y) => Map(x, y, &UnsignedQuotient);

    public static Vector512<int> DivideUnsigned(Vector512<int> x, Vector512<int> y) => Map(x, y, &UnsignedQuotient);

    public static Vector512<long> DivideUnsigned(Vector512<long> x, Vector512<long> y) => Map(x, y, &UnsignedQuotient);

    public static Vector128<int> RemainderUnsigned(Vector128<int> x, Vector128<int> y) => Map(x, y, &UnsignedRemainder);

    public static Vector128<long> RemainderUnsigned(Vector128<long> x, Vector128<long> y) => Map(x, y, &UnsignedRemainder);

    public static Vector256<int> RemainderUnsigned(Vector256<int> x, Vector256<int> y) => Map(x, y, &UnsignedRemainder);

    public static Vector256<long> RemainderUnsigned(Vector256<long> x, Vector256<long> y) => Map(x, y, &UnsignedRemainder);

    public static Vector512<int> RemainderUnsigned(Vector512<int> x, Vector512<int> y) => Map(x, y, &UnsignedRemainder);

    public static Vector512<long> RemainderUnsigned(Vector512<long> x, Vector512<long> y) => Map(x, y, &UnsignedRemainder);

    public static Vector128<int> ShiftLeft(Vector128<int> x, Vector128<int> y) => Map(x, y, &Left);

    public static Vector256<int> ShiftLeft(Vector256<int> x, Vector256<int> y) => Map(x, y, &Left);

    public static Vector512<int> ShiftLeft(Vector512<int> x, Vector512<int> y) => Map(x, y, &Left);

    public static Vector128<long> ShiftLeft(Vector128<long> x, Vector128<long> y) => Map(x, y, &Left);

    public static Vector256<long> ShiftLeft(Vector256<long> x, Vector256<long> y) => Map(x, y, &Left);

    public static Vector512<long> ShiftLeft(Vector512<long> x, Vector512<long> y) => Map(x, y, &Left);

    public static Vector128<int> ShiftRight(Vector128<int> x, Vector128<int> y) => Map(x, y, &Right);

    public static Vector256<int> ShiftRight(Vector256<int> x, Vector256<int> y) => Map(x, y, &Right);

    public static Vector512<int> ShiftRight(Vector512<int> x, Vector512<int> y) => Map(x, y, &Right);

    public static Vector128<long> ShiftRight(Vector128<long> x, Vector128<long> y) => Map(x, y, &Right);

    public static Vector256<long> ShiftRight(Vector256<long> x, Vector256<long> y) => Map(x, y, &Right);

    public static Vector512<long> ShiftRight(Vector512<long> x, Vector512<long> y) => Map(x, y, &Right);

    public static Vector128<int> ShiftRightLogical(Vector128<int> x, Vector128<int> y) => Map(x, y, &RightLogical);

    public static Vector256<int> ShiftRightLogical(Vector256<int> x, Vector256<int> y) => Map(x, y, &RightLogical);

    public static Vector512<int> ShiftRightLogical(Vector512<int> x, Vector512<int> y) => Map(x, y, &RightLogical);

    public static Vector128<long> ShiftRightLogical(Vector128<long> x, Vector128<long> y) => Map(x, y, &RightLogical);

    public static Vector256<long> ShiftRightLogical(Vector256<long> x, Vector256<long> y) => Map(x, y, &RightLogical);

    public static Vector512<long> ShiftRightLogical(Vector512<long> x, Vector512<long> y) => Map(x, y, &RightLogical);

    // Zero is tested for rather than trapped: a trap runs a signal handler, which kernels can do without.
    private static int Quotient(int x, int y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    private static long Quotient(long x, long y) => y == -1 ? unchecked(-x) : y == 0 ? throw new DivideByZeroException() : x / y;

    private static int IntegerRemainder(int x, int y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    private static long IntegerRemainder(long x, long y) => y == -1 ? 0 : y == 0 ? throw new DivideByZeroException() : x % y;

    private static int UnsignedQuotient(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x / (uint)y);

    private static long UnsignedQuotient(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x / (ulong)y);

    private static int UnsignedRemainder(int x, int y) => y == 0 ? throw new DivideByZeroException() : (int)((uint)x % (uint)y);

    private static long UnsignedRemainder(long x, long y) => y == 0 ? throw new DivideByZeroException() : (long)((ulong)x % (ulong)y);

    private static float RealRemainder(float x, float y) => x % y;

    private static double RealRemainder(double x, double y) => x % y;

    private static int Left(int x, int y) => x << y;

    private static long Left(long x, long y) => x << (int)y;

    private static int Right(int x, int y) => x >> y;

    private static long Right(long x, long y) => x >> (int)y;

    private static int RightLogical(int x, int y) => x >>> y;

    private static long RightLogical(long x, long y) => x >>> (int)y;

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector128<T> Map<T>(Vector128<T> x, Vector128<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector128<T>.Count, operation);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector256<T> Map<T>(Vector256<T> x, Vector256<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector256<T>.Count, operation);
        return x;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Vector512<T> Map<T>(Vector512<T> x, Vector512<T> y, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        Map((T*)&x, (T*)&y, Vector512<T>.Count, operation);
        return x;
    }

    private static void Map<T>(T* x, T* y, int count, delegate*<T, T, T> operation)
        where T : unmanaged
    {
        for (var i = 0; i < count; i++)
        {
            x[i] = operation(x[i], y[i]);
        }
    }
}
