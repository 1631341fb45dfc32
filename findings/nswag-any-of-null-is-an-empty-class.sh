#!/usr/bin/env bash
# One would guess: `oneOf` and `anyOf` of a schema and null, either of which OpenAPI 3.1 has for "a Picture or null", are the same property in the
# client for C# that NSwag makes: a Picture that may be null.
# What happens: `oneOf` is. `anyOf` is a new class, named after the property, without members, and not nullable. What the server sends is read without an
# error and lands in its AdditionalProperties as a JsonElement: width is there, and no member has it.
# Versions: NSwag.CodeGeneration.CSharp 14.8.0; .NET SDK 10 is needed.
# Source: RicoSuter/NSwag #3917 (open), which refers to RicoSuter/NJsonSchema #994.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # leave no build server behind
echo ".NET SDK $(dotnet --version)"
build() { timeout 300 dotnet build "$@" > log 2>&1 || { cat log >&2; exit 2; }; } # 2: it could not be tried

mkdir make use
cat > make/make.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NSwag.CodeGeneration.CSharp" Version="14.8.0" />
  </ItemGroup>
</Project>
XML
cat > use/use.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <Nullable>enable</Nullable>
  </PropertyGroup>
</Project>
XML
cat > make/Program.cs <<'CS'
using NJsonSchema.CodeGeneration.CSharp;
using NSwag;
using NSwag.CodeGeneration.CSharp;

OpenApiDocument document = await OpenApiDocument.FromFileAsync("api.json");
var settings = new CSharpClientGeneratorSettings { ClassName = "Client" };
settings.CSharpGeneratorSettings.Namespace = "Generated";
settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
settings.CSharpGeneratorSettings.GenerateNullableReferenceTypes = true;
File.WriteAllText("use/Client.cs", new CSharpClientGenerator(document, settings).GenerateFile());
CS
cat > api.json <<'JSON'
{
  "openapi": "3.1.0",
  "info": { "title": "Jobs", "version": "1" },
  "paths": { "/job": { "get": { "operationId": "Job", "responses": {
    "200": { "description": "It", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } } } } } },
  "components": { "schemas": {
    "Picture": { "type": "object", "required": ["width"], "properties": { "width": { "type": "integer" } } },
    "Job": { "type": "object", "properties": {
      "one": { "oneOf": [ { "$ref": "#/components/schemas/Picture" }, { "type": "null" } ] },
      "any": { "anyOf": [ { "$ref": "#/components/schemas/Picture" }, { "type": "null" } ] } } } } }
}
JSON
cat > use/Program.cs <<'CS'
using System.Reflection;
using System.Text.Json;
using Generated;

Job job = JsonSerializer.Deserialize<Job>("""{"one":{"width":5},"any":{"width":5}}""")!;
foreach (string name in (string[])["One", "Any"])
{
    PropertyInfo property = typeof(Job).GetProperty(name)!;
    object value = property.GetValue(job)!;
    bool nullable = new NullabilityInfoContext().Create(property).WriteState == NullabilityState.Nullable;
    string[] members = [.. value.GetType().GetProperties().Select(one => one.Name).Where(one => one != "AdditionalProperties")];
    var rest = (IDictionary<string, object>)value.GetType().GetProperty("AdditionalProperties")!.GetValue(value)!;
    Console.WriteLine($"{name.ToLowerInvariant()}Of: {property.PropertyType.Name}{(nullable ? "?" : "")}, members [{string.Join(", ", members)}], "
        + $"additional [{string.Join(", ", rest.Select(one => $"{one.Key} = {one.Value} as {one.Value.GetType().Name}"))}]");
}
CS
expected='oneOf: Picture?, members [Width], additional []
anyOf: Any, members [], additional [width = 5 as JsonElement]'
echo "NSwag.CodeGeneration.CSharp 14.8.0"
build make
timeout 60 dotnet run --no-build --project make || exit 2
build use
out=$(timeout 60 dotnet run --no-build --project use)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
