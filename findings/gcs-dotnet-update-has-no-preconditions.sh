#!/usr/bin/env bash
# One would guess: UpdateObject(obj) is refused if somebody else changed the object since obj was read. The documentation says that the
# generation and metageneration of obj are used as preconditions unless some are set, and that options may be null, "in which case
# appropriate defaults will be used".
# What happens: without options no precondition is sent, and the stale object is written over the newer one. With `new UpdateObjectOptions()`,
# in which nothing is set either, both are sent and the same call is a 412. UpdateBucket is the same.
# Versions: Google.Cloud.Storage.V1 5.0.0; .NET SDK 10 is needed.
# Source: found by trying; the package's XML documentation of StorageClient.UpdateObject; googleapis/google-cloud-dotnet #397 and #547, which
# brought the default preconditions.
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
using System.Text;
using Google;
using Google.Apis.Storage.v1.Data;
using Google.Cloud.Storage.V1;
using Object = Google.Apis.Storage.v1.Data.Object;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}";
free.Stop();
using var server = new HttpListener { Prefixes = { address + "/" } };
server.Start();
string query = "";
Task serving = ServeAsync(requests: 4);

StorageClient client = new StorageClientBuilder { BaseUri = address + "/storage/v1/", UnauthenticatedAccess = true }.Build();
// Read at metageneration 3; the server has got to 4 since.
var stale = new Object { Bucket = "bucket", Name = "name", Generation = 7, Metageneration = 3, Acl = [] };
var staleBucket = new Bucket { Name = "bucket", Metageneration = 3, Acl = [], DefaultObjectAcl = [] };
await TryAsync("object, no options", () => client.UpdateObjectAsync(stale, cancellationToken: limit.Token));
await TryAsync("object, new UpdateObjectOptions()", () => client.UpdateObjectAsync(stale, new UpdateObjectOptions(), limit.Token));
await TryAsync("bucket, no options", () => client.UpdateBucketAsync(staleBucket, cancellationToken: limit.Token));
await TryAsync("bucket, new UpdateBucketOptions()", () => client.UpdateBucketAsync(staleBucket, new UpdateBucketOptions(), limit.Token));
await serving.WaitAsync(limit.Token);

async Task TryAsync(string what, Func<Task> update)
{
    string end = "written";
    try
    {
        await update();
    }
    catch (GoogleApiException e)
    {
        end = $"{(int)e.HttpStatusCode}";
    }

    Console.WriteLine($"{what}: {(query.Length == 0 ? "no preconditions" : query)}, {end}");
}

async Task ServeAsync(int requests)
{
    for (int i = 0; i < requests; i++)
    {
        HttpListenerContext context = await server.GetContextAsync().WaitAsync(limit.Token);
        await context.Request.InputStream.CopyToAsync(Stream.Null, limit.Token);
        query = string.Join(" ", context.Request.QueryString.AllKeys.Where(key => key!.StartsWith("if"))
            .Select(key => $"{key}={context.Request.QueryString[key]}").Order());
        bool met = context.Request.QueryString["ifMetagenerationMatch"] is null or "4";
        byte[] answer = Encoding.UTF8.GetBytes(met
            ? """{"bucket":"bucket","name":"name","generation":"7","metageneration":"5"}"""
            : """{"error":{"code":412,"message":"conditionNotMet"}}""");
        context.Response.StatusCode = met ? 200 : 412;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength64 = answer.Length;
        await context.Response.OutputStream.WriteAsync(answer, limit.Token);
        context.Response.Close();
    }
}
CS
expected='object, no options: no preconditions, written
object, new UpdateObjectOptions(): ifGenerationMatch=7 ifMetagenerationMatch=3, 412
bucket, no options: no preconditions, written
bucket, new UpdateBucketOptions(): ifMetagenerationMatch=3, 412'
echo "Google.Cloud.Storage.V1 5.0.0"
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
