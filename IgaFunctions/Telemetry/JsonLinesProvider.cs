namespace Iga.Telemetry;

/// <summary>
/// Writes log lines as JSON, in place of the console logger, which wakes a thread and writes to the console
/// for every line: with eight lines a task that was a fifth of the service's CPU while tasks are accepted (bench, accept).
/// </summary>
internal sealed class JsonLinesProvider : ILoggerProvider, ISupportExternalScope
{
    /// <summary>For the last lines to be written, before the process ends.</summary>
    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;
    private readonly LineOutput _output;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public JsonLinesProvider(TimeProvider time, Stream stream)
    {
        _time = time;
        _output = new LineOutput(stream, dropped => CreateLogger(typeof(JsonLinesProvider).FullName!)
            .LogWarning("{dropped} log lines were dropped, since they were not taken from the service's output", dropped));
    }

    public ILogger CreateLogger(string categoryName) => new CategoryLogger(this, categoryName);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => _output.Flush(FlushTimeout);

    private sealed class CategoryLogger(JsonLinesProvider provider, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => provider._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                JsonLine.Write(
                    provider._output, provider._time.GetUtcNow(), logLevel, category, formatter(state, exception), state, exception,
                    provider._scopes);
            }
        }
    }
}
