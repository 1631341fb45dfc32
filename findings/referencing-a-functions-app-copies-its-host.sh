#!/usr/bin/env bash
# One would guess: a console program (or a test project) that refers to an isolated Functions app gets the app's assembly and its packages beside
# it. What only the Functions host reads stays with the app.
# What happens: the host's extensions (.azurefunctions/) and its descriptions of the app (functions.metadata, extensions.json, worker.config.json)
# are copied beside the console program as well, as if it were a Functions app.
# Versions: Microsoft.Azure.Functions.Worker.Sdk 2.1.0, Microsoft.Azure.Functions.Worker 2.52.0; .NET SDK 10 is needed.
# Source: Azure/azure-functions-dotnet-worker #2423, where its absence in 1.17.2 was reported as a fault.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # leave no build server behind
echo ".NET SDK $(dotnet --version)"
build() { timeout 300 dotnet build "$@" > log 2>&1 || { cat log >&2; exit 2; }; } # 2: it could not be tried

mkdir App
cat > App/App.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <AzureFunctionsVersion>v4</AzureFunctionsVersion>
    <NoWarn>NU1603</NoWarn>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.Azure.Functions.Worker" Version="2.52.0" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.Timer" Version="4.3.1" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Sdk" Version="2.1.0" />
  </ItemGroup>
</Project>
XML
echo '{ "version": "2.0" }' > App/host.json
cat > App/Program.cs <<'CS'
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;

new HostBuilder().ConfigureFunctionsWorkerDefaults().Build().Run();

public class Cleanup
{
    [Function("Cleanup")]
    public void Run([TimerTrigger("0 0 * * * *")] string timer) { }
}
CS
mkdir Console
cat > Console/Console.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
  </PropertyGroup>
  <ItemGroup>
    <ProjectReference Include="../App/App.csproj" />
  </ItemGroup>
</Project>
XML
echo 'System.Console.WriteLine("hello");' > Console/Program.cs
expected='.azurefunctions/Microsoft.Azure.Functions.Worker.Extensions.dll
.azurefunctions/Microsoft.Azure.WebJobs.Extensions.FunctionMetadataLoader.dll
.azurefunctions/Microsoft.Azure.WebJobs.Host.Storage.dll
.azurefunctions/Microsoft.WindowsAzure.Storage.dll
.azurefunctions/function.deps.json
extensions.json
functions.metadata
worker.config.json'
echo "Microsoft.Azure.Functions.Worker.Sdk 2.1.0"
build Console
out=$(cd Console/bin/Debug/net10.0 && find . -path './.azurefunctions/*' ! -name '*.pdb' -o -name functions.metadata -o -name extensions.json \
    -o -name worker.config.json | sed 's,^\./,,' | LC_ALL=C sort)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
