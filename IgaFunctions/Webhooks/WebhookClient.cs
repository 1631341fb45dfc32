using System.Collections.Frozen;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Authentication;

namespace Iga.Webhooks;

/// <summary>
/// POSTs to receivers, which callers name: a client of its own, that has nothing of ours to give away, follows nobody elsewhere, and
/// waits and reads little.
/// </summary>
public sealed class WebhookClient : IDisposable
{
    /// <summary>For all of one POST: the name's addresses, the connection, the answer.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    internal const string NotAllowed = "address not allowed";
    internal const string Unreachable = "could not be reached";
    internal const string TlsFailed = "TLS failed";

    private const int MaxAnswerBytes = 4 * 1024;

    /// <summary>A receiver that hangs holds so many POSTs, and no more.</summary>
    private const int AtOnce = 16;

    private static readonly TimeSpan PatienceForPlace = TimeSpan.FromSeconds(5);

    private readonly WebhookOptions _options;
    private readonly TimeProvider _time;
    private readonly HttpClient _client;
    private readonly FrozenDictionary<string, SemaphoreSlim> _places;

    public WebhookClient(WebhookOptions options, TimeProvider time)
        : this(options, time, new CheckedConnector())
    {
    }

    internal WebhookClient(WebhookOptions options, TimeProvider time, CheckedConnector connector, SslClientAuthenticationOptions? tls = null)
    {
        (_options, _time) = (options, time);
        _places = options.Origins.ToFrozenDictionary(origin => origin, _ => new SemaphoreSlim(AtOnce));
        _client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = connector.ConnectAsync,
            ConnectTimeout = Timeout,
            UseProxy = false,
            AllowAutoRedirect = false,
            UseCookies = false,
            Credentials = null,
            AutomaticDecompression = DecompressionMethods.None,
            ActivityHeadersPropagator = DistributedContextPropagator.CreateNoOutputPropagator(),
            MaxResponseHeadersLength = 8, // KB
            MaxResponseDrainSize = 0,
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(10),
            PooledConnectionLifetime = TimeSpan.FromMinutes(1), // then the name is looked up and checked anew
            SslOptions = tls ?? new SslClientAuthenticationOptions(),
        })
        {
            DefaultRequestVersion = HttpVersion.Version20,
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan, // the callers' token has it
        };
    }

    /// <param name="url">As a caller gave it; it is checked again, since the list of hosts may have changed.</param>
    /// <param name="id">The same each time that the message is sent.</param>
    public async Task<WebhookAnswer> PostAsync(string url, string id, byte[] body, CancellationToken cancellationToken)
    {
        if (CallbackUrl.WhatIsWrong(url, _options) is not null)
        {
            return new WebhookAnswer.Failed(NotAllowed);
        }

        var uri = new Uri(url);
        var place = _places[CallbackUrl.OriginOf(uri)];
        if (!await EnterAsync(place, cancellationToken))
        {
            return new WebhookAnswer.Busy();
        }

        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            return await SendAsync(uri, id, body, either.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            return new WebhookAnswer.Failed(ErrorOf(exception));
        }
        finally
        {
            place.Release();
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<bool> EnterAsync(SemaphoreSlim place, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(PatienceForPlace, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await place.WaitAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private async Task<WebhookAnswer> SendAsync(Uri uri, string id, byte[] body, CancellationToken cancellationToken)
    {
        var seconds = _time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, uri)
        {
            Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            Headers =
            {
                { "webhook-id", id },
                { "webhook-timestamp", seconds.ToString(CultureInfo.InvariantCulture) },
                { "webhook-signature", WebhookSignature.Of(id, seconds, body, _options.Secrets) },
                { "User-Agent", "iga-webhooks" },
            },
        };
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        await SkipAsync(response, cancellationToken);
        return new WebhookAnswer.Answered((int)response.StatusCode, RetryAfterOf(response));
    }

    /// <summary>Nothing of the body is wanted; a short one that was read leaves the connection in order for the next POST.</summary>
    private static async Task SkipAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            var buffer = new byte[MaxAnswerBytes];
            await body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        }
        catch (Exception)
        {
            // The status has been told; a body that breaks off or comes too slowly changes nothing about it.
        }
    }

    private TimeSpan? RetryAfterOf(HttpResponseMessage response) => response.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - _time.GetUtcNow(),
        _ => null,
    };

    /// <summary>Words that are the same for whatever may be wrong in a network.</summary>
    private static string ErrorOf(Exception exception) =>
        exception is AddressNotAllowedException or { InnerException: AddressNotAllowedException } ? NotAllowed
        : exception is AuthenticationException or { InnerException: AuthenticationException } ? TlsFailed
        : Unreachable;
}
