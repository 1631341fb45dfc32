using System.Globalization;
using System.Text;
using Iga.Models.Catalog;

namespace Iga.Tests.Architecture;

/// <summary>The table in docs/models.md is made from the catalog.</summary>
public sealed class ModelTableTests
{
    private const string Begin = "<!-- made from models.json: begin -->\n";
    private const string End = "<!-- end -->\n";

    private static readonly string Page = Path.Combine(Sources.Root, "docs", "models.md");

    [Fact]
    public void The_table_of_models_is_the_catalogs()
    {
        var page = File.ReadAllText(Page);

        Assert.Equal(Table(), page[(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)..page.IndexOf(End, StringComparison.Ordinal)]);
    }

    /// <summary>Run it by name after a change of models.json: <c>-explicit only -method '*Write_the_table'</c>.</summary>
    [Fact(Explicit = true)]
    public void Write_the_table()
    {
        var page = File.ReadAllText(Page);
        File.WriteAllText(
            Page, page[..(page.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length)] + Table() + page[page.IndexOf(End, StringComparison.Ordinal)..]);
    }

    private static string Table()
    {
        var table = new StringBuilder(
            "| id | dialect | served in | until | ratios | sizes: tokens, price of a picture | formats | references | seed | without watermark |\n"
            + "|---|---|---|---|---|---|---|---|---|---|\n");
        foreach (var model in ModelCatalog.BuiltIn.Models.Where(model => model.Retired is null))
        {
            var offer = model.Offer;
            table.AppendLine(CultureInfo.InvariantCulture, $"""
                | `{model.Id}` | {model.Dialect.Method} | {string.Join(", ", model.Locations)} | {model.Until ?? "no date"} | {Ratios(offer.AspectRatios)} | {string.Join("<br>", offer.ImageSizes.Select(Size))} | {string.Join(", ", offer.OutputFormats)} | {offer.MaxReferenceImages} | {Yes(offer.TakesSeed)} | {Yes(offer.CanOmitWatermark)} |
                """);
        }

        table.Append("\nRetired:\n\n| id | dialect | since |\n|---|---|---|\n");
        foreach (var model in ModelCatalog.BuiltIn.Models.Where(model => model.Retired is not null))
        {
            table.AppendLine(CultureInfo.InvariantCulture, $"| `{model.Id}` | {model.Dialect.Method} | {model.Retired} |");
        }

        return table.ToString();
    }

    private static string Size(ModelSize size) => string.Create(CultureInfo.InvariantCulture,
        $"{size.Size ?? "one"}: {size.OutputTokens}, {(size.Usd is { } usd ? $"${usd}" : "price not known")}");

    private static string Ratios(IReadOnlyList<string> ratios) => string.Join(", ", ratios);

    private static string Yes(bool holds) => holds ? "yes" : "no";
}
