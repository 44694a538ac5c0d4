using System.Numerics;

namespace TensorCell.Kernels.Tests.Frontend;

/// <summary>Kernels over a space of one axis, of everything that methods are made of; compiled with these tests, and by them once more without optimisation.</summary>
internal static class GridSamples
{
    private static readonly float[] table = [1, 2, 3, 5, 8, 13, 21, 34];

    public static void SumUpTo(int i, float[] x, float[] y)
    {
        var sum = 0f;
        for (var k = 0; k <= i; k++)
        {
            sum += x[k];
        }

        y[i] = sum;
    }

    public static void CountDown(int i, float[] x, float[] y)
    {
        var n = i;
        var steps = 0;
        while (n > 0)
        {
            n = n % 2 == 0 ? n / 2 : n - 3;
            steps++;
        }

        y[i] = steps;
    }

    public static void BreakAndContinue(int i, float[] x, float[] y)
    {
        var sum = 0f;
        for (var k = 0; k < x.Length; k++)
        {
            if (x[k] < 0)
            {
                continue;
            }

            if (k > i * 2)
            {
                break;
            }

            sum += x[k];
        }

        y[i] = sum;
    }

    public static void EarlyReturn(int i, float[] x, float[] y)
    {
        if (i % 3 == 0)
        {
            return;
        }

        y[i] = x[i];
        for (var k = 0; ; k++)
        {
            if (x[(i + k) % 40] > 3)
            {
                y[i] += k;
                return;
            }

            if (k > 10)
            {
                break;
            }
        }

        y[i] -= 100;
    }

    public static void Nested(int i, float[] x, float[] y)
    {
        var best = float.NegativeInfinity;
        for (var a = 0; a < 4; a++)
        {
            for (var b = a; b < 5; b++)
            {
                var value = x[(i + a) % 40] * x[(i + b) % 40];
                if (value > 20)
                {
                    goto done;
                }

                best = value > best ? value : best;
            }
        }

    done:
        y[i] = best;
    }

    public static void DoWhile(int i, float[] x, float[] y)
    {
        var guess = 1f;
        var before = 0f;
        do
        {
            before = guess;
            guess = 0.5f * (guess + (MathF.Abs(x[i]) / guess));
        }
        while (MathF.Abs(guess - before) > 1e-6f * guess);
        y[i] = guess;
    }

    public static void Switches(int i, float[] x, float[] y)
    {
        var state = i % 5;
        var total = 0;
        for (var k = 0; k < 6; k++)
        {
            switch (state)
            {
                case 0:
                    state = 3;
                    total += 1;
                    break;
                case 1:
                    state = 0;
                    continue;
                case 3:
                    total += table.Length;
                    state = 4;
                    break;
                default:
                    state--;
                    break;
            }

            total *= 2;
        }

        y[i] = total;
    }

    public static void Structures(int i, float[] x, float[] y)
    {
        var sum = default(Vector);
        for (var k = 0; k < 3; k++)
        {
            var v = new Vector(x[i], k, 1);
            sum = sum + (v * k);
            if (sum.X > 4)
            {
                sum.X -= 1;
                (sum.Y, sum.Z) = (sum.Z, sum.Y);
            }
        }

        y[i] = sum.X + (10 * sum.Y) + (100 * sum.Z);
    }

    public static void Tuples(int i, float[] x, float[] y)
    {
        var (low, high) = Range(x, i);
        y[i] = high - low;
    }

    public static void GenericMath(int i, float[] x, float[] y) =>
        y[i] = Horner(x[i], 1f, 2f, 3f) + (float)Horner((double)x[i], 1, 2, 3) + Horner(i, 1, 2, 3);

    public static void References(int i, float[] x, float[] y)
    {
        ref var target = ref y[i];
        target = 0;
        for (var k = 0; k < 4; k++)
        {
            Accumulate(ref target, x[(i + k) % 40]);
        }
    }

    public static void Unsigned(int i, float[] x, float[] y)
    {
        var hash = (uint)i * 2654435761u;
        var wide = (ulong)hash * 0x9E3779B97F4A7C15ul;
        for (uint k = 0; k < 3; k++)
        {
            hash ^= hash >> 15;
            hash *= 0x2c1b3c6du;
            wide = BitOperations.RotateLeft(wide, (int)(hash & 63)) / (1 + k);
        }

        y[i] = (hash % 1000u) + (float)(wide % 77ul) + BitOperations.PopCount(hash) + BitOperations.TrailingZeroCount(hash | 64)
            + BitOperations.Log2(hash | 1) + (wide > 1ul << 63 ? 0.5f : 0.25f) + (float)(double)wide;
    }

    public static void SmallIntegers(int i, float[] x, float[] y)
    {
        byte b = (byte)(i * 37);
        sbyte s = (sbyte)(i * 91);
        short h = (short)(i * 7919);
        b += 200;
        s -= 100;
        h <<= 3;
        y[i] = b + s + h + (char)(i + 'a');
    }

    public static void LocalFunctions(int i, float[] x, float[] y)
    {
        var scale = 2f;
        float Weigh(int k)
        {
            for (var n = 0; n < k; n++)
            {
                if (n == 3)
                {
                    return -1;
                }
            }

            return scale * k;
        }

        for (var k = 0; k < 5; k++)
        {
            scale += 1;
            y[i] += Weigh(k) * x[i];
        }
    }

    public static void TwoLevels(int i, float[] x, float[] y)
    {
        var found = -1;
        for (var a = 0; a < 6 && found < 0; a++)
        {
            for (var b = 0; b < 6; b++)
            {
                if (x[(a * 6) + b] > 4 - (i * 0.2f))
                {
                    if (b == a)
                    {
                        break;
                    }

                    found = (a * 10) + b;
                    break;
                }
            }
        }

        y[i] = found;
    }

    public static void Guarded(int i, float[] x, float[] y) => y[i] = i > 0 && x[i - 1] > 0 ? x[i - 1] : i < 39 ? x[i + 1] : -1;

    public static void DivisionsGuarded(int i, float[] x, float[] y) => y[i] = i % 4 == 0 ? -1 : 100 / (i % 4);

    public static void ReferencesOfEachTurn(int i, float[] x, float[] y)
    {
        for (var k = 0; k < 3; k++)
        {
            ref var element = ref y[i];
            element += x[k];
        }

        for (var k = 0; k < 3; k++)
        {
            ref var element = ref x[(i + k) % 40];
            y[i] -= element;
        }

        for (var k = 0; k < 2; k++)
        {
            foreach (var element in x)
            {
                if (element > 4.5f)
                {
                    y[i] = k;
                }
            }
        }
    }

    public static void IndexedByTruth(int i, float[] x, float[] y)
    {
        if (i == 2)
        {
            y[x[i] > 1 ? 1 : 0] = 7;
            y[x[i] > 1 ? 0 : 1] += 3;
        }
        else if (i > 2)
        {
            y[i] = x[i > 20 ? 1 : 0];
        }
    }

    private static (float Low, float High) Range(float[] x, int i)
    {
        var (low, high) = (x[i], x[i]);
        for (var k = 1; k < 5; k++)
        {
            var value = x[(i + k) % x.Length];
            low = value < low ? value : low;
            high = value > high ? value : high;
        }

        return (low, high);
    }

    private static T Horner<T>(T x, T a, T b, T c)
        where T : INumber<T>
    {
        var result = T.Zero;
        result = (((c * x) + b) * x) + a;
        return result > T.CreateTruncating(2) ? T.Max(result, T.One) : -result;
    }

    private static void Accumulate(ref float target, float value)
    {
        if (value > 0)
        {
            target += value;
        }
    }

    private record struct Vector(float X, float Y, float Z)
    {
        public static Vector operator +(Vector a, Vector b) => new(a.X + b.X, a.Y + b.Y, a.Z + b.Z);

        public static Vector operator *(Vector a, float k) => new(a.X * k, a.Y * k, a.Z * k);
    }
}
