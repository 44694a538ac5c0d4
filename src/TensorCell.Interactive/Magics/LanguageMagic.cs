namespace TensorCell.Interactive.Magics;

/// <summary>A body magic that only says in which language the text below it is, as <c>#!python</c> does.</summary>
public abstract class LanguageMagic : BodyMagic;
