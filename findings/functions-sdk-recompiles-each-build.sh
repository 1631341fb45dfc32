#!/usr/bin/env bash
# One would guess: a second build of a Functions project in which nothing changed compiles nothing.
# What happens: the app itself is not compiled again, but the SDK touches the project that it generated for the host's extensions
# (obj/.../WorkerExtensions/WorkerExtensions.csproj, the same text with a new time), and so compiles that project anew in every build.
# Versions: Microsoft.Azure.Functions.Worker.Sdk 2.1.0, Microsoft.Azure.Functions.Worker 2.52.0; .NET SDK 10 is needed.
# Source: Azure/azure-functions-dotnet-worker #3381.
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
app=App/obj/Debug/net10.0/App.dll
generated=App/obj/Debug/net10.0/WorkerExtensions/WorkerExtensions.csproj
compiled=App/obj/Debug/net10.0/WorkerExtensions/obj/Release/net8.0/Microsoft.Azure.Functions.Worker.Extensions.dll
expected='the app: not compiled
the generated project: same text, touched
the generated project: compiled again'
echo "Microsoft.Azure.Functions.Worker.Sdk 2.1.0"
build App
build App # the first build may leave something for the second
cp "$generated" text
touch -r "$app" app-time
touch -r "$generated" generated-time
touch -r "$compiled" compiled-time
build App
out="the app: $([ "$app" -nt app-time ] && echo compiled again || echo not compiled)
the generated project: $(cmp -s text "$generated" && echo same text || echo other text), $([ "$generated" -nt generated-time ] && echo touched || echo not touched)
the generated project: $([ "$compiled" -nt compiled-time ] && echo compiled again || echo not compiled)"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
