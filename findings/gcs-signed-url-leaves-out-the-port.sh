#!/usr/bin/env bash
# One would guess: the host that Google's storage client signs into a V4 URL is what whoever opens the URL sends as the Host header, since a signed
# header must arrive as it was signed. For an endpoint with a port of its own (an emulator, a proxy) that is 127.0.0.1:PORT.
# What happens: WithHost(host).WithPort(port) signs the host without its port, and the URL has it. A server that checks the signature against the
# Host header it gets refuses each such URL. The documentation of Options.Port does say that the port is not signed.
# WithHost("host:port") signs it.
# Versions: Google.Cloud.Storage.V1 5.0.0; .NET SDK 10 is needed.
# Source: found by trying; the package's XML documentation of UrlSigner.Options.Port; RFC 9110, section 7.2 (Host has the port); googleapis/google-cloud-go
# #9347, which made the client for Go leave it out, too.
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
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Google.Apis.Auth.OAuth2;
using Google.Cloud.Storage.V1;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var listener = new TcpListener(IPAddress.Loopback, 0);
listener.Start();
int port = ((IPEndPoint)listener.LocalEndpoint).Port;
using RSA key = RSA.Create(2048);
UrlSigner signer = UrlSigner.FromCredential(
    new ServiceAccountCredential(new ServiceAccountCredential.Initializer("signer@example.invalid") { Key = key }));
UrlSigner.Options options = UrlSigner.Options.FromDuration(TimeSpan.FromMinutes(5)).WithSigningVersion(SigningVersion.V4).WithScheme("http");
await ShowAsync("WithHost(host).WithPort(port)", options.WithHost("127.0.0.1").WithPort(port));
await ShowAsync("WithHost(host:port)", options.WithHost($"127.0.0.1:{port}"));
listener.Stop();

async Task ShowAsync(string what, UrlSigner.Options where)
{
    string url = await signer.SignAsync(
        UrlSigner.RequestTemplate.FromBucket("bucket").WithObjectName("name").WithHttpMethod(HttpMethod.Get), where, limit.Token);
    using var client = new HttpClient();
    Task<HttpResponseMessage> asking = client.GetAsync(url, limit.Token);
    string[] request = await ReceiveAsync();
    (await asking).Dispose();

    string target = request[0].Split(' ')[1], sent = request.Single(line => line.StartsWith("Host: "))["Host: ".Length..];
    string fits = string.Join(", ", new[] { "127.0.0.1", $"127.0.0.1:{port}" }.Where(host => IsSigned(target, host)));
    Console.WriteLine($"{what}: signed for [{fits}], Host: {sent}".Replace($"{port}", "PORT"));
}

// What a server does that checks the signature: https://cloud.google.com/storage/docs/authentication/canonical-requests
bool IsSigned(string target, string host)
{
    string[] parts = target.Split('?');
    string[] query = parts[1].Split('&');
    string Value(string name) => Uri.UnescapeDataString(query.Single(one => one.StartsWith(name + "="))[(name.Length + 1)..]);
    string canonicalQuery = string.Join('&', query.Where(one => !one.StartsWith("X-Goog-Signature=")).Order(StringComparer.Ordinal));
    string canonical = $"GET\n{parts[0]}\n{canonicalQuery}\nhost:{host}\n\n{Value("X-Goog-SignedHeaders")}\nUNSIGNED-PAYLOAD";
    string scope = Value("X-Goog-Credential").Split('/', 2)[1];
    string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    byte[] signed = Encoding.UTF8.GetBytes($"{Value("X-Goog-Algorithm")}\n{Value("X-Goog-Date")}\n{scope}\n{hash}");
    return key.VerifyData(signed, Convert.FromHexString(Value("X-Goog-Signature")), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
}

async Task<string[]> ReceiveAsync()
{
    using TcpClient connection = await listener.AcceptTcpClientAsync(limit.Token);
    using var reader = new StreamReader(connection.GetStream());
    var lines = new List<string>();
    while (await reader.ReadLineAsync(limit.Token) is { Length: > 0 } line)
    {
        lines.Add(line);
    }

    await connection.GetStream().WriteAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"u8.ToArray(), limit.Token);
    return [.. lines];
}
CS
expected='WithHost(host).WithPort(port): signed for [127.0.0.1], Host: 127.0.0.1:PORT
WithHost(host:port): signed for [127.0.0.1:PORT], Host: 127.0.0.1:PORT'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
