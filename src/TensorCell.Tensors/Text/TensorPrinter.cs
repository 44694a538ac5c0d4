using System.Text;
using TensorCell.Kernels;
using TensorCell.Tensors.Graph;

namespace TensorCell.Tensors;

/// <summary>Writes a tensor as NumPy's <c>print</c> does.</summary>
internal sealed class TensorPrinter
{
    private const int LineWidth = 75;
    private const int Threshold = 1000;
    private const int EdgeItems = 3;

    private readonly Tensor tensor;
    private readonly Storage storage;
    private readonly bool isAbridged;
    private readonly ElementFormat format;

    private TensorPrinter(Tensor tensor)
    {
        this.tensor = tensor;
        storage = tensor.Storage;
        isAbridged = tensor.Count > Threshold;
        List<Number> shown = [];
        Gather(0, 0, shown);
        format = ElementFormat.For(tensor.DType, shown);
    }

    /// <summary>The text of a tensor.</summary>
    public static string Print(Tensor tensor)
    {
        if (tensor.Count == 0)
        {
            return "[]";
        }

        TensorPrinter printer = new(tensor);
        return tensor.Rank == 0
            ? ElementFormat.OfScalar(tensor.DType, printer.Read(0))
            : printer.Axis(0, 0, " ", LineWidth);
    }

    /// <summary>The positions shown along an axis; -1 stands for those left out.</summary>
    private IEnumerable<int> Shown(int axis)
    {
        int length = tensor.Shape[axis];
        return isAbridged && length > 2 * EdgeItems
            ? [.. Enumerable.Range(0, EdgeItems), -1, .. Enumerable.Range(length - EdgeItems, EdgeItems)]
            : Enumerable.Range(0, length);
    }

    private void Gather(int axis, long offset, List<Number> shown)
    {
        if (axis == tensor.Rank)
        {
            shown.Add(Read(offset));
            return;
        }

        foreach (int position in Shown(axis))
        {
            if (position >= 0)
            {
                Gather(axis + 1, offset + (position * tensor.Strides[axis]), shown);
            }
        }
    }

    private string Axis(int axis, long offset, string indent, int width)
    {
        StringBuilder text = new("[");
        if (axis < tensor.Rank - 1)
        {
            string separator = new('\n', tensor.Rank - 1 - axis);
            bool isFirst = true;
            foreach (int position in Shown(axis))
            {
                text.Append(isFirst ? string.Empty : separator + indent);
                text.Append(
                    position < 0 ? "..." : Axis(axis + 1, offset + (position * tensor.Strides[axis]), indent + " ", width - 1));
                isFirst = false;
            }
        }
        else
        {
            int column = indent.Length;
            bool isLineEmpty = true;
            foreach (int position in Shown(axis))
            {
                string word = position < 0 ? "..." : format.Format(Read(offset + (position * tensor.Strides[axis])));
                if (!isLineEmpty && column + 1 + word.Length > width - 1)
                {
                    TrimEnd(text);
                    text.Append('\n').Append(indent);
                    column = indent.Length;
                    isLineEmpty = true;
                }

                if (!isLineEmpty)
                {
                    text.Append(' ');
                    column++;
                }

                text.Append(word);
                column += word.Length;
                isLineEmpty = false;
            }
        }

        return text.Append(']').ToString();
    }

    private static void TrimEnd(StringBuilder text)
    {
        while (text[^1] == ' ')
        {
            text.Length--;
        }
    }

    private Number Read(long offset) => Elements.Read(storage, tensor.DType, tensor.Layout.Offset + offset);
}
