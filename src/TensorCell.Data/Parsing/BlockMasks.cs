namespace TensorCell.Data.Parsing;

/// <summary>Where in 64 bytes each meaningful byte stands.</summary>
internal readonly record struct BlockMasks(ulong Separators, ulong LineFeeds, ulong CarriageReturns, ulong Quotes);
