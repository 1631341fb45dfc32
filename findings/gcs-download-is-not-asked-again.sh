#!/usr/bin/env bash
# One would guess: the client asks again after a 503 wherever that is safe, so for all that only reads: GetObject, ListObjects and DownloadObject;
# and an upload that names its precondition.
# What happens: DownloadObject throws at the first 503, even with a generation, and UploadObject does while it opens its session, even with
# IfGenerationMatch; GetObject, ListObjects and a delete of a generation are repeated, and so is the upload once its session is open. There is no
# option for the two: RetryOptions exists for the others only.
# Versions: Google.Cloud.Storage.V1 5.0.0; .NET SDK 10 is needed.
# Source: the notes of Google.Cloud.Storage.V1 4.5.0 in googleapis/google-cloud-dotnet #10220 (retry options "other than upload/download object").
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
using Google;
using Google.Cloud.Storage.V1;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", UnauthenticatedAccess = true }.Build();
string refused = "";
int sent = 0;
Task serving = ServeAsync();
await ShowAsync("GetObject", "GET", () => client.GetObjectAsync("bucket", "name", cancellationToken: limit.Token));
await ShowAsync("ListObjects", "GET", () => client.ListObjectsAsync("bucket").ReadPageAsync(10, limit.Token));
await ShowAsync("DeleteObject of a generation", "DELETE",
    () => client.DeleteObjectAsync("bucket", "name", new DeleteObjectOptions { Generation = 5 }, limit.Token));
await ShowAsync("DownloadObject", "GET", () => client.DownloadObjectAsync("bucket", "name", new MemoryStream(), cancellationToken: limit.Token));
await ShowAsync("DownloadObject of a generation", "GET",
    () => client.DownloadObjectAsync("bucket", "name", new MemoryStream(), new DownloadObjectOptions { Generation = 5 }, limit.Token));
await ShowAsync("UploadObject, opening", "POST", UploadAsync);
await ShowAsync("UploadObject, its bytes", "PUT", UploadAsync);
Type[] all = [typeof(GetObjectOptions), typeof(DownloadObjectOptions), typeof(UploadObjectOptions)];
Console.WriteLine("RetryOptions of: " + string.Join(", ", all
    .Where(options => options.GetProperty("RetryOptions") is not null).Select(options => options.Name)));
server.Stop();
await serving.WaitAsync(limit.Token);

Task UploadAsync() => client.UploadObjectAsync("bucket", "name", "image/png", new MemoryStream([1, 2, 3]),
    new UploadObjectOptions { IfGenerationMatch = 0 }, limit.Token);

// The first request of this method is answered 503, all others as they should be.
async Task ShowAsync(string what, string method, Func<Task> call)
{
    refused = method;
    sent = 0;
    try
    {
        await call();
        Console.WriteLine($"{what}: done after {sent} {method}");
    }
    catch (GoogleApiException e)
    {
        Console.WriteLine($"{what}: {(int)e.HttpStatusCode} after {sent} {method}");
    }
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

        await context.Request.InputStream.CopyToAsync(Stream.Null, limit.Token);
        if (context.Request.HttpMethod == refused && ++sent == 1)
        {
            context.Response.StatusCode = 503;
        }
        else if (context.Request.HttpMethod == "POST")
        {
            context.Response.Headers["Location"] = address + "/session";
        }

        context.Response.ContentType = "application/json";
        context.Response.Close("""{"bucket":"bucket","name":"name"}"""u8.ToArray(), willBlock: false);
    }
}
CS
expected='GetObject: done after 2 GET
ListObjects: done after 2 GET
DeleteObject of a generation: done after 2 DELETE
DownloadObject: 503 after 1 GET
DownloadObject of a generation: 503 after 1 GET
UploadObject, opening: 503 after 1 POST
UploadObject, its bytes: done after 2 PUT
RetryOptions of: GetObjectOptions'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
