#!/usr/bin/env bash
# One would guess: with enableRangeProcessing ASP.NET Core's Results.File and its siblings answer `Range: bytes=0-9` with the first ten bytes, and
# `Range: pixels=0-9` with everything and 200: "An origin server MUST ignore a Range header field that contains a range unit it does not understand."
# What happens: the unit is not looked at. A range of pixels is answered with 206 and `Content-Range: bytes 0-9/26`, one past the end with
# 416. The static files middleware does the same.
# Versions: the ASP.NET Core of .NET 10 (the runtime's version is printed); .NET SDK 10 is needed.
# Source: RFC 9110, section 14.2, quoted above; dotnet/aspnetcore, src/Shared/RangeHelper; helidon-io/helidon #12450 is the same elsewhere.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # leave no build server behind
echo ".NET SDK $(dotnet --version)"
build() { timeout 300 dotnet build "$@" > log 2>&1 || { cat log >&2; exit 2; }; } # 2: it could not be tried

cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk.Web">
  <PropertyGroup>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
</Project>
XML
mkdir wwwroot
printf abcdefghijklmnopqrstuvwxyz > wwwroot/static.txt
cat > Program.cs <<'CS'
using System.Text;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
byte[] letters = Encoding.ASCII.GetBytes("abcdefghijklmnopqrstuvwxyz");
WebApplicationBuilder builder = WebApplication.CreateBuilder(args);
builder.Logging.ClearProviders();
builder.WebHost.UseUrls("http://127.0.0.1:0");
await using WebApplication app = builder.Build();
app.UseStaticFiles();
app.MapGet("/file", () => Results.File(letters, "text/plain", enableRangeProcessing: true));
app.MapGet("/stream", () => Results.Stream(new MemoryStream(letters), "text/plain", enableRangeProcessing: true));
await app.StartAsync(limit.Token);

Console.Error.WriteLine($".NET {Environment.Version}");
using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
foreach (string range in (string[])["bytes=0-9", "pixels=0-9", "pixels=99-", "bytes=0-9,20-25"])
{
    foreach (string path in (string[])["file", "stream", "static.txt"])
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Range", range);
        using HttpResponseMessage answer = await client.SendAsync(request, limit.Token);
        string body = await answer.Content.ReadAsStringAsync(limit.Token);
        Console.WriteLine($"{range} of {path}: {(int)answer.StatusCode} [{body}] {answer.Content.Headers.ContentRange}".TrimEnd());
    }
}

await app.StopAsync(limit.Token);
CS
expected='bytes=0-9 of file: 206 [abcdefghij] bytes 0-9/26
bytes=0-9 of stream: 206 [abcdefghij] bytes 0-9/26
bytes=0-9 of static.txt: 206 [abcdefghij] bytes 0-9/26
pixels=0-9 of file: 206 [abcdefghij] bytes 0-9/26
pixels=0-9 of stream: 206 [abcdefghij] bytes 0-9/26
pixels=0-9 of static.txt: 206 [abcdefghij] bytes 0-9/26
pixels=99- of file: 416 [] bytes */26
pixels=99- of stream: 416 [] bytes */26
pixels=99- of static.txt: 416 [] bytes */26
bytes=0-9,20-25 of file: 200 [abcdefghijklmnopqrstuvwxyz]
bytes=0-9,20-25 of stream: 200 [abcdefghijklmnopqrstuvwxyz]
bytes=0-9,20-25 of static.txt: 200 [abcdefghijklmnopqrstuvwxyz]'
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
