using System.Collections.Concurrent;

namespace Iga.Telemetry;

/// <summary>
/// Model ids as values of a tag. They come from callers, and each new one is a time series that somebody has to store: those
/// after the first hundred are counted together.
/// </summary>
internal sealed class ModelTags
{
    public const int Most = 100;

    public const string Other = "other";

    private readonly ConcurrentDictionary<string, bool> _known = [];
    private int _count;

    public string Of(string modelId)
    {
        if (_known.ContainsKey(modelId))
        {
            return modelId;
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
