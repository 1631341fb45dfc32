using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iga.LocalHost.CommandLine.Server;

/// <summary>Asks a service about its tasks.</summary>
/// <remarks>Methods throw a <see cref="ServerException"/> where the service can't be reached or refuses.</remarks>
internal sealed class TaskClient : IDisposable
{
    private const int Attempts = 3;

    /// <summary>For an answer; a wait or a stream takes longer.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly ServerAddress _address;
    private readonly TimeProvider _time;

    public TaskClient(ServerAddress address, TimeProvider time)
    {
        (_address, _time) = (address, time);

        // No redirect is followed: it could take the key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = TimeSpan.FromSeconds(10) })
        {
            BaseAddress = address.Url,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
    }

    public Uri Url => _address.Url;

    public void Dispose() => _http.Dispose();

    /// <summary>Asks for a JSON object, up to three times: a POST must be such that twice is as once.</summary>
    /// <param name="path">Relative, without a leading slash.</param>
    /// <param name="expected">The statuses that are an answer; every other one is a refusal.</param>
    /// <returns>The answer, with its date by the service's clock.</returns>
    public async Task<(int Status, JsonObject Body, DateTimeOffset? Date)> AskAsync(
        HttpMethod method, string path, int[] expected, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(() => Request(method, path, []), HttpCompletionOption.ResponseContentRead, cancellationToken);
        var answer = await ReadAsync(response, cancellationToken);
        return expected.Contains((int)response.StatusCode) ? ((int)response.StatusCode, answer, response.Headers.Date) : throw Refused(response, answer);
    }

    /// <summary>Posts a request for a picture. Sent again with the same key it gives the same task.</summary>
    /// <returns>The task's path, relative.</returns>
    public async Task<string> PostAsync(JsonObject body, string key, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () =>
            {
                var request = Request(HttpMethod.Post, "generate_image", [("X-Idempotency-Key", key)]);
                request.Content = new StringContent(body.ToJsonString(), null, "application/json");
                return request;
            },
            HttpCompletionOption.ResponseContentRead, cancellationToken);
        var answer = await ReadAsync(response, cancellationToken);
        return (int)response.StatusCode == 202 && answer["status_url"] is JsonValue url && url.TryGetValue<string>(out var path)
            && path.StartsWith("/v1/tasks/", StringComparison.Ordinal)
            ? path[1..]
            : throw Refused(response, answer);
    }

    public async Task<JsonObject> GetAsync(string path, CancellationToken cancellationToken) =>
        (await AskAsync(HttpMethod.Get, path, [200, 202], cancellationToken)).Body;

    /// <summary>Saves what is at a path as a file.</summary>
    /// <returns>The type that the service says it has.</returns>
    /// <exception cref="IOException">The file can't be written, or the answer broke off.</exception>
    public async Task<string?> DownloadAsync(string path, string file, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            () => Request(HttpMethod.Get, path, []), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw Refused(response, await ReadAsync(response, cancellationToken));
        }

        try
        {
            await using var target = File.Create(file);
            await using var source = await response.Content.ReadAsStreamAsync(cancellationToken);
            await source.CopyToAsync(target, cancellationToken);
            return response.Content.Headers.ContentType?.MediaType;
        }
        catch (HttpRequestException exception)
        {
            throw new IOException($"The picture's transfer broke off: {exception.Message}", exception);
        }
    }

    /// <summary>Opens a stream of server-sent events.</summary>
    /// <param name="lastEventId">What was read last; null where nothing was.</param>
    public async Task<Stream> OpenEventsAsync(string path, string? lastEventId, CancellationToken cancellationToken)
    {
        var response = await SendAsync(
            () => Request(
                HttpMethod.Get, path, [("Accept", "text/event-stream"), .. lastEventId is null ? [] : new[] { ("Last-Event-ID", lastEventId) }]),
            HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            using (response)
            {
                throw Refused(response, await ReadAsync(response, cancellationToken));
            }
        }

        return await response.Content.ReadAsStreamAsync(cancellationToken);
    }

    /// <summary>What a service said when it refused, as an exception.</summary>
    private static ServerException Refused(HttpResponseMessage response, JsonObject answer) => new(
        answer["error_code"] is JsonValue code && answer["message"] is JsonValue message
            ? $"{ShownText.Of($"{code}")}: {ShownText.Of($"{message}")}{(response.StatusCode == HttpStatusCode.Unauthorized ? " Set IGA_KEY, or name a file that holds the key with --key." : "")}"
            : $"The service answered {(int)response.StatusCode} {ShownText.Of(response.ReasonPhrase ?? "")}.",
        (int)response.StatusCode)
    {
        RetryAfter = response.Headers.RetryAfter?.Delta,
    };

    private HttpRequestMessage Request(HttpMethod method, string path, IReadOnlyList<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (_address.Key is not null)
        {
            request.Headers.Add("x-functions-key", _address.Key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return request;
    }

    /// <summary>Sends until there is an answer below 500; the last answer or failure counts.</summary>
    private async Task<HttpResponseMessage> SendAsync(
        Func<HttpRequestMessage> make, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            try
            {
                using var request = make();
                timeout.CancelAfter(Timeout + (completion == HttpCompletionOption.ResponseContentRead ? WaitOf(request) : TimeSpan.Zero));
                var response = await _http.SendAsync(request, completion, timeout.Token);
                if ((int)response.StatusCode < 500 || attempt == Attempts)
                {
                    return response;
                }

                response.Dispose();
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                if (attempt == Attempts || exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError })
                {
                    throw new ServerException(exception is OperationCanceledException
                        ? $"{Url} does not answer."
                        : $"There is no answer from {Url}: {ShownText.Of(exception.Message)}. Start one here (the program without a command), or name another with --server.");
                }
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt * (0.5 + Random.Shared.NextDouble())), _time, cancellationToken);
        }
    }

    /// <summary>For how long the service was asked to hold its answer back.</summary>
    private static TimeSpan WaitOf(HttpRequestMessage request) =>
        request.RequestUri!.OriginalString.Contains("wait=", StringComparison.Ordinal) || request.Headers.Contains("Prefer")
            ? TimeSpan.FromSeconds(60)
            : TimeSpan.Zero;

    /// <exception cref="ServerException">It is not a JSON object.</exception>
    private static async Task<JsonObject> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        JsonObject? answer = null;
        try
        {
            answer = JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) as JsonObject;
        }
        catch (JsonException)
        {
            // Told below.
        }

        return answer ?? (response.IsSuccessStatusCode
            ? throw new ServerException("The answer is not that of an IGA; is the address right?", (int)response.StatusCode)
            : throw Refused(response, []));
    }
}
