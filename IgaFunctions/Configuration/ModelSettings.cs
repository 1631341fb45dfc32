using Iga.Models;

namespace Iga.Configuration;

/// <summary>Reads which models are called.</summary>
internal static class ModelSettings
{
    public static ModelOptions Read(Settings settings)
    {
        var aliases = ReadAliases(settings);
        var allowed = ReadAllowed(settings);

        var named = settings.Text("IGA_VERTEXAI_IMAGE_MODEL_ID") ?? IgaOptionsReader.DefaultModelId;
        var modelId = aliases.GetValueOrDefault(named, named);
        if (ModelFamily.Of(modelId) is null)
        {
            settings.Error("IGA_VERTEXAI_IMAGE_MODEL_ID", named, ModelFamily.AllowedIds);
        }
        else if (allowed.Count > 0 && !allowed.Contains(modelId))
        {
            settings.Error("IGA_VERTEXAI_IMAGE_MODEL_ID", named,
                $"must be one of IGA_ALLOWED_MODEL_IDS ({string.Join(", ", allowed)})");
        }

        return new ModelOptions(modelId, aliases, allowed);
    }

    private static Dictionary<string, string> ReadAliases(Settings settings)
    {
        const string name = "IGA_MODEL_ALIASES";
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var pair in Items(settings, name))
        {
            var sides = pair.Split('=', StringSplitOptions.TrimEntries);
            if (sides is not [{ Length: > 0 } old, { Length: > 0 } current])
            {
                settings.Error(name, pair, "must be a list such as imagegeneration@006=gemini-3.1-flash-image,…");
            }
            else if (ModelFamily.Of(current) is null)
            {
                settings.Error(name, pair, $"'{current}' is no model that can be called: {ModelFamily.AllowedIds}");
            }
            else if (!aliases.TryAdd(old, current))
            {
                settings.Error(name, pair, $"'{old}' has two meanings");
            }
        }

        foreach ((var old, var current) in aliases.Where(alias => aliases.ContainsKey(alias.Value)))
        {
            settings.Error(name, $"{old}={current}", $"'{current}' is itself an alias; name the model that is called");
        }

        return aliases;
    }

    private static HashSet<string> ReadAllowed(Settings settings)
    {
        const string name = "IGA_ALLOWED_MODEL_IDS";
        var allowed = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in Items(settings, name))
        {
            if (ModelFamily.Of(id) is null)
            {
                settings.Error(name, id, ModelFamily.AllowedIds);
            }

            allowed.Add(id);
        }

        return allowed;
    }

    private static string[] Items(Settings settings, string name) =>
        settings.Text(name)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries) ?? [];
}
