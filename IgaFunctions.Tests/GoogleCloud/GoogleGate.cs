using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Iga.GoogleCloud;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.Logging;

namespace Iga.Tests.GoogleCloud;

/// <summary>
/// Google as the service meets it, on real TLS: an endpoint that issues tokens, and Vertex AI and Cloud Storage (the emulators), which
/// take requests with a token that is not revoked.
/// </summary>
internal sealed class GoogleGate : IAsyncDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly RSA _accountKey = RSA.Create(2048);
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("iga-google-");
    private readonly HttpClient _emulators = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
    private readonly ConcurrentDictionary<string, bool> _isValid = [];
    private readonly ConcurrentQueue<string> _refused = [];
    private readonly Func<string, Uri> _emulatorOf;
    private readonly WebApplication _app;
    private int _issued;

    private GoogleGate(Func<string, Uri> emulatorOf)
    {
        _emulatorOf = emulatorOf;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_authority.Localhost)));
        _app = builder.Build();
        _app.MapPost("/token", IssueAsync);
        _app.MapFallback("{*path}", AnswerAsync);
    }

    public Uri Address => new($"https://localhost:{new Uri(_app.Urls.Single()).Port}/");

    /// <summary>How many tokens were issued.</summary>
    public int Issued => _issued;

    /// <summary>What the requests that were refused had for a token.</summary>
    public IReadOnlyList<string> Refused => [.. _refused];

    /// <summary>What the endpoint answers in place of a token; null is a token.</summary>
    public (int Status, string Body)? TokenFault { get; set; }

    /// <summary>Called with the path of every request, before its token is looked at.</summary>
    public Action<string> OnRequest { get; set; } = _ => { };

    /// <summary>The authority's certificate in a file, for SSL_CERT_FILE.</summary>
    public string RootFile => Path.Combine(_files.FullName, "root.pem");

    /// <summary>A service account's key file, whose token_uri leads here.</summary>
    public string KeyFile => Path.Combine(_files.FullName, "key.json");

    public static async Task<GoogleGate> StartAsync(Uri vertex, Uri gcs)
    {
        var gate = new GoogleGate(path => path.StartsWith("/v1/projects/", StringComparison.Ordinal) ? vertex : gcs);
        await gate._app.StartAsync();
        await File.WriteAllTextAsync(gate.RootFile, gate._authority.Root.ExportCertificatePem());
        await File.WriteAllTextAsync(gate.KeyFile, JsonSerializer.Serialize(new
        {
            type = "service_account",
            project_id = "test",
            private_key_id = "1",
            private_key = gate._accountKey.ExportPkcs8PrivateKeyPem(),
            client_email = "iga@test.iam.gserviceaccount.com",
            client_id = "1",
            token_uri = new Uri(gate.Address, "token"),
        }));
        return gate;
    }

    /// <summary>No token that was issued so far is accepted any more.</summary>
    public void Revoke() => _isValid.Clear();

    /// <summary>The service's own connections, which trust the authority besides.</summary>
    public SocketsHttpHandler CreateHandler()
    {
        var handler = GoogleHttp.CreateHandler(isEmulator: true);
        handler.SslOptions = _authority.ClientOptions;
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        using var hurry = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));
        await _app.StopAsync(hurry.Token);
        await _app.DisposeAsync();
        _emulators.Dispose();
        _authority.Dispose();
        _accountKey.Dispose();
        _files.Delete(recursive: true);
    }

    private async Task IssueAsync(HttpContext context)
    {
        if (TokenFault is { } fault)
        {
            context.Response.StatusCode = fault.Status;
            await context.Response.WriteAsync(fault.Body);
            return;
        }

        var token = $"token-{Interlocked.Increment(ref _issued)}";
        _isValid[token] = true;

        // A token of under 300 s would be fetched anew for every call.
        await context.Response.WriteAsJsonAsync(new { access_token = token, expires_in = 3600, token_type = "Bearer" });
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        OnRequest(path);
        var authorization = context.Request.Headers.Authorization.ToString();
        if (!authorization.StartsWith("Bearer ", StringComparison.Ordinal) || !_isValid.ContainsKey(authorization[7..]))
        {
            _refused.Enqueue(authorization);
            context.Response.StatusCode = 401;
            await context.Response.WriteAsJsonAsync(new { error = new { code = 401, message = "Invalid Credentials" } });
            return;
        }

        await ForwardAsync(context, _emulatorOf(path));
    }

    private async Task ForwardAsync(HttpContext context, Uri emulator)
    {
        var target = new Uri(context.Request.GetEncodedUrl());
        using var request = new HttpRequestMessage(new(context.Request.Method), new Uri(emulator, target.PathAndQuery))
        {
            Content = new StreamContent(context.Request.Body),
        };
        request.Content.Headers.ContentLength = context.Request.ContentLength;
        foreach (var name in (string[])["Content-Type", "Content-Range", "X-Upload-Content-Type", "X-Upload-Content-Length"])
        {
            if (context.Request.Headers.TryGetValue(name, out var values))
            {
                _ = request.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values)
                    || request.Content.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        using var response = await _emulators.SendAsync(
            request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        if (response.Headers.Location is { } location)
        {
            context.Response.Headers.Location = new Uri(Address, location.PathAndQuery).AbsoluteUri;
        }

        await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }
}
