using System.Globalization;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Gives the elements of one tensor texts of one width.</summary>
internal abstract class ElementFormat
{
    /// <summary>The format that suits the elements that will be shown.</summary>
    public static ElementFormat For(DType type, IReadOnlyList<Number> shown) =>
        type == DType.Bool ? new OfBool()
        : type.IsFloatingPoint ? new OfReal(type, shown)
        : new OfInteger(shown);

    /// <summary>A scalar by itself, as NumPy writes its scalars.</summary>
    public static string OfScalar(DType type, Number element)
    {
        if (!type.IsFloatingPoint)
        {
            return type == DType.Bool ? (element.AsLong != 0 ? "True" : "False") : element.AsLong.ToString(CultureInfo.InvariantCulture);
        }

        if (!double.IsFinite(element.AsDouble))
        {
            return OfReal.NonFinite(element.AsDouble);
        }

        DecimalText text = new(element.AsDouble, type);
        string sign = text.IsNegative ? "-" : string.Empty;
        double magnitude = Math.Abs(element.AsDouble);
        if (magnitude is 0 or (>= 1e-4 and < 1e16))
        {
            (string whole, string fraction) = text.Positional(int.MaxValue - 1, isWholeExact: false);
            return $"{sign}{whole}.{(fraction.Length == 0 ? "0" : fraction)}";
        }

        (string first, string rest, int power) = text.Scientific(int.MaxValue - 1);
        return $"{sign}{first}{(rest.Length == 0 ? string.Empty : ".")}{rest}e{OfReal.Power(power, 2)}";
    }

    /// <summary>The text of an element.</summary>
    public abstract string Format(Number element);

    private sealed class OfBool : ElementFormat
    {
        public override string Format(Number element) => element.AsLong != 0 ? " True" : "False";
    }

    private sealed class OfInteger(IReadOnlyList<Number> shown) : ElementFormat
    {
        private readonly int width = shown.Count == 0
            ? 0
            : shown.Max(element => element.AsLong.ToString(CultureInfo.InvariantCulture).Length);

        public override string Format(Number element) => element.AsLong.ToString(CultureInfo.InvariantCulture).PadLeft(width);
    }

    private sealed class OfReal : ElementFormat
    {
        private const int Precision = 8;
        private readonly DType type;
        private readonly bool isScientific;
        private readonly int left;
        private readonly int right;
        private readonly int powerDigits;

        public OfReal(DType type, IReadOnlyList<Number> shown)
        {
            this.type = type;
            double[] finite = [.. shown.Select(element => element.AsDouble).Where(double.IsFinite)];
            isScientific = SpansTooMuch(finite, type);
            foreach (double number in finite)
            {
                DecimalText text = new(number, type);
                int sign = text.IsNegative ? 1 : 0;
                if (isScientific)
                {
                    (string whole, string fraction, int power) = text.Scientific(Precision);
                    left = Math.Max(left, sign + whole.Length);
                    right = Math.Max(right, fraction.Length);
                    powerDigits = Math.Max(powerDigits, Power(power, 2).Length - 1);
                }
                else
                {
                    (string whole, string fraction) = text.Positional(Precision, isWholeExact: true);
                    left = Math.Max(left, sign + whole.Length);
                    right = Math.Max(right, fraction.Length);
                }
            }

            if (finite.Length < shown.Count)
            {
                int widest = shown.Where(element => !double.IsFinite(element.AsDouble)).Max(element => element.AsDouble < 0 ? 4 : 3);
                left = Math.Max(left, widest - Behind - 1);
            }
        }

        /// <summary>Columns behind the point.</summary>
        private int Behind => isScientific ? right + 2 + powerDigits : right;

        /// <summary>An infinity or NaN.</summary>
        public static string NonFinite(double number) =>
            double.IsNaN(number) ? "nan" : number < 0 ? "-inf" : "inf";

        /// <summary>A power of ten with its sign.</summary>
        public static string Power(int power, int digits) =>
            (power < 0 ? "-" : "+") + Math.Abs(power).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');

        public override string Format(Number element)
        {
            double number = element.AsDouble;
            if (!double.IsFinite(number))
            {
                return NonFinite(number).PadLeft(left + 1 + Behind);
            }

            DecimalText text = new(number, type);
            string sign = text.IsNegative ? "-" : string.Empty;
            if (isScientific)
            {
                (string first, string rest, int power) = text.ExactScientific(right);
                return $"{(sign + first).PadLeft(left)}.{rest}e{Power(power, powerDigits)}";
            }

            (string whole, string fraction) = text.Positional(Precision, isWholeExact: true);
            return $"{(sign + whole).PadLeft(left)}.{fraction.PadRight(right)}";
        }

        private static bool SpansTooMuch(double[] finite, DType type)
        {
            double greatest = 0;
            double least = double.PositiveInfinity;
            foreach (double number in finite)
            {
                if (number != 0)
                {
                    greatest = Math.Max(greatest, Math.Abs(number));
                    least = Math.Min(least, Math.Abs(number));
                }
            }

            // The ratio is taken in the elements' own type, as NumPy takes it.
            double ratio = type switch
            {
                DType.Float64 => greatest / least,
                DType.Float16 => (double)(Half)(greatest / least),
                _ => (float)greatest / (float)least,
            };
            return greatest > 0 && (greatest >= 1e8 || least < 1e-4 || ratio > 1000);
        }
    }
}
