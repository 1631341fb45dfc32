#!/usr/bin/env bash
# One would guess: Microsoft.DurableTask.Analyzers checks the types that an orchestration gives to its activities (DURABLE2001) in every project
# of the Durable Task SDK.
# What happens: without the Azure Functions packages in the same project the rule is silent, on code with no line of Functions in it. The same
# file is warned about as soon as they are referred to. A worker outside of Functions has the analyzers and is not told.
# Versions: Microsoft.DurableTask.Analyzers and Worker 1.28.0, Microsoft.Azure.Functions.Worker.Extensions.DurableTask 1.22.0; .NET SDK 10 is needed.
# Source: microsoft/durabletask-dotnet, MatchingInputOutputTypeActivityAnalyzer: it stops where the attributes of Functions are unknown.
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
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Microsoft.DurableTask.Analyzers" Version="1.28.0" />
    <PackageReference Include="Microsoft.DurableTask.Worker" Version="1.28.0" />
  </ItemGroup>
  <ItemGroup Condition=" '$(WithFunctions)' == 'true' ">
    <PackageReference Include="Microsoft.Azure.Functions.Worker" Version="2.52.0" />
    <PackageReference Include="Microsoft.Azure.Functions.Worker.Extensions.DurableTask" Version="1.22.0" />
  </ItemGroup>
</Project>
XML
cat > Doubling.cs <<'CS'
using Microsoft.DurableTask;

public static class Doubling
{
    public static void Register(DurableTaskRegistry registry)
    {
        registry.AddActivityFunc<int, int>("Double", (TaskActivityContext context, int number) => number * 2);
        registry.AddOrchestratorFunc<int, int>("Main", async (TaskOrchestrationContext context, int input) =>
            await context.CallActivityAsync<int>("Double", "not a number"));
    }
}
CS
warnings() {
    rm -rf bin obj
    build -p:WithFunctions="$1"
    grep -o 'warning DURABLE2001: .* activity function .Double.' log | sort -u || true
}
expected="without Functions:
with Functions: warning DURABLE2001: CallActivityAsync is passing the incorrect type 'string' instead of 'int' to the activity function 'Double'"
echo "Microsoft.DurableTask.Analyzers 1.28.0"
without=$(warnings false)
with=$(warnings true)
out="without Functions:${without:+ $without}
with Functions:${with:+ $with}"
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
