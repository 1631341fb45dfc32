using System.Buffers;

namespace Iga.Models.Catalog;

/// <summary>
/// The syntax of model ids. An id is a part of the address that is called, and callers may choose it, so nothing is let
/// through that could reach another path or host.
/// </summary>
public static class ModelIdSyntax
{
    public const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789.@_-");

    /// <returns>True for <c>[a-z0-9][a-z0-9.@_-]{0,127}</c> without two dots in a row.</returns>
    public static bool IsValid(string? modelId) =>
        modelId is { Length: > 0 and <= MaxLength }
        && char.IsAsciiLetterOrDigit(modelId[0])
        && !modelId.AsSpan().ContainsAnyExcept(Allowed)
        && !modelId.Contains("..", StringComparison.Ordinal);

    /// <returns>What was read from elsewhere, if it is a model id; else null.</returns>
    public static string? IdOrNull(string? text) => IsValid(text) ? text : null;
}
