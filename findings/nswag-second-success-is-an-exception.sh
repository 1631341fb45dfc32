#!/usr/bin/env bash
# One would guess: with WrapResponses, "whether to wrap success responses to allow full response access", whose results carry the status, NSwag's client for
# C# returns from each success that the document names, 202 or 204 beside 200. That it throws some of them without it is known, and this is what
# one is told to set against it (RicoSuter/NSwag #3171).
# What happens: it changes the result's type and nothing else. A 202 with the schema of the 200 is returned, wrapped or not; one with another schema is
# thrown as an ApiException, its result inside, as is one without a body and a 204, wrapped or not. Where 202 is the only success it is returned.
# Versions: NSwag.CodeGeneration.CSharp 14.8.0; .NET SDK 10 is needed.
# Source: the package's XML documentation of WrapResponses, quoted above; RicoSuter/NSwag #1782, #2995, #3171 (all open), #1259 (successes of one schema).
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
Write("Plain", wrap: false);
Write("Wrapped", wrap: true);

void Write(string name, bool wrap)
{
    var settings = new CSharpClientGeneratorSettings { ClassName = name + "Client", WrapResponses = wrap };
    settings.CSharpGeneratorSettings.Namespace = name;
    settings.CSharpGeneratorSettings.JsonLibrary = CSharpJsonLibrary.SystemTextJson;
    File.WriteAllText($"use/{name}.cs", new CSharpClientGenerator(document, settings).GenerateFile());
}
CS
cat > api.json <<'JSON'
{
  "openapi": "3.0.3",
  "info": { "title": "Jobs", "version": "1" },
  "paths": {
    "/same": { "post": { "operationId": "Same", "responses": {
      "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } },
      "202": { "description": "Accepted", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } } } } },
    "/other": { "post": { "operationId": "Other", "responses": {
      "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } },
      "202": { "description": "Accepted", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Ticket" } } } } } } },
    "/empty": { "post": { "operationId": "Empty", "responses": {
      "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } },
      "202": { "description": "Accepted" } } } },
    "/nothing": { "post": { "operationId": "Nothing", "responses": {
      "200": { "description": "Done", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Job" } } } },
      "204": { "description": "Nothing to do" } } } },
    "/only": { "post": { "operationId": "Only", "responses": {
      "202": { "description": "Accepted", "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Ticket" } } } } } } }
  },
  "components": { "schemas": {
    "Job": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } },
    "Ticket": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string" } } } } }
}
JSON
cat > use/Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using System.Text;

using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
string address = $"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/";
free.Stop();
using var server = new HttpListener { Prefixes = { address } };
server.Start();
int status = 0;
string body = "";
Task serving = ServeAsync(requests: 12);

using var http = new HttpClient();
var plain = new Plain.PlainClient(address, http);
var wrapped = new Wrapped.WrappedClient(address, http);
const string Named = """{"name":"a"}""";
await TryAsync("200, a Job", 200, Named, async () => await plain.OtherAsync(limit.Token));
await TryAsync("200, a Job, wrapped", 200, Named, async () => await wrapped.OtherAsync(limit.Token));
await TryAsync("202, a Job as well", 202, Named, async () => await plain.SameAsync(limit.Token));
await TryAsync("202, a Job as well, wrapped", 202, Named, async () => await wrapped.SameAsync(limit.Token));
await TryAsync("202, a Ticket", 202, Named, async () => await plain.OtherAsync(limit.Token));
await TryAsync("202, a Ticket, wrapped", 202, Named, async () => await wrapped.OtherAsync(limit.Token));
await TryAsync("202, no body", 202, "", async () => await plain.EmptyAsync(limit.Token));
await TryAsync("202, no body, wrapped", 202, "", async () => await wrapped.EmptyAsync(limit.Token));
await TryAsync("204", 204, "", async () => await plain.NothingAsync(limit.Token));
await TryAsync("204, wrapped", 204, "", async () => await wrapped.NothingAsync(limit.Token));
await TryAsync("202 alone, a Ticket", 202, Named, async () => await plain.OnlyAsync(limit.Token));
await TryAsync("202 alone, a Ticket, wrapped", 202, Named, async () => await wrapped.OnlyAsync(limit.Token));
await serving.WaitAsync(limit.Token);

async Task TryAsync(string what, int answer, string with, Func<Task<object>> call)
{
    (status, body) = (answer, with);
    string end;
    try
    {
        end = "returns " + Name((await call()).GetType());
    }
    catch (Exception e) when (e.GetType().Name.StartsWith("ApiException"))
    {
        end = $"throws {Name(e.GetType())} [{e.Message.Split('\n')[0]}]";
    }

    Console.WriteLine($"{what}: {end}");
}

static string Name(Type type) =>
    type.IsGenericType ? $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(one => one.Name))}>" : type.Name;

async Task ServeAsync(int requests)
{
    for (int i = 0; i < requests; i++)
    {
        HttpListenerContext context = await server.GetContextAsync().WaitAsync(limit.Token);
        await context.Request.InputStream.CopyToAsync(Stream.Null, limit.Token);
        context.Response.StatusCode = status;
        if (body.Length > 0)
        {
            context.Response.ContentType = "application/json";
            await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body), limit.Token);
        }

        context.Response.Close();
    }
}
CS
expected='200, a Job: returns Job
200, a Job, wrapped: returns SwaggerResponse<Job>
202, a Job as well: returns Job
202, a Job as well, wrapped: returns SwaggerResponse<Job>
202, a Ticket: throws ApiException<Ticket> [Accepted]
202, a Ticket, wrapped: throws ApiException<Ticket> [Accepted]
202, no body: throws ApiException [Accepted]
202, no body, wrapped: throws ApiException [Accepted]
204: throws ApiException [Nothing to do]
204, wrapped: throws ApiException [Nothing to do]
202 alone, a Ticket: returns Ticket
202 alone, a Ticket, wrapped: returns SwaggerResponse<Ticket>'
echo "NSwag.CodeGeneration.CSharp 14.8.0"
build make
timeout 60 dotnet run --no-build --project make || exit 2
build use
out=$(timeout 60 dotnet run --no-build --project use)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
