using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Iga.LocalHost.CommandLine;

/// <summary>A caller of the service, as the contract wants callers to be.</summary>
/// <param name="http">Its base address is the service's. It should not time out before 30 s.</param>
/// <param name="apiKey">One of IGA_API_KEYS, when the service has any.</param>
internal sealed class ServiceClient(HttpClient http, string? apiKey, TimeProvider time)
{
    private const int Attempts = 3;

    /// <summary>Posts the request; repeats it with the same key when the service can't be reached or says 5xx.</summary>
    /// <returns>The status URL of the accepted task.</returns>
    /// <exception cref="GenerationFailedException">The request was refused.</exception>
    /// <exception cref="HttpRequestException">The service can't be reached.</exception>
    public async Task<string> PostAsync(GenerateArguments arguments, CancellationToken cancellationToken)
    {
        var body = GenerateRequest.Body(arguments);
        var key = Guid.NewGuid().ToString();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                using var request = Request(HttpMethod.Post, "generate_image");
                request.Headers.Add("X-Idempotency-Key", key);
                request.Content = JsonContent.Create(body);
                using var response = await http.SendAsync(request, cancellationToken);
                var answer = await ReadAsync(response, cancellationToken);
                if (response.StatusCode == HttpStatusCode.Accepted && Text(answer, "status_url") is { } statusUrl)
                {
                    return statusUrl;
                }

                if ((int)response.StatusCode < 500 || attempt == Attempts)
                {
                    throw new GenerationFailedException(Describe(response, answer));
                }
            }
            catch (Exception exception) when (IsUnreachable(exception, cancellationToken) && attempt < Attempts)
            {
            }

            await Task.Delay(TimeSpan.FromMilliseconds(250 * attempt), time, cancellationToken);
        }
    }

    /// <summary>Asks once how the task is doing.</summary>
    /// <returns>The answer, or null when the service could not give one this time.</returns>
    /// <exception cref="GenerationFailedException">The service does not know the task.</exception>
    public async Task<JsonObject?> PollAsync(string statusUrl, CancellationToken cancellationToken)
    {
        try
        {
            using var request = Request(HttpMethod.Get, statusUrl);
            using var response = await http.SendAsync(request, cancellationToken);
            return response.StatusCode switch
            {
                HttpStatusCode.OK or HttpStatusCode.Accepted => await ReadAsync(response, cancellationToken),
                >= HttpStatusCode.InternalServerError => null,
                _ => throw new GenerationFailedException(Describe(response, await ReadAsync(response, cancellationToken))),
            };
        }
        catch (Exception exception) when (IsUnreachable(exception, cancellationToken))
        {
            return null;
        }
    }

    // HttpClient reports its own timeout as a cancellation.
    private static bool IsUnreachable(Exception e, CancellationToken cancellationToken) =>
        e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested);

    private static string Describe(HttpResponseMessage response, JsonObject? answer) =>
        Text(answer, "error_code") is { } code
            ? $"{code}: {Text(answer, "message")}"
            : $"The service answered {(int)response.StatusCode} {response.ReasonPhrase}.";

    public static string? Text(JsonObject? json, string name) =>
        json?[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (apiKey is not null)
        {
            request.Headers.Add("x-functions-key", apiKey);
        }

        return request;
    }

    /// <returns>Null when the body is not a JSON object.</returns>
    private static async Task<JsonObject?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            return JsonNode.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken)) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
