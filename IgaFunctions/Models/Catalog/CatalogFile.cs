using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace Iga.Models.Catalog;

/// <summary>A catalog of models as a file: <c>{"models": [{"id", "family", …}]}</c>. What a model leaves out is as wide as its family's.</summary>
internal static partial class CatalogFile
{
    /// <exception cref="JsonException">The file is not such JSON, or says what can't be; the message names the model.</exception>
    public static IReadOnlyList<CatalogModel> Read(Stream file)
    {
        var models = Parse(file)?.Models ?? throw new JsonException("it holds no list of models");
        return
        [
            .. models.Select(entry => entry is null
                ? throw new JsonException("a model is null")
                : Check(entry, models.Count(other => other?.Id == entry.Id))),
        ];
    }

    private static Content? Parse(Stream file)
    {
        try
        {
            return JsonSerializer.Deserialize(file, FileJson.Default.Content);
        }
        catch (JsonException exception) when (exception.InnerException is not JsonException)
        {
            // It is JSON. The serializer's own words speak of .NET types.
            throw new JsonException(
                $"{exception.Path} in line {exception.LineNumber + 1} is not known there, given twice, or not of the right type", exception);
        }
    }

    private static CatalogModel Check(Entry entry, int count)
    {
        Demand(ModelIdSyntax.IsValid(entry.Id), "id", "may hold lower-case letters, digits, dots, dashes, underscores and @");
        Demand(count == 1, "id", "is there more than once");
        var family = ModelFamily.All.FirstOrDefault(family => family.Name == entry.Family);
        Demand(family is not null, "family", $"must be {string.Join(" or ", ModelFamily.All.Select(known => known.Name))}");
        var widest = family!.Widest;
        var offer = new ModelOffer
        {
            AspectRatios = entry.AspectRatios ?? widest.AspectRatios,
            ImageSizes = entry.ImageSizes ?? widest.ImageSizes,
            OutputFormats = entry.OutputFormats ?? widest.OutputFormats,
            MaxReferenceImages = entry.MaxReferenceImages ?? widest.MaxReferenceImages,
            TakesSeed = entry.TakesSeed ?? widest.TakesSeed,
            CanOmitWatermark = entry.CanOmitWatermark ?? widest.CanOmitWatermark,
        };
        Demand(offer.AspectRatios is { Count: > 0 } ratios && ratios.All(ratio => RatioPattern().IsMatch(ratio ?? "")),
            "aspect_ratios", "must be ratios such as 16:9");
        var sizes = offer.ImageSizes;
        Demand(sizes.Count > 0 && sizes.All(size => size is not null), "image_sizes", "must be a list of sizes");
        Demand(sizes.All(size => size.Size is null || ModelSize.Names.Contains(size.Size)) && sizes.DistinctBy(s => s.Size).Count() == sizes.Count
                && (sizes.Count == 1 || sizes.All(size => size.Size is not null)),
            "image_sizes", $"must be of {string.Join(", ", ModelSize.Names)}, or one without a name, each once");
        Demand(sizes.All(size => size.OutputTokens is null or > 0 && size.Usd is null or >= 0 && size.TimeoutSeconds is null or (> 0 and <= 600)),
            "image_sizes", "has a negative number, or a timeout over 600 s");
        Demand(offer.OutputFormats.Count > 0 && offer.OutputFormats.All(widest.OutputFormats.Contains),
            "output_formats", $"must be of {string.Join(", ", widest.OutputFormats)}");
        Demand(offer.MaxReferenceImages is >= 0 and <= 100, "max_reference_images", "must be from 0 to 100");
        Demand(entry.Until is null || DayPattern().IsMatch(entry.Until), "until", "must be a day or a month such as 2027-03-15");
        Demand(entry.Retired is null || DayPattern().IsMatch(entry.Retired), "retired", "must be a day or a month such as 2026-06-30");
        Demand(entry.Locations is null || entry.Locations.All(location => LocationPattern().IsMatch(location ?? "")),
            "locations", "must be global, us, eu or regions such as us-central1");
        return new CatalogModel(entry.Id!, family, offer, entry.Locations ?? [], entry.Until, entry.Retired);

        void Demand(bool holds, string member, string allowed)
        {
            if (!holds)
            {
                throw new JsonException($"{member} of the model '{entry.Id}' {allowed}");
            }
        }
    }

    [GeneratedRegex("^[1-9][0-9]{0,2}:[1-9][0-9]{0,2}$")]
    private static partial Regex RatioPattern();

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,49}$")]
    private static partial Regex LocationPattern();

    [GeneratedRegex("^20[0-9]{2}-[0-9]{2}(-[0-9]{2})?$")]
    private static partial Regex DayPattern();

    internal sealed record Content(IReadOnlyList<Entry?>? Models);

    /// <summary>A model as the file has it; see <see cref="CatalogModel"/> and <see cref="ModelOffer"/>.</summary>
    internal sealed record Entry
    {
        public string? Id { get; init; }

        public string? Family { get; init; }

        public IReadOnlyList<string>? Locations { get; init; }

        public IReadOnlyList<string>? AspectRatios { get; init; }

        public IReadOnlyList<ModelSize>? ImageSizes { get; init; }

        public IReadOnlyList<string>? OutputFormats { get; init; }

        public int? MaxReferenceImages { get; init; }

        public bool? TakesSeed { get; init; }

        public bool? CanOmitWatermark { get; init; }

        public string? Until { get; init; }

        public string? Retired { get; init; }
    }

    // A misspelt member would otherwise widen what the model is asked for.
    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowDuplicateProperties = false,
        AllowTrailingCommas = true)]
    [JsonSerializable(typeof(Content))]
    private sealed partial class FileJson : JsonSerializerContext;
}
