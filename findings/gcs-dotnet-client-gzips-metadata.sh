#!/usr/bin/env bash
# One would guess: the client sends the few bytes of JSON that open an upload or patch an object as they are, and compression, if any, begins at
# some size and can be switched off in StorageClientBuilder.
# What happens: every JSON body is sent as Content-Encoding: gzip, one of 59 bytes, too (the bytes of the object are not). The switch
# exists, but it is internal. A stand-in for the service that does not unpack request bodies sees garbage where the object's name should be.
# Versions: Google.Cloud.Storage.V1 5.0.0; .NET SDK 10 is needed.
# Source: the package's XML documentation of StorageClientBuilder.GZipEnabled ("This is currently internal").
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
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();
Task serving = ServeAsync(requests: 3);

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", UnauthenticatedAccess = true }.Build();
var picture = new Object { Bucket = "bucket", Name = "name", ContentType = "image/png" };
await client.UploadObjectAsync(picture, new MemoryStream([1, 2, 3]), cancellationToken: limit.Token);
await client.PatchObjectAsync(new Object { Bucket = "bucket", Name = "name", ContentType = "image/png" }, cancellationToken: limit.Token);
await serving.WaitAsync(limit.Token);
Console.WriteLine("public switch in StorageClientBuilder: "
    + (typeof(StorageClientBuilder).GetProperties().Any(p => p.Name.Contains("GZip", StringComparison.OrdinalIgnoreCase)) ? "yes" : "no"));

async Task ServeAsync(int requests)
{
    for (int i = 0; i < requests; i++)
    {
        HttpListenerContext context = await server.GetContextAsync().WaitAsync(limit.Token);
        var body = new MemoryStream();
        await context.Request.InputStream.CopyToAsync(body, limit.Token);
        string? encoding = context.Request.Headers["Content-Encoding"];
        string length = encoding == "gzip" ? $"gzip, {Unpacked(body)} bytes unpacked" : $"{encoding ?? "as it is"}, {body.Length} bytes";
        Console.WriteLine($"{context.Request.HttpMethod} {context.Request.Url!.AbsolutePath}: {length}");
        byte[] answer = [];
        if (context.Request.HttpMethod == "POST")
        {
            context.Response.Headers["Location"] = address + "/session";
        }
        else
        {
            answer = Encoding.UTF8.GetBytes(
                """{"kind":"storage#object","bucket":"bucket","name":"name","generation":"1","metageneration":"1","size":"3"}""");
            context.Response.ContentType = "application/json";
        }

        context.Response.ContentLength64 = answer.Length;
        await context.Response.OutputStream.WriteAsync(answer, limit.Token);
        context.Response.Close();
    }
}

static int Unpacked(MemoryStream body)
{
    body.Position = 0;
    var plain = new MemoryStream();
    new GZipStream(body, CompressionMode.Decompress).CopyTo(plain);
    return (int)plain.Length;
}
CS
expected='POST /upload/storage/v1/b/bucket/o: gzip, 59 bytes unpacked
PUT /session: as it is, 3 bytes
PATCH /storage/v1/b/bucket/o/name: gzip, 59 bytes unpacked
public switch in StorageClientBuilder: no'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
