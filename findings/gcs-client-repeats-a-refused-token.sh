#!/usr/bin/env bash
# One would guess: with a service account's key StorageClient asks the token_uri in it for an access token, and after a 401 it asks for a new one
# before it sends the request again, as the same credential does in an HttpClient of Google.Apis.
# What happens: the client signs a JWT itself and never asks the token_uri. After a 401 it sends the request twice more, at once and with the very
# same JWT, then throws. The credential in an HttpClient does get a new token from the token_uri for each attempt. A test with a stand-in for the
# token endpoint sees nothing of a StorageClient.
# Versions: Google.Cloud.Storage.V1 5.0.0, Google.Apis.Auth 1.78.0; .NET SDK 10 is needed.
# Source: googleapis/google-api-dotnet-client #1890 brought the self-signed JWT with scopes; none known that speaks of 401.
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
    <PackageReference Include="Google.Api.Gax.Rest" Version="4.16.0" />
    <PackageReference Include="Google.Apis.Storage.v1" Version="1.78.0.4299" />
    <PackageReference Include="Google.Cloud.Storage.V1" Version="5.0.0" />
    <PackageReference Include="Google.Apis.Auth" Version="1.78.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Google;
using Google.Apis.Auth.OAuth2;
using Google.Apis.Http;
using Google.Cloud.Storage.V1;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();

int asked = 0;
List<string> tokens = [];
Task serving = ServeAsync();
using RSA rsa = RSA.Create(2048);
string key = JsonSerializer.Serialize(new
{
    type = "service_account",
    project_id = "project",
    private_key_id = "key",
    private_key = rsa.ExportPkcs8PrivateKeyPem(),
    client_email = "somebody@example.com",
    token_uri = address + "/token",
});
GoogleCredential credential = CredentialFactory.FromJson<ServiceAccountCredential>(key).ToGoogleCredential();

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", GoogleCredential = credential }.Build();
try
{
    await client.GetObjectAsync("bucket", "name", cancellationToken: limit.Token);
}
catch (GoogleApiException e)
{
    Show("StorageClient", e.HttpStatusCode);
}

HttpClient http = new HttpClientFactory().CreateHttpClient(new CreateHttpClientArgs
{
    Initializers = { credential.CreateScoped("https://www.googleapis.com/auth/devstorage.full_control") },
});
Show("HttpClient", (await http.GetAsync(address + "/storage/v1/b/bucket/o/name", limit.Token)).StatusCode);
server.Stop();
await serving.WaitAsync(limit.Token);

void Show(string what, HttpStatusCode status)
{
    Console.WriteLine($"{what}: {(int)status}, {tokens.Count} requests, tokens: {tokens.Distinct().Count()}, "
        + $"token_uri {(asked > 0 ? "asked" : "not asked")}");
    tokens.Clear();
}

async Task ServeAsync()
{
    while (server.IsListening && !limit.IsCancellationRequested)
    {
        HttpListenerContext context;
        try
        {
            context = await server.GetContextAsync();
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            return;
        }

        string answer = """{"error":{"code":401,"message":"not this token"}}""";
        if (context.Request.Url!.AbsolutePath == "/token")
        {
            answer = $$"""{"access_token":"token-{{++asked}}","expires_in":3600,"token_type":"Bearer"}""";
        }
        else
        {
            tokens.Add(context.Request.Headers["Authorization"]!);
            context.Response.StatusCode = 401;
            await Task.Delay(1500); // a JWT signed in another second is another one
        }

        context.Response.ContentType = "application/json";
        context.Response.Close(Encoding.UTF8.GetBytes(answer), willBlock: false);
    }
}
CS
expected='StorageClient: 401, 3 requests, tokens: 1, token_uri not asked
HttpClient: 401, 3 requests, tokens: 3, token_uri asked'
echo "Google.Cloud.Storage.V1 5.0.0, Google.Apis.Auth 1.78.0"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
