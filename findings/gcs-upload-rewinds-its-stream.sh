#!/usr/bin/env bash
# One would guess: UploadObject sends what is left of the stream, from where it stands, as Stream.CopyTo and StreamContent do. A stream that stands
# at its end, having just been written, gives an empty object.
# What happens: a stream that can seek is sent from its first byte, wherever it stands; what the caller had read and meant to leave out (a header,
# say) is in the object. One that can't seek is sent from where it stands, so the same code stores other bytes.
# Versions: Google.Cloud.Storage.V1 5.0.0 on Google.Apis 1.78.0; .NET SDK 10 is needed.
# Source: googleapis/google-api-dotnet-client #1431 (ResumableUpload sets the position to the count of bytes received); the client's own
# documentation of UploadObject does not mention it.
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

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", UnauthenticatedAccess = true }.Build();
byte[] bytes = [1, 2, 3, 4, 5];
Console.WriteLine("StreamContent, stands at 2: " + string.Join(' ', await new StreamContent(At(2)).ReadAsByteArrayAsync()));
Console.WriteLine("UploadObject, stands at 2: " + await UploadAsync(At(2)));
Console.WriteLine("UploadObject, stands at its end: " + await UploadAsync(At(5)));
Console.WriteLine("UploadObject, can't seek, stands at 2: " + await UploadAsync(new OneWay(At(2))));

MemoryStream At(int position) => new(bytes) { Position = position };

// What the server got for the object.
async Task<string> UploadAsync(Stream source)
{
    Task<byte[]> serving = ServeAsync();
    await client.UploadObjectAsync("bucket", "name", "image/png", source, cancellationToken: limit.Token);
    return string.Join(' ', await serving.WaitAsync(limit.Token));
}

async Task<byte[]> ServeAsync()
{
    HttpListenerContext opening = await server.GetContextAsync().WaitAsync(limit.Token);
    opening.Response.Headers["Location"] = address + "/session";
    opening.Response.Close();
    HttpListenerContext put = await server.GetContextAsync().WaitAsync(limit.Token);
    var body = new MemoryStream();
    await put.Request.InputStream.CopyToAsync(body, limit.Token);
    put.Response.ContentType = "application/json";
    put.Response.Close("""{"kind":"storage#object","bucket":"bucket","name":"name"}"""u8.ToArray(), willBlock: false);
    return body.ToArray();
}

sealed class OneWay(Stream inner) : Stream
{
    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override void Flush() { }
}
CS
expected='StreamContent, stands at 2: 3 4 5
UploadObject, stands at 2: 1 2 3 4 5
UploadObject, stands at its end: 1 2 3 4 5
UploadObject, can'"'"'t seek, stands at 2: 3 4 5'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
