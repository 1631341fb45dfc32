namespace Iga.Callers;

/// <summary>
/// The keys that callers may bring in <c>x-functions-key</c> or, as on Azure, as <c>?code=</c>. A file of keys is read once a second, and
/// what has changed in it holds without a restart.
/// </summary>
public sealed class ApiKeys : IDisposable
{
    public const string HeaderName = "x-functions-key";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly ApiKeyOptions _options;
    private readonly ILogger<ApiKeys> _logger;
    private readonly ITimer? _timer;
    private readonly Lock _reading = new();
    private volatile ApiKeySet _current;
    private (byte[]? Content, string? Problem) _settled;
    private (byte[]? Content, string? Problem) _last;

    public ApiKeys(ApiKeyOptions options, TimeProvider time, ILogger<ApiKeys> logger)
    {
        (_options, _logger, _current) = (options, logger, options.Set);
        if (options.File is not null)
        {
            _settled = _last = (options.FileContent, null);
            _timer = time.CreateTimer(static keys => ((ApiKeys)keys!).Reread(), this, Interval, Interval);
        }
    }

    /// <summary>Whether any are configured.</summary>
    public bool AreConfigured => _options.AreConfigured;

    /// <summary>Looks who sent the request, and lets all that handles it know (<see cref="Caller.Of"/>).</summary>
    /// <returns>Null where it brings no key of these.</returns>
    public Caller? Identify(HttpContext context)
    {
        if (Given(context.Request) is not { } key || _current.Find(key) is not { } caller)
        {
            return null;
        }

        context.Features.Set(caller);
        return caller;
    }

    public void Dispose() => _timer?.Dispose();

    private static string? Given(HttpRequest request)
    {
        var given = request.Headers.TryGetValue(HeaderName, out var header) ? header : request.Query["code"];
        return given is [{ } key] ? key : null;
    }

    private void Reread()
    {
        // A disk that does not answer holds up one reading, and no further ones behind it.
        if (!_reading.TryEnter())
        {
            return;
        }

        try
        {
            var read = ApiKeyFile.Load(_options.File!);

            // A file that is just being written is left alone until two readings are the same.
            var isStable = IsSame(read, _last);
            _last = read;
            if (isStable && !IsSame(read, _settled))
            {
                _settled = read;
                Take(read);
            }
        }
        finally
        {
            _reading.Exit();
        }
    }

    private void Take((byte[]? Content, string? Problem) read)
    {
        var list = new ApiKeyList();
        foreach (var key in _options.Variable)
        {
            list.Add("IGA_API_KEYS", key);
        }

        if (read.Content is null)
        {
            list.Errors.Add(read.Problem!);
        }
        else
        {
            ApiKeyFile.Parse(read.Content, list);
        }

        if (list.Errors.Count > 0)
        {
            _logger.LogError(
                "{file} can't be used ({problems}); the API keys that it held before stay valid", _options.File,
                string.Join("; ", list.Errors.Take(20)));
            return;
        }

        _current = new ApiKeySet(list.Keys);
        _logger.LogInformation(
            "{file} has changed: {count} API keys are valid now, of {callers}", _options.File, list.Keys.Count,
            string.Join(", ", list.Keys.Select(key => key.Caller.Name).Distinct().Take(20)));
    }

    private static bool IsSame((byte[]? Content, string? Problem) one, (byte[]? Content, string? Problem) other) =>
        one.Problem == other.Problem && one.Content.AsSpan().SequenceEqual(other.Content);
}
