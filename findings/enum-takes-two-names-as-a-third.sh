#!/usr/bin/env bash
# One would guess: only an enum with [Flags] is read from a list of names. For another one "jpeg, webp" is not a name, so JsonStringEnumConverter
# throws JsonException and System.CommandLine reports an error, above all where numbers are not allowed (allowIntegerValues: false).
# What happens: both take the list without [Flags], too, and put the numbers together with a bitwise or: 1 and 2 are 3, so "jpeg, webp" is Avif,
# which nobody wrote, and "png, jpeg" (0 and 1) is Jpeg. Names given with JsonStringEnumMemberName, media types for instance, are no exception.
# Where the number has no name, the value is one that the enum does not have.
# Versions: System.Text.Json of .NET 10, System.CommandLine 3.0.0; .NET SDK 10 is needed.
# Source: dotnet/runtime #122550 (open) for JSON; none known for System.CommandLine.
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
    <PackageReference Include="System.CommandLine" Version="3.0.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization;

var json = new JsonSerializerOptions { Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) } };
foreach (string text in (string[])["jpeg, webp", "png, jpeg", "webp, avif, heif", "gif", "3"])
{
    Console.WriteLine($"JSON \"{text}\": {Read<Format>(text)}");
}

Console.WriteLine($"JSON \"image/jpeg,image/webp\": {Read<MediaType>("image/jpeg,image/webp")}");
foreach (string text in (string[])["jpeg,webp", "webp,heif", "gif"])
{
    var option = new Option<Format>("--format");
    ParseResult parsed = new RootCommand { option }.Parse(["--format", text]);
    Console.WriteLine($"--format {text}: {(parsed.Errors.Count > 0 ? "an error" : parsed.GetValue(option))}");
}

string Read<T>(string text)
{
    try
    {
        return JsonSerializer.Deserialize<T>($"\"{text}\"", json)!.ToString()!;
    }
    catch (JsonException)
    {
        return "JsonException";
    }
}

enum Format { Png, Jpeg, Webp, Avif, Heif }

enum MediaType
{
    [JsonStringEnumMemberName("image/png")] Png,
    [JsonStringEnumMemberName("image/jpeg")] Jpeg,
    [JsonStringEnumMemberName("image/webp")] Webp,
    [JsonStringEnumMemberName("image/avif")] Avif,
}
CS
expected='JSON "jpeg, webp": Avif
JSON "png, jpeg": Jpeg
JSON "webp, avif, heif": 7
JSON "gif": JsonException
JSON "3": JsonException
JSON "image/jpeg,image/webp": Avif
--format jpeg,webp: Avif
--format webp,heif: 6
--format gif: an error'
echo "System.CommandLine 3.0.0"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
