#!/usr/bin/env bash
# One would guess: of .NET's own metrics (meter System.Runtime), those of the thread pool that tell how many threads there are and how long its queue is are
# UpDownCounters, as OpenTelemetry's conventions for .NET and Microsoft's page of built-in metrics have them, and as dotnet.process.memory.working_set is one.
# What happens: both are ObservableCounters, which by their contract only rise. The queue's length falls all the same. What exports them takes them for
# totals: Prometheus has dotnet_thread_pool_queue_length_total, whose rate() takes each fall for a restart of the process.
# Versions: .NET 10 (tried with SDK 10.0.401, runtime 10.0.12).
# Source: open-telemetry/semantic-conventions, docs/runtime/dotnet-metrics.md; dotnet/runtime #112077 and #126167; #126482, which mended the queue's length in
# April 2026, after .NET 10, and says that the number of threads was mended before it.
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
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics.Metrics;

string[] names = ["dotnet.process.memory.working_set", "dotnet.thread_pool.queue.length", "dotnet.thread_pool.thread.count"];
long length = 0;
var found = new SortedDictionary<string, string>();
using var listener = new MeterListener
{
    InstrumentPublished = (instrument, listener) =>
    {
        if (instrument.Meter.Name == "System.Runtime" && names.Contains(instrument.Name))
        {
            found[instrument.Name] = instrument.GetType().Name.Split('`')[0];
            listener.EnableMeasurementEvents(instrument);
        }
    },
};
listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => length = instrument.Name.EndsWith("length") ? value : length);
listener.Start();
foreach (var (name, type) in found)
{
    Console.WriteLine($"{name}: {type}");
}

using var gate = new ManualResetEventSlim();
ThreadPool.SetMaxThreads(Environment.ProcessorCount, Environment.ProcessorCount);
for (int i = 0; i < 1000; i++)
{
    ThreadPool.QueueUserWorkItem(_ => gate.Wait());
}

listener.RecordObservableInstruments();
bool isLong = length > 500;
gate.Set();
SpinWait.SpinUntil(() => ThreadPool.PendingWorkItemCount == 0, TimeSpan.FromSeconds(30));
listener.RecordObservableInstruments();
Console.WriteLine($"the queue's length fell: {isLong && length < 10}");
CS
expected='dotnet.process.memory.working_set: ObservableUpDownCounter
dotnet.thread_pool.queue.length: ObservableCounter
dotnet.thread_pool.thread.count: ObservableCounter
the queue'"'"'s length fell: True'
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
