using Iga.Models.Catalog;

namespace Iga.Models;

/// <summary>How long one call of a model may take, by the size of its picture.</summary>
/// <param name="All">What holds for every size that has no timeout of its own; null is what the catalog says, else <see cref="Usual"/>.</param>
/// <param name="BySize">Timeouts by <see cref="ModelSize.Size"/>.</param>
public sealed record CallTimeouts(TimeSpan? All = null, IReadOnlyDictionary<string, TimeSpan>? BySize = null)
{
    public static readonly TimeSpan Usual = TimeSpan.FromSeconds(120);

    public TimeSpan Of(ModelSize size) =>
        size.Size is { } name && BySize?.TryGetValue(name, out var own) == true ? own
        : All ?? (size.TimeoutSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Usual);
}
