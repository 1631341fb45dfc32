#!/usr/bin/env bash
# One would guess: ImpersonatedCredential.SignBlobAsync throws a HttpRequestException "when signing request fails", as its documentation says, so a
# caller who may not sign is caught by `catch (HttpRequestException)`.
# What happens: a refusal comes as a GoogleApiException, which is no HttpRequestException: it passes that catch. It has the status, and Google's error
# where the answer is one. The change was meant; the documentation was left as it was (that of ComputeCredential.SignBlobAsync, too).
# Versions: Google.Apis.Auth 1.78.0; .NET SDK 10 is needed.
# Source: the package's XML documentation, which the script prints; googleapis/google-api-dotnet-client #2809, which made the change.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # leave no build server behind
echo ".NET SDK $(dotnet --version)"
build() { timeout 300 dotnet build "$@" > log 2>&1 || { cat log >&2; exit 2; }; } # 2: it could not be tried

cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Google.Apis.Auth" Version="1.78.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
var address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
free.Stop();
using var server = new HttpListener { Prefixes = { address.ToString() } };
server.Start();
(int Status, string Body) signing = default;
_ = ServeAsync();

var toLoopback = new LoopbackFactory(address);
using RSA key = RSA.Create(2048);
GoogleCredential source = GoogleCredential.FromServiceAccountCredential(new ServiceAccountCredential(
    new ServiceAccountCredential.Initializer("source@example.invalid") { Key = key, HttpClientFactory = toLoopback }));
var credential = (ImpersonatedCredential)source.Impersonate(
    new ImpersonatedCredential.Initializer("target@example.invalid") { HttpClientFactory = toLoopback }).UnderlyingCredential;
await TryAsync("signed", 200, """{"keyId":"1","signedBlob":"c2lnbmVk"}""");
await TryAsync("not allowed", 403,
    """{"error":{"code":403,"message":"Permission 'iam.serviceAccounts.signBlob' denied","status":"PERMISSION_DENIED"}}""");
await TryAsync("no such account", 404, """{"error":{"code":404,"message":"Not found","status":"NOT_FOUND"}}""");
await TryAsync("refused by a proxy", 403, "<html>Forbidden</html>");
server.Stop();

async Task TryAsync(string what, int status, string body)
{
    signing = (status, body);
    string end;
    try
    {
        end = await credential.SignBlobAsync([1, 2, 3], limit.Token);
    }
    catch (Exception e)
    {
        end = $"{e.GetType().FullName}, a HttpRequestException: {e is HttpRequestException}";
        if (e is GoogleApiException google)
        {
            end += $", HttpStatusCode {(int)google.HttpStatusCode}, Error.Message [{google.Error?.Message}]";
        }
    }

    Console.WriteLine($"{what}: {end}");
}

async Task ServeAsync()
{
    while (server.IsListening)
    {
        HttpListenerContext context = await server.GetContextAsync().WaitAsync(limit.Token);
        await context.Request.InputStream.CopyToAsync(Stream.Null, limit.Token);
        (int status, string body) = context.Request.RawUrl!.EndsWith(":signBlob")
            ? signing
            : (200, """{"access_token":"t","token_type":"Bearer","expires_in":3600}""");
        byte[] bytes = Encoding.UTF8.GetBytes(body);
        context.Response.StatusCode = status;
        context.Response.ContentType = body[0] == '<' ? "text/html" : "application/json";
        await context.Response.OutputStream.WriteAsync(bytes, limit.Token);
        context.Response.Close();
    }
}

/// <summary>Whatever is asked of Google is asked of the fake.</summary>
internal sealed class LoopbackFactory(Uri address) : Google.Apis.Http.HttpClientFactory
{
    protected override HttpMessageHandler CreateHandler(CreateHttpClientArgs args) => new Redirect(address, base.CreateHandler(args));

    private sealed class Redirect(Uri address, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri(address, request.RequestUri!.PathAndQuery);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
CS
expected='documented: System.Net.Http.HttpRequestException, Newtonsoft.Json.JsonException
signed: c2lnbmVk
not allowed: Google.GoogleApiException, a HttpRequestException: False, HttpStatusCode 403, Error.Message [Permission '"'iam.serviceAccounts.signBlob'"' denied]
no such account: Google.GoogleApiException, a HttpRequestException: False, HttpStatusCode 404, Error.Message [Not found]
refused by a proxy: Google.GoogleApiException, a HttpRequestException: False, HttpStatusCode 403, Error.Message []'
echo "Google.Apis.Auth 1.78.0"
build
documented=$(sed -n '/"M:Google.Apis.Auth.OAuth2.ImpersonatedCredential.SignBlobAsync/,/<\/member>/s/.*<exception cref="T:\([^"]*\)".*/\1/p' \
  packages/google.apis.auth/1.78.0/lib/netstandard2.0/Google.Apis.Auth.xml)
out=$(echo "documented: ${documented//$'\n'/, }" && timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
