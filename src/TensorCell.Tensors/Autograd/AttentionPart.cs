namespace TensorCell.Tensors.Autograd;

/// <summary>What an attention was given besides query, key, value and mask.</summary>
/// <param name="IsCausal">Whether query i sees keys up to n - m + i only.</param>
/// <param name="Scale">What the products of queries and keys were multiplied by.</param>
/// <param name="HasMask">Whether its fourth input is a mask.</param>
public sealed record AttentionPart(bool IsCausal, double Scale, bool HasMask);
