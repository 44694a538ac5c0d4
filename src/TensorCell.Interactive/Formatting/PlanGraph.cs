using TensorCell.Kernels;
using TensorCell.Tensors;

namespace TensorCell.Interactive.Formatting;

/// <summary>A launch plan as a picture: tensors that were there, the kernels that read them, and what they made, from top to bottom.</summary>
internal static class PlanGraph
{
    private const int MostNodes = 60;
    private const int MostInputs = 16;
    private const int MostOperations = 6;
    private const double TextSize = 11.5;
    private const double LineHeight = 15;
    private const double Gap = 18;
    private const double LayerGap = 44;
    private const double Widest = 230;

    public static string ToSvg(LaunchPlan plan)
    {
        var nodes = Nodes(plan);
        nodes.AddRange(Passages(nodes));
        var layers = nodes.GroupBy(node => node.Layer).OrderBy(layer => layer.Key).Select(layer => layer.ToArray()).ToArray();
        var width = Math.Max(240, layers.Max(layer => layer.Sum(node => node.Width + Gap) + Gap));
        var top = Gap;
        foreach (var layer in layers)
        {
            Order(layer);
            var left = (width - layer.Sum(node => node.Width + Gap) + Gap) / 2;
            foreach (var node in layer)
            {
                (node.X, node.Y) = (left, top);
                left += node.Width + Gap;
            }

            var tallest = layer.Max(node => node.Height);
            foreach (var node in layer)
            {
                node.Bottom = top + tallest;
            }

            top += tallest + LayerGap;
        }

        var height = top - LayerGap + Gap;
        var svg = new SvgWriter();
        svg.Raw($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {SvgWriter.Number(width)} {SvgWriter.Number(height)}\" width=\"{SvgWriter.Number(width)}\" height=\"{SvgWriter.Number(height)}\" role=\"img\">");
        svg.Raw(SvgStyle.Sheet);
        svg.Rectangle(0.5, 0.5, width - 1, height - 1, "rx=\"8\" class=\"ground\"");
        foreach (var node in nodes)
        {
            foreach (var (from, label) in node.From)
            {
                Edge(svg, from, node, label);
            }
        }

        foreach (var node in nodes.Where(node => !node.IsPassage))
        {
            Draw(svg, node);
        }

        if (plan.Steps.Count + plan.Omitted > nodes.Count(node => node.IsStep))
        {
            svg.Text(width - 10, height - 6, $"and {plan.Steps.Count + plan.Omitted - nodes.Count(node => node.IsStep):N0} steps more", "class=\"soft\" font-size=\"11\" text-anchor=\"end\"");
        }

        svg.Raw("</svg>");
        return svg.ToString();
    }

    private static List<Node> Nodes(LaunchPlan plan)
    {
        var stored = new Dictionary<int, Node>();
        var steps = new List<Node>();
        var all = new List<Node>();
        foreach (var step in plan.Steps)
        {
            if (all.Count + Math.Min(step.Inputs.Count, MostInputs + 1) > MostNodes)
            {
                break;
            }

            var from = new List<(Node, string)>();
            foreach (var input in step.Inputs.Take(MostInputs))
            {
                if (input.Step is { } maker)
                {
                    from.Add((steps[maker], plan.Steps[maker].Outputs.Count > 1 ? $"t{input.Number}" : ""));
                    continue;
                }

                if (!stored.TryGetValue(input.Number, out var leaf))
                {
                    stored.Add(input.Number, leaf = new([Describe(input)], isStep: false, []));
                    all.Add(leaf);
                }

                from.Add((leaf, ""));
            }

            if (step.Inputs.Count > MostInputs)
            {
                var others = new Node([$"and {step.Inputs.Count - MostInputs:N0} more"], isStep: false, []);
                all.Add(others);
                from.Add((others, ""));
            }

            var node = new Node(Lines(step, steps.Count), isStep: true, from);
            steps.Add(node);
            all.Add(node);
        }

        // What is read late stands near its reader rather than at the top.
        foreach (var leaf in all.Where(node => !node.IsStep))
        {
            leaf.Layer = Math.Max(0, steps.Where(step => step.From.Any(edge => edge.Node == leaf)).Select(step => step.Layer).Min() - 1);
        }

        return all;
    }

    /// <summary>Places for the lines from a node to readers several layers below it, beside the boxes of the layers between; the lines of a node share them.</summary>
    private static IReadOnlyCollection<Node> Passages(IReadOnlyList<Node> nodes)
    {
        var passages = new Dictionary<(Node Source, int Layer), Node>();
        foreach (var node in nodes)
        {
            for (var i = 0; i < node.From.Count; i++)
            {
                node.From[i] = (Above(node.Layer, node.From[i].Node), node.From[i].Label);
            }
        }

        return passages.Values;

        Node Above(int layer, Node source)
        {
            if (source.Layer == layer - 1)
            {
                return source;
            }

            if (!passages.TryGetValue((source, layer - 1), out var passage))
            {
                passage = Node.Passage(layer - 1, Above(layer - 1, source));
                passages.Add((source, layer - 1), passage);
            }

            return passage;
        }
    }

    private static List<string> Lines(LaunchStep step, int index)
    {
        var lines = new List<string> { $"{index + 1}. {(step.Operations.Count > 1 ? $"{step.Operations.Count} operations, one kernel" : step.Name)}" };
        if (step.Operations.Count > 1)
        {
            lines.AddRange(step.Operations.Take(MostOperations).Select(operation => "· " + operation));
            if (step.Operations.Count > MostOperations)
            {
                lines.Add($"· {step.Operations.Count - MostOperations} more");
            }
        }

        lines.AddRange(step.Outputs.Select(output => "→ " + Describe(output)));
        return lines;
    }

    private static string Describe(LaunchValue value) => $"t{value.Number}  {value.DType.Name} {value.Shape}";

    /// <summary>Sorts the nodes of a layer by where what they read stands, which keeps lines from crossing.</summary>
    private static void Order(Node[] layer)
    {
        var places = layer.Select((node, index) => node.From.Count == 0 ? (index * 120.0) + 60 : node.From.Average(edge => edge.Node.X + (edge.Node.Width / 2))).ToArray();
        Array.Sort(places, layer);
    }

    private static void Edge(SvgWriter svg, Node from, Node to, string label)
    {
        // Down to the end of its layer first, past taller boxes beside it.
        double x1 = from.X + (from.Width / 2), y1 = from.Bottom, x2 = to.X + (to.Width / 2), y2 = to.Y;
        var bend = (y2 - y1) / 2;
        var end = to.IsPassage ? y2 : y2 - 5;
        svg.Raw($"<path d=\"M{SvgWriter.Number(x1)} {SvgWriter.Number(from.Y + from.Height)}V{SvgWriter.Number(y1)}C{SvgWriter.Number(x1)} {SvgWriter.Number(y1 + bend)} {SvgWriter.Number(x2)} {SvgWriter.Number(y2 - bend)} {SvgWriter.Number(x2)} {SvgWriter.Number(end)}\" class=\"axis\" fill=\"none\" stroke-width=\"1.4\"/>");
        if (to.IsPassage)
        {
            return;
        }

        svg.Raw($"<path d=\"M{SvgWriter.Number(x2 - 4)} {SvgWriter.Number(y2 - 7)}L{SvgWriter.Number(x2)} {SvgWriter.Number(y2)}L{SvgWriter.Number(x2 + 4)} {SvgWriter.Number(y2 - 7)}\" class=\"axis\" fill=\"none\" stroke-width=\"1.4\"/>");
        if (label.Length > 0)
        {
            svg.Text((x1 + x2) / 2, ((y1 + y2) / 2) + 4, label, "class=\"soft halo\" font-size=\"10.5\" text-anchor=\"middle\"");
        }
    }

    private static void Draw(SvgWriter svg, Node node)
    {
        var radius = node.IsStep ? 6 : 14;
        svg.Rectangle(node.X, node.Y, node.Width, node.Height, $"rx=\"{radius}\" class=\"ground\"");
        svg.Rectangle(node.X, node.Y, node.Width, node.Height, node.IsStep
            ? "rx=\"6\" fill=\"#3b7dd8\" fill-opacity=\"0.13\" stroke=\"#3b7dd8\" stroke-width=\"1.3\""
            : "rx=\"14\" fill=\"#7a8594\" fill-opacity=\"0.12\" stroke=\"#7a8594\" stroke-width=\"1\"");
        for (var i = 0; i < node.Lines.Count; i++)
        {
            var weight = node.IsStep && i == 0 ? " font-weight=\"600\"" : "";
            svg.Text(node.X + 11, node.Y + 19 + (i * LineHeight), SvgWriter.Fit(node.Lines[i], TextSize, Widest), $"class=\"ink\" font-size=\"11.5\"{weight}");
        }
    }

    private sealed class Node
    {
        private const double PassageWidth = 6;

        private Node(int layer, Node from)
        {
            (Lines, IsPassage, From, Layer, Width) = ([], true, [(from, "")], layer, PassageWidth);
        }

        public Node(List<string> lines, bool isStep, List<(Node Node, string Label)> from)
        {
            Lines = lines;
            IsStep = isStep;
            From = from;
            Layer = from.Count == 0 ? (isStep ? 1 : 0) : from.Max(edge => edge.Node.Layer) + 1;
            Width = Math.Min(Widest, lines.Max(line => SvgWriter.WidthOf(line, TextSize) * (isStep ? 1.13 : 1))) + 22;
            Height = (lines.Count * LineHeight) + 13;
        }

        public static Node Passage(int layer, Node from) => new(layer, from);

        public List<string> Lines { get; }

        public bool IsStep { get; }

        /// <summary>Whether it is nothing but a line that passes through its layer.</summary>
        public bool IsPassage { get; }

        public List<(Node Node, string Label)> From { get; }

        public int Layer { get; set; }

        public double Width { get; }

        public double Height { get; }

        public double X { get; set; }

        public double Y { get; set; }

        /// <summary>Where its layer ends.</summary>
        public double Bottom { get; set; }
    }
}
