#!/usr/bin/env bash
# One would guess: with TypeNameHandling.None, which is the default, Newtonsoft.Json takes "$type" for plain data. The discriminator
# that System.Text.Json writes for a [JsonDerivedType] is kept when the JSON is read without a class and written again.
# What happens: JsonConvert.DeserializeObject(json) drops it, where it stands first, from the outermost object without a word; what was a
# Circle can't be read back as a Shape. In an object one level down, in an array, in JToken.Parse and in DeserializeObject<JToken> it stays.
# MetadataPropertyHandling.Ignore, not TypeNameHandling, is the setting that makes it plain data.
# It matters where two serializers meet: the Durable Functions host has Newtonsoft.Json, the isolated worker System.Text.Json.
# Versions: Newtonsoft.Json 13.0.4; .NET SDK 10 is needed.
# Source: Newtonsoft's reference of MetadataPropertyHandling ("Default: Read metadata properties located at the start of a JSON object").
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
    <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text.Json.Serialization;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

string json = System.Text.Json.JsonSerializer.Serialize<Shape>(new Circle(2));
var ignore = new JsonSerializerSettings { MetadataPropertyHandling = MetadataPropertyHandling.Ignore };
Console.WriteLine("System.Text.Json writes:       " + json);
Console.WriteLine("DeserializeObject(json):       " + Again(JsonConvert.DeserializeObject(json)));
Console.WriteLine("DeserializeObject, nested:     " + Again(JsonConvert.DeserializeObject("{\"shape\":" + json + "}")));
Console.WriteLine("DeserializeObject, in a list:  " + Again(JsonConvert.DeserializeObject("[" + json + "]")));
Console.WriteLine("DeserializeObject<JToken>:     " + Again(JsonConvert.DeserializeObject<JToken>(json)));
Console.WriteLine("JToken.Parse:                  " + Again(JToken.Parse(json)));
Console.WriteLine("MetadataPropertyHandling=Ignore: " + Again(JsonConvert.DeserializeObject(json, ignore)));
try
{
    System.Text.Json.JsonSerializer.Deserialize<Shape>(Again(JsonConvert.DeserializeObject(json)));
    Console.WriteLine("and back: read");
}
catch (NotSupportedException)
{
    Console.WriteLine("and back: NotSupportedException");
}

static string Again(object? value) => JsonConvert.SerializeObject(value);

[JsonDerivedType(typeof(Circle), "circle")]
abstract record Shape;
sealed record Circle(int Radius) : Shape;
CS
expected='System.Text.Json writes:       {"$type":"circle","Radius":2}
DeserializeObject(json):       {"Radius":2}
DeserializeObject, nested:     {"shape":{"$type":"circle","Radius":2}}
DeserializeObject, in a list:  [{"$type":"circle","Radius":2}]
DeserializeObject<JToken>:     {"$type":"circle","Radius":2}
JToken.Parse:                  {"$type":"circle","Radius":2}
MetadataPropertyHandling=Ignore: {"$type":"circle","Radius":2}
and back: NotSupportedException'
echo "Newtonsoft.Json 13.0.4"
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
