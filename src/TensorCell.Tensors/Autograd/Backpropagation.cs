using TensorCell.Kernels;

namespace TensorCell.Tensors.Autograd;

/// <summary>Reverse accumulation (Linnainmaa 1970) over the derivations that led to a tensor. It only builds pending tensors; nothing runs.</summary>
internal static class Backpropagation
{
    /// <summary>The gradient of every tensor that the output was derived from and that needs one.</summary>
    /// <param name="output">Where it starts.</param>
    /// <param name="gradient">The gradient of the output, of its shape.</param>
    public static Dictionary<Tensor, Tensor> Run(Tensor output, Tensor gradient)
    {
        List<Tensor> derived = Order(output);
        Dictionary<Tensor, Tensor> gradients = new(ReferenceEqualityComparer.Instance) { [output] = gradient };
        using TapeScope untracked = Tensor.NoGrad();
        foreach (Tensor result in derived)
        {
            if (!gradients.TryGetValue(result, out Tensor? flowing))
            {
                continue;
            }

            Derivation derivation = result.Derivation!;
            for (int index = 0; index < derivation.Inputs.Count; index++)
            {
                Tensor input = derivation.Inputs[index];
                if (input.RequiresGrad && derivation.GradientOf(index, flowing, result) is { } share)
                {
                    if (share.Shape != input.Shape)
                    {
                        Throw.Invalid(
                            $"backward: {derivation.Name} gave a gradient of shape {share.Shape} for input {index + 1}, whose shape is {input.Shape}");
                    }

                    share = share.To(input.DType);
                    gradients[input] = gradients.TryGetValue(input, out Tensor? other) ? other + share : share;
                }
            }

            Interruption.Check();
        }

        return gradients;
    }

    /// <summary>The derived tensors that gradients flow through, each before those it was derived from.</summary>
    private static List<Tensor> Order(Tensor output)
    {
        HashSet<Tensor> seen = new(ReferenceEqualityComparer.Instance);
        List<Tensor> derived = [];
        Stack<Tensor> open = [];
        open.Push(output);
        while (open.TryPop(out Tensor? tensor))
        {
            if (tensor.Derivation is not { IsTracked: true } derivation || !seen.Add(tensor))
            {
                continue;
            }

            derived.Add(tensor);
            foreach (Tensor input in derivation.Inputs)
            {
                open.Push(input);
            }
        }

        derived.Sort((left, right) => right.Derivation!.Order.CompareTo(left.Derivation!.Order));
        return derived;
    }
}
