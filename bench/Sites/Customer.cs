using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Iga.Bench.Sites;

/// <summary>
/// Orders as CPOA does, through a load balancer: posts with a timeout of 30 s, up to three times with the same key on a
/// connection error, a timeout or a 5xx, and polls until SUCCESS or FAILURE.
/// </summary>
internal sealed class Customer(Site site) : IDisposable
{
    private const int Tries = 3;

    private static readonly TimeSpan PostTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PollTimeout = TimeSpan.FromSeconds(10);

    /// <summary>A load balancer without a host behind it; all hosts may be restarting at once.</summary>
    private static readonly TimeSpan HostTimeout = TimeSpan.FromMinutes(2);

    /// <summary>Between two polls and between two tries.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private readonly HttpClient _http = new() { Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The host that it asks; null takes any that is up.</summary>
    public SiteHost? Only { get; init; }

    /// <returns>Whether the order was accepted.</returns>
    public async Task<bool> PostAsync(Order order, CancellationToken cancellationToken) =>
        await TryPostAsync(order, Tries, cancellationToken) is not null;

    /// <summary>Posts until the order is accepted.</summary>
    /// <returns>The task, and whether it was an old one.</returns>
    public async Task<(Guid Task, bool IsReplay)> InsistAsync(Order order, CancellationToken cancellationToken) =>
        (await TryPostAsync(order, int.MaxValue, cancellationToken))!.Value;

    /// <summary>Polls until a task of the order has ended.</summary>
    /// <returns>SUCCESS with the image's URL, CONFLICT with its message, or FAILURE with its kind.</returns>
    public async Task<(string Status, string? Result)> AwaitAsync(
        Order order, Guid task, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (await TryPollAsync(order, task, cancellationToken) is { } end)
            {
                return end;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<(Guid Task, bool IsReplay)?> TryPostAsync(
        Order order, int tries, CancellationToken cancellationToken)
    {
        for (var attempt = 1; attempt <= tries; attempt++)
        {
            var address = await AnyHostAsync(cancellationToken);
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/generate_image"))
            {
                Content = JsonContent.Create(new { prompt = order.Key }),
                Headers = { { "X-Idempotency-Key", order.Key } },
            };
            if (await TrySendAsync(request, PostTimeout, cancellationToken) is not { } answer)
            {
                await Task.Delay(Pause, cancellationToken);
                continue;
            }

            if (answer.Status != HttpStatusCode.Accepted)
            {
                order.Complain($"a POST was answered {(int)answer.Status} {answer.Body}");
                return null;
            }

            var task = answer.Body.GetProperty("task_id").GetGuid();
            order.Promise(task);
            return (task, answer.IsReplay);
        }

        return null;
    }

    private async Task<(string Status, string? Result)?> TryPollAsync(Order order, Guid task, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(await AnyHostAsync(cancellationToken), $"/v1/tasks/{task}"));
        if (await TrySendAsync(request, PollTimeout, cancellationToken) is not { } answer)
        {
            return null;
        }

        if (answer.Status is not (HttpStatusCode.OK or HttpStatusCode.Accepted))
        {
            order.Complain($"a poll of task {task} was answered {(int)answer.Status} {answer.Body}");
            return null;
        }

        var result = answer.Body.GetProperty("result");
        return answer.Body.GetProperty("status").GetString() switch
        {
            "SUCCESS" when result.TryGetProperty("image_url", out var url) => ("SUCCESS", url.GetString()),
            "SUCCESS" => ("CONFLICT", result.ToString()),
            "FAILURE" => ("FAILURE", result.GetProperty("error").GetProperty("type").GetString()),
            _ => null,
        };
    }

    /// <returns>Null on a connection error, a timeout or a 5xx.</returns>
    private async Task<(HttpStatusCode Status, JsonElement Body, bool IsReplay)?> TrySendAsync(
        HttpRequestMessage request, TimeSpan timeout, CancellationToken cancellationToken)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(timeout);
        try
        {
            using var response = await _http.SendAsync(request, limited.Token);
            var body = await response.Content.ReadFromJsonAsync<JsonElement>(limited.Token);
            return (int)response.StatusCode >= 500
                ? null
                : (response.StatusCode, body, response.Headers.Contains("Idempotent-Replayed"));
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return null;
        }
    }

    /// <exception cref="TimeoutException">All hosts are down and stay so.</exception>
    private async Task<Uri> AnyHostAsync(CancellationToken cancellationToken)
    {
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < HostTimeout;)
        {
            if (site.Hosts.Where(host => Only is null || host == Only).Select(host => host.Address).OfType<Uri>().ToArray() is { Length: > 0 } up)
            {
                return up[Random.Shared.Next(up.Length)];
            }

            await Task.Delay(Pause, cancellationToken);
        }

        throw new TimeoutException($"No host has been up for {HostTimeout}.");
    }
}
