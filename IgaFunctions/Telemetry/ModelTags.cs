using System.Collections.Concurrent;

namespace Iga.Telemetry;

/// <summary>
/// Model ids as values of a tag. They come from callers, and each new one is a time series that somebody has to store: those that the
/// service does not offer, and those after the first hundred, are counted together.
/// </summary>
/// <param name="isOffered">Whether the catalog or the configuration names the model.</param>
public sealed class ModelTags(Func<string, bool> isOffered)
{
    internal const int Most = 100;

    internal const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _known = [];
    private int _count;

    internal string Of(string modelId)
    {
        if (_known.ContainsKey(modelId))
        {
            return modelId;
        }

        if (!isOffered(modelId))
        {
            return Other;
        }

        if (Interlocked.Increment(ref _count) > Most)
        {
            Interlocked.Decrement(ref _count);
            return Other;
        }

        if (!_known.TryAdd(modelId, true))
        {
            // Somebody else has just added it.
            Interlocked.Decrement(ref _count);
        }

        return modelId;
    }
}
