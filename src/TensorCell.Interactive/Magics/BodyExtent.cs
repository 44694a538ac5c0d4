namespace TensorCell.Interactive.Magics;

/// <summary>How much of the cell below it belongs to a body magic.</summary>
public enum BodyExtent
{
    /// <summary>What stands below it, up to the next magic.</summary>
    Section,

    /// <summary>As <see cref="Section"/>; a language selector directly below it says in which language the section is.</summary>
    SectionInLanguage,

    /// <summary>What stands below it with the language selectors in it, up to the next magic that is no language selector.</summary>
    Sections,

    /// <summary>All that stands below it, other magics included.</summary>
    Cell,
}
