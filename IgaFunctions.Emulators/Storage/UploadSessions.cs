using Iga.Emulators.Hosting;

namespace Iga.Emulators.Storage;

/// <summary>The resumable uploads under way. They do not survive a restart; the real ones last a week.</summary>
internal sealed class UploadSessions : IAsyncDisposable
{
    private const int Capacity = 1_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, UploadSession> _sessions = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    public async Task<UploadSession> StartAsync(
        ObjectDraft draft, Preconditions preconditions, ContentWriter content, long? size)
    {
        var session = new UploadSession(Guid.NewGuid().ToString("N"), draft, preconditions, content, size);
        UploadSession? oldest = null;
        lock (_gate)
        {
            _sessions.Add(session.Id, session);
            _order.Enqueue(session.Id);
            if (_order.Count > Capacity)
            {
                _sessions.Remove(_order.Dequeue(), out oldest);
            }
        }

        if (oldest is not null)
        {
            await oldest.DisposeAsync();
        }

        return session;
    }

    /// <exception cref="ApiException">404: there is no such upload.</exception>
    public UploadSession Get(string id)
    {
        lock (_gate)
        {
            return _sessions.GetValueOrDefault(id) ?? throw new ApiException(404, "notFound", "The upload does not exist.");
        }
    }

    public async Task CancelAsync(string id)
    {
        UploadSession? session;
        lock (_gate)
        {
            _sessions.Remove(id, out session);
        }

        if (session is not null)
        {
            await session.DisposeAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var session in _sessions.Values)
        {
            await session.DisposeAsync();
        }

        _sessions.Clear();
    }
}
