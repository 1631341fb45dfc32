using System.Text.Json;
using Iga.Models;
using Iga.Models.Catalog;

namespace Iga.Configuration;

/// <summary>Reads which models are called.</summary>
internal static class ModelSettings
{
    private const string DefaultModel = "IGA_VERTEXAI_IMAGE_MODEL_ID";
    private const string Aliases = "IGA_MODEL_ALIASES";
    private const string Allowed = "IGA_ALLOWED_MODEL_IDS";
    private const string Fallbacks = "IGA_MODEL_FALLBACKS";

    /// <param name="googleLocation">Where Google is asked; null where another endpoint is configured, whose models it alone knows.</param>
    public static ModelOptions Read(Settings settings, string? googleLocation)
    {
        var catalog = ReadCatalog(settings);
        var aliases = ReadAliases(settings, catalog);
        var allowed = ReadIds(settings, catalog, aliases, Allowed);

        var named = settings.Text(DefaultModel) ?? IgaOptionsReader.DefaultModelId;
        var modelId = aliases.GetValueOrDefault(named, named);
        if (catalog.Find(modelId) is null)
        {
            settings.Error(DefaultModel, named, ModelFamily.AllowedIds);
        }
        else if (allowed.Count > 0 && !allowed.Contains(modelId))
        {
            settings.Error(DefaultModel, named, $"must be one of {Allowed} ({string.Join(", ", allowed)})");
        }

        var fallbacks = ReadIds(settings, catalog, aliases, Fallbacks);
        if (googleLocation is not null)
        {
            foreach (var (name, id) in fallbacks.Select(id => (Fallbacks, id)).Prepend((DefaultModel, modelId)))
            {
                CheckServed(settings, name, catalog.Find(id), catalog.Find(IgaOptionsReader.DefaultModelId), googleLocation);
            }
        }

        return new ModelOptions(modelId, aliases, allowed.ToHashSet(StringComparer.Ordinal), fallbacks, catalog);
    }

    /// <summary>A model that Google has switched off, or does not serve in the location, would fail every task.</summary>
    /// <param name="current">The model that is proposed in place of a retired one.</param>
    private static void CheckServed(Settings settings, string name, CatalogModel? model, CatalogModel? current, string location)
    {
        if (model is { Retired: { } since })
        {
            settings.Error(name, model.Id, $"the model is retired since {since}; choose another one such as "
                + $"{IgaOptionsReader.DefaultModelId}, or keep the id for callers with {Aliases}={model.Id}={IgaOptionsReader.DefaultModelId}"
                + (current is null || current.IsServedIn(location) ? "" : $"; for either set IGA_VERTEXAI_LOCATION to {string.Join(" or ", current.Locations)}, "
                    + $"since {current.Id} is not served in {location}"));
        }
        else if (model is not null && !model.IsServedIn(location))
        {
            settings.Error(name, model.Id, $"the model is not served in {location}; set IGA_VERTEXAI_LOCATION to "
                + $"{string.Join(" or ", model.Locations)}, or choose another model");
        }
    }

    private static ModelCatalog ReadCatalog(Settings settings)
    {
        const string name = "IGA_MODEL_CATALOG";
        if (settings.Text(name) is not { } path)
        {
            return ModelCatalog.BuiltIn;
        }

        try
        {
            using var file = File.OpenRead(path);
            return ModelCatalog.BuiltIn.With(CatalogFile.Read(file));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or JsonException)
        {
            settings.Error(name, path, $"the file can't be used: {exception.Message}");
            return ModelCatalog.BuiltIn;
        }
    }

    private static Dictionary<string, string> ReadAliases(Settings settings, ModelCatalog catalog)
    {
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in settings.List(Aliases))
        {
            var sides = pair.Split('=', StringSplitOptions.TrimEntries);
            if (sides is not [{ Length: > 0 } old, { Length: > 0 } current])
            {
                settings.Error(Aliases, pair, "must be a list such as imagegeneration@006=gemini-3.1-flash-image,…");
            }
            else if (catalog.Find(current) is null)
            {
                settings.Error(Aliases, pair, $"'{current}' is no model that can be called: {ModelFamily.AllowedIds}");
            }
            else if (!aliases.TryAdd(old, current))
            {
                settings.Error(Aliases, pair, $"'{old}' has two meanings");
            }
        }

        foreach ((var old, var current) in aliases.Where(alias => aliases.ContainsKey(alias.Value)))
        {
            settings.Error(Aliases, $"{old}={current}", $"'{current}' is itself an alias; name the model that is called");
        }

        return aliases;
    }

    /// <returns>The models that a list names, by themselves or by an alias, each once, in the list's order.</returns>
    private static List<string> ReadIds(
        Settings settings, ModelCatalog catalog, Dictionary<string, string> aliases, string name)
    {
        var ids = settings.List(name).Select(id => aliases.GetValueOrDefault(id, id)).Distinct(StringComparer.Ordinal).ToList();
        foreach (var id in ids.Where(id => catalog.Find(id) is null))
        {
            settings.Error(name, id, ModelFamily.AllowedIds);
        }

        return ids;
    }
}
