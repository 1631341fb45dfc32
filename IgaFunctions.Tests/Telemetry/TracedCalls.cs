namespace Iga.Tests.Telemetry;

/// <summary>The calls of a service to its emulators, watched on their way, and its spans at a receiver.</summary>
internal sealed record TracedCalls(WatchedCalls Vertex, WatchedCalls Gcs) : IAsyncDisposable
{
    /// <summary>Has a service's settings lead through it, and its spans to a receiver.</summary>
    public static TracedCalls Watch(IDictionary<string, string?> settings, OtlpReceiver receiver)
    {
        receiver.Receive(settings);
        return new(
            WatchedCalls.StartAsync(settings, "IGA_VERTEX_ENDPOINT").GetAwaiter().GetResult(),
            WatchedCalls.StartAsync(settings, "STORAGE_EMULATOR_HOST").GetAwaiter().GetResult());
    }

    public async ValueTask DisposeAsync()
    {
        await Vertex.DisposeAsync();
        await Gcs.DisposeAsync();
    }
}
