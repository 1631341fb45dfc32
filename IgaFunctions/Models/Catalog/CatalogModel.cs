using Iga.Models.Dialects;

namespace Iga.Models.Catalog;

/// <summary>A model that the service can call.</summary>
/// <param name="Id">The publisher model, such as <c>gemini-3.1-flash-image</c>.</param>
/// <param name="Locations">Where it is served; empty if that is not known.</param>
/// <param name="Until">The earliest day, or month, on which it may be switched off (<c>2027-03-15</c>); null if none is announced.</param>
/// <param name="Retired">The day, or month, since which it is gone; null while it is served.</param>
internal sealed record CatalogModel(
    string Id, ModelFamily Family, ModelOffer Offer, IReadOnlyList<string> Locations, string? Until = null, string? Retired = null)
{
    public IDialect Dialect => Family.Dialect;

    /// <returns>Why the model can't be had there; null where the catalog knows no reason. Goes on after the model's id.</returns>
    public string? AbsenceIn(string location) =>
        Retired is { } since ? $"is retired since {since}"
        : IsServedIn(location) ? null
        : $"is served in {string.Join(", ", Locations)}, but not in {location}, where this service asks for it (IGA_VERTEXAI_LOCATION)";

    /// <returns>True also where it is not known.</returns>
    public bool IsServedIn(string location) => Locations.Count == 0 || Locations.Contains(location);
}
