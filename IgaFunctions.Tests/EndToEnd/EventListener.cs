using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Iga.Tests.EndToEnd;

/// <summary>Reads a stream of events with .NET's own parser, as a caller would.</summary>
internal sealed class EventListener : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly SseParser<string> _parser;
    private readonly CancellationTokenSource _patience = new(Patience);
    private readonly IAsyncEnumerator<SseItem<string>> _items;

    private EventListener(HttpResponseMessage response, Stream body)
    {
        _response = response;
        _parser = SseParser.Create(body);
        _items = _parser.EnumerateAsync(_patience.Token).GetAsyncEnumerator();
    }

    /// <summary>What a browser would come back with.</summary>
    public string LastEventId => _parser.LastEventId;

    /// <param name="query">With the question mark.</param>
    public static async Task<EventListener> OpenAsync(HttpClient client, string query, string? lastEventId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1/tasks/events{query}");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.True(response.StatusCode == HttpStatusCode.OK, response.ToString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.ToString());
        return new EventListener(response, await response.Content.ReadAsStreamAsync());
    }

    /// <returns>The task of the next event; null where the stream has ended.</returns>
    public async Task<JsonElement?> NextAsync()
    {
        if (!await _items.MoveNextAsync())
        {
            return null;
        }

        Assert.Equal("task", _items.Current.EventType);
        Assert.Equal(_items.Current.EventId, LastEventId);
        return JsonElement.Parse(_items.Current.Data);
    }

    /// <summary>Waits for an event that is looked for.</summary>
    /// <returns>All up to that one.</returns>
    public async Task<IReadOnlyList<JsonElement>> UntilAsync(
        Func<JsonElement, bool> isIt, [CallerArgumentExpression(nameof(isIt))] string what = "")
    {
        List<JsonElement> seen = [];
        try
        {
            while (await NextAsync() is { } task)
            {
                seen.Add(task);
                if (isIt(task))
                {
                    return seen;
                }
            }
        }
        catch (OperationCanceledException)
        {
        }

        throw new TimeoutException($"Never told: {what}, but {string.Join('\n', seen)}");
    }

    public async ValueTask DisposeAsync()
    {
        await _patience.CancelAsync();
        _response.Dispose();
        _patience.Dispose();
    }
}
