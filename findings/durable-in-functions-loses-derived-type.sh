#!/usr/bin/env bash
# One would guess: Durable Task writes a value the same way wherever it runs. Its own converter (System.Text.Json) writes the discriminator of a
# [JsonDerivedType], so an orchestration that runs in a console program or a test runs in an isolated Functions app, too.
# What happens: in a Functions app the Durable extension replaces the converter of worker and client by one around the worker's serializer
# (Azure.Core's JsonObjectSerializer), and that is given value.GetType(): the runtime's type, for which System.Text.Json writes no
# discriminator. Reading it back as the base type throws. The less exact type (object, or the base) would have written it.
# Versions: Microsoft.Azure.Functions.Worker 2.52.0, its Extensions.DurableTask 1.22.0; .NET SDK 10 is needed.
# Source: Azure/azure-functions-durable-extension #2801, #3013 (open) and #2327, which brought the replacement.
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
    <PackageReference Include="Microsoft.Azure.Functions.Worker" Version="2.52.0" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.DurableTask" Version="1.22.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Text.Json.Serialization;
using Microsoft.Azure.Functions.Worker.Extensions.DurableTask;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

using IHost host = new HostBuilder()
    .ConfigureFunctionsWorkerDefaults(builder => new DurableTaskExtensionStartup().Configure(builder))
    .Build();
Show("Durable Task on its own", new DurableTaskWorkerOptions().DataConverter);
Show("Functions app, worker", host.Services.GetRequiredService<IOptions<DurableTaskWorkerOptions>>().Value.DataConverter);
Show("Functions app, client", host.Services.GetRequiredService<IOptions<DurableTaskClientOptions>>().Value.DataConverter);

static void Show(string where, DataConverter converter)
{
    string? json = converter.Serialize(new Circle(2));
    string back;
    try
    {
        back = converter.Deserialize<Shape>(json)!.ToString();
    }
    catch (NotSupportedException)
    {
        back = "NotSupportedException";
    }

    Console.WriteLine($"{where}: {json}, read back as a Shape: {back}");
}

[JsonDerivedType(typeof(Circle), "circle")]
abstract record Shape;
sealed record Circle(int Radius) : Shape;
CS
expected='Durable Task on its own: {"$type":"circle","Radius":2}, read back as a Shape: Circle { Radius = 2 }
Functions app, worker: {"Radius":2}, read back as a Shape: NotSupportedException
Functions app, client: {"Radius":2}, read back as a Shape: NotSupportedException'
echo "Microsoft.Azure.Functions.Worker 2.52.0, Microsoft.Azure.Functions.Worker.Extensions.DurableTask 1.22.0"
build
out=$(timeout 60 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
