#!/usr/bin/env bash
# One would guess: Durable Task's in-memory test host does what a real back end does with a start time, with a recursive termination and with a
# request for the history, or says that it can't.
# What happens: it says nothing. An orchestration scheduled for an hour later has run at once; a termination with Recursive leaves the child running;
# the history of an instance that ran an activity has no events. A test of any of the three is green or red for the wrong reason.
# Versions: Microsoft.DurableTask.Worker and Client 1.28.0, Microsoft.DurableTask.InProcessTestHost 0.2.3-preview.1; .NET SDK 10 is needed.
# Source: found by trying; microsoft/durabletask-dotnet, src/InProcessTestHost.
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
await using DurableTaskTestHost host = await DurableTaskTestHost.StartAsync(registry =>
{
    registry.AddActivityFunc<string, string>("Say", (context, word) => word);
    registry.AddOrchestratorFunc<string, string>("Main", (context, word) => context.CallActivityAsync<string>("Say", word));
    registry.AddOrchestratorFunc<string, string>("Child", (context, word) => context.WaitForExternalEvent<string>("go"));
    registry.AddOrchestratorFunc<string, string>("Parent", (context, word) =>
        context.CallSubOrchestratorAsync<string>("Child", word, new SubOrchestrationOptions(instanceId: "child")));
}, options);
DurableTaskClient client = host.Client;

// An orchestration that starts in an hour would not end within the 20 seconds it is given.
await client.ScheduleNewOrchestrationInstanceAsync(
    "Main", "a", new StartOrchestrationOptions("later", DateTimeOffset.UtcNow.AddHours(1)), limit.Token);
using var soon = CancellationTokenSource.CreateLinkedTokenSource(limit.Token);
soon.CancelAfter(TimeSpan.FromSeconds(20));
string scheduled;
try
{
    scheduled = (await client.WaitForInstanceCompletionAsync("later", soon.Token)).RuntimeStatus.ToString();
}
catch (Exception exception) when (soon.IsCancellationRequested && exception is not null)
{
    scheduled = "waits";
}
Console.WriteLine($"scheduled for an hour later: {scheduled}");

await client.ScheduleNewOrchestrationInstanceAsync("Parent", "a", new StartOrchestrationOptions("parent"), limit.Token);
while (await client.GetInstanceAsync("child", limit.Token) is not { RuntimeStatus: OrchestrationRuntimeStatus.Running })
{
    await Task.Delay(50, limit.Token);
}
await client.TerminateInstanceAsync("parent", new TerminateInstanceOptions(Recursive: true), limit.Token);
await client.WaitForInstanceCompletionAsync("parent", limit.Token);
await Task.Delay(TimeSpan.FromSeconds(3), limit.Token); // for the child
Console.WriteLine($"terminated with its children: {(await client.GetInstanceAsync("parent", limit.Token))!.RuntimeStatus}, "
    + $"the child {(await client.GetInstanceAsync("child", limit.Token))!.RuntimeStatus}");

await client.ScheduleNewOrchestrationInstanceAsync("Main", "a", new StartOrchestrationOptions("ended"), limit.Token);
await client.WaitForInstanceCompletionAsync("ended", limit.Token);
Console.WriteLine($"events in the history of one that ran an activity: {(await client.GetOrchestrationHistoryAsync("ended", limit.Token)).Count}");
CS
build
out=$(timeout 100 dotnet run --no-build 2>/dev/null | grep -E '^(scheduled|terminated|events)')
expected='scheduled for an hour later: Completed
terminated with its children: Terminated, the child Running
events in the history of one that ran an activity: 0'
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
