#!/usr/bin/env bash
# One would guess: with UploadValidationMode.DeleteAndThrow, which is what no mode means, the client compares the hash of what it sent with the crc32c
# in the service's answer, deletes the object when they differ and throws UploadValidationException. The reference of
# UploadObjectOptions.UploadValidationMode says so: validated at the end of the upload, after the object has been created.
# What happens: since 5.0.0 the client sends X-Goog-Hash with the last bytes and looks at nothing in the answer; refusing is left to the service.
# An answer with another crc32c is returned as a success and nothing is deleted, so with a server that does not check the header (an emulator,
# say) an upload isn't checked at all. In 4.16.0 it was as one would guess: the same program (less RejectAndThrow) prints
# UploadValidationException and two deletions.
# Versions: Google.Cloud.Storage.V1 5.0.0; .NET SDK 10 is needed.
# Source: googleapis/google-cloud-dotnet #15769; the reference of UploadValidationMode.DeleteAndThrow calls itself obsolete.
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
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", UnauthenticatedAccess = true }.Build();
int deletes = 0;
Task serving = ServeAsync();
UploadValidationMode?[] modes = [null, UploadValidationMode.DeleteAndThrow, UploadValidationMode.RejectAndThrow, UploadValidationMode.None];
foreach (UploadValidationMode? mode in modes)
{
    Console.Write($"{mode?.ToString() ?? "no mode"}: ");
    try
    {
        Object made = await client.UploadObjectAsync("bucket", "name", "image/png", new MemoryStream([1, 2, 3]),
            new UploadObjectOptions { UploadValidationMode = mode }, limit.Token);
        Console.WriteLine($"a success, crc32c {made.Crc32c}");
    }
    catch (Exception e) when (e is not OperationCanceledException)
    {
        Console.WriteLine(e.GetType().Name);
    }
}

server.Stop();
await serving.WaitAsync(limit.Token);
Console.WriteLine($"objects deleted: {deletes}");

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

        await context.Request.InputStream.CopyToAsync(Stream.Null, limit.Token);
        switch (context.Request.HttpMethod)
        {
            case "POST":
                context.Response.Headers["Location"] = address + "/session";
                context.Response.Close();
                break;
            case "PUT":
                Console.Write($"sent {context.Request.Headers["X-Goog-Hash"] ?? "no hash"}, ");
                context.Response.ContentType = "application/json";
                context.Response.Close(
                    """{"kind":"storage#object","bucket":"bucket","name":"name","size":"3","crc32c":"AAAAAA=="}"""u8.ToArray(), willBlock: false);
                break;
            default:
                deletes++;
                context.Response.StatusCode = 204;
                context.Response.Close();
                break;
        }
    }
}
CS
expected='no mode: sent crc32c=8TDyHg==, a success, crc32c AAAAAA==
DeleteAndThrow: sent crc32c=8TDyHg==, a success, crc32c AAAAAA==
RejectAndThrow: sent crc32c=8TDyHg==, a success, crc32c AAAAAA==
None: sent no hash, a success, crc32c AAAAAA==
objects deleted: 0'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
