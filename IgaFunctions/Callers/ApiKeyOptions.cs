namespace Iga.Callers;

/// <summary>Whose keys are known at the start.</summary>
public sealed class ApiKeyOptions
{
    /// <summary>IGA_API_KEYS.</summary>
    internal IReadOnlyList<ApiKey> Variable { get; init; } = [];

    /// <summary>IGA_API_KEYS_FILE; null where there is none.</summary>
    internal string? File { get; init; }

    /// <summary>What the file held when the configuration was read.</summary>
    internal byte[] FileContent { get; init; } = [];

    /// <summary>Those of both places.</summary>
    internal ApiKeySet Set { get; init; } = new([]);

    /// <summary>Whether a request needs a key, where this service is the one that asks for it.</summary>
    public bool AreConfigured => Variable.Count > 0 || File is not null;
}
