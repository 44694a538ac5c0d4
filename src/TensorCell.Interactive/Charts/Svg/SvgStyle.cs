namespace TensorCell.Interactive;

/// <summary>How static charts look; the picture carries its own ground, so it reads on a page of either theme.</summary>
internal static class SvgStyle
{
    public const double TickSize = 11.5;
    public const double LabelSize = 12.5;
    public const double TitleSize = 16;

    public const string Sheet =
        """
        <style>
        text{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",sans-serif}
        .ground{fill:#fff;stroke:#e4e8ee}.ink{fill:#1f2733}.soft{fill:#5b6675}.grid{stroke:#e9edf2}.axis{stroke:#aeb7c3}
        .rule{stroke:#3c4654}.mark{stroke:#7a8594;stroke-dasharray:5 4}.halo{paint-order:stroke;stroke:#fff;stroke-width:3px;stroke-linejoin:round}
        .dot{stroke:#fff;stroke-opacity:.4;stroke-width:.6}
        @media (prefers-color-scheme:dark){.ground{fill:#161b22;stroke:#2a323d}.ink{fill:#e8edf3}.soft{fill:#9aa6b5}.grid{stroke:#252d38}
        .axis{stroke:#4b5766}.rule{stroke:#c6cfda}.mark{stroke:#8b97a6}.halo{stroke:#161b22}}
        @media print{.ground{stroke:none}}
        </style>
        """;
}
