#!/usr/bin/env bash
# One would guess: SetCustomStatus(list) keeps what the list holds at that moment; what is added to the list afterwards needs another call.
# What happens: the object is kept, not its JSON. It is serialized when the orchestrator's turn ends, in every later turn, too: a client sees
# what was added after the call.
# Versions: Microsoft.DurableTask.Worker and Client 1.28.0, Microsoft.DurableTask.InProcessTestHost 0.2.3-preview.1; .NET SDK 10 is needed.
# Source: none known that says so (the JavaScript SDK was changed to serialize in the call: microsoft/durabletask-js #195).
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
    <PackageReference Include="Grpc.AspNetCore.Server" Version="2.80.0" />
    <PackageReference Include="Microsoft.DurableTask.Client.Grpc" Version="1.28.0" />
    <PackageReference Include="Microsoft.DurableTask.InProcessTestHost" Version="0.2.3-preview.1" />
    <PackageReference Include="Microsoft.DurableTask.Worker.Grpc" Version="1.28.0" />
    <PackageReference Include="System.Reactive.Compatibility" Version="6.1.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.DurableTask.Testing;

// The host's own choice of a port can be one in use.
var free = new TcpListener(IPAddress.Loopback, 0);
free.Start();
var options = new DurableTaskTestHostOptions { Port = ((IPEndPoint)free.LocalEndpoint).Port };
free.Stop();
using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
await using DurableTaskTestHost host = await DurableTaskTestHost.StartAsync(registry => registry.AddOrchestratorFunc("Main", async context =>
{
    List<string> steps = ["set"];
    context.SetCustomStatus(steps);
    steps.Add("added after the call");
    await context.WaitForExternalEvent<string>("go");
    steps.Add("added after the wait");
    return "done";
}), options);
string id = await host.Client.ScheduleNewOrchestrationInstanceAsync("Main", limit.Token);
OrchestrationMetadata? waiting;
do
{
    await Task.Delay(50, limit.Token);
    waiting = await host.Client.GetInstanceAsync(id, getInputsAndOutputs: true, limit.Token);
}
while (waiting?.SerializedCustomStatus is null);
Console.WriteLine("status while waiting: " + waiting.SerializedCustomStatus);
await host.Client.RaiseEventAsync(id, "go", "now", limit.Token);
OrchestrationMetadata ended = await host.Client.WaitForInstanceCompletionAsync(id, getInputsAndOutputs: true, limit.Token);
Console.WriteLine("status at the end: " + ended.SerializedCustomStatus);
CS
expected='status while waiting: ["set","added after the call"]
status at the end: ["set","added after the call","added after the wait"]'
echo "Microsoft.DurableTask.Worker 1.28.0, Microsoft.DurableTask.InProcessTestHost 0.2.3-preview.1"
build
out=$(timeout 90 dotnet run --no-build | grep '^status ') # the test host logs to the same output
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
