#!/usr/bin/env bash
# One would guess: two meters of one name, as two hosts in one process make them (IMeterFactory gives each host its own), are counted apart or together,
# and when one is disposed of, the other's measurements go on.
# What happens: OpenTelemetry counts them together. With the first meter's end the metric is exported once more and then taken away, and what the other
# meter's instrument, which lives, measures from then on is nowhere, without a word. Asking the living meter for the instrument again gives the same
# silent one; only one of a meter made later counts, from nothing.
# Versions: OpenTelemetry 1.20.1; .NET SDK 10 is needed.
# Source: found by trying; open-telemetry/opentelemetry-dotnet #6412 (open) and #7172, a change that was not taken, as meters of one name that outlive each
# other were thought uncommon.
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
    <PackageReference Include="OpenTelemetry" Version="1.20.1" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Diagnostics.Metrics;
using OpenTelemetry;
using OpenTelemetry.Metrics;

using Meter first = new("tasks"), second = new("tasks");
var page = new Page();
using var provider = Sdk.CreateMeterProviderBuilder().AddMeter("tasks").AddReader(new BaseExportingMetricReader(page)).Build();
var ofTheFirst = first.CreateCounter<long>("made");
var ofTheSecond = second.CreateCounter<long>("made");
ofTheFirst.Add(1);
ofTheSecond.Add(10);
Show("both live");
first.Dispose();
ofTheSecond.Add(100);
Show("the first has ended");
ofTheSecond.Add(1000);
Show("later");
second.CreateCounter<long>("made").Add(10_000);
Show("asked for again");
using Meter third = new("tasks");
third.CreateCounter<long>("made").Add(100_000);
Show("of a third meter");

void Show(string when)
{
    page.Text = "nothing";
    provider.ForceFlush();
    Console.WriteLine($"{when}: {page.Text}");
}

sealed class Page : BaseExporter<Metric>
{
    public string Text { get; set; } = "";

    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            foreach (ref readonly var point in metric.GetMetricPoints())
            {
                Text = $"{metric.Name} {point.GetSumLong()}";
            }
        }

        return ExportResult.Success;
    }
}
CS
expected='both live: made 11
the first has ended: made 111
later: nothing
asked for again: nothing
of a third meter: made 100000'
echo "OpenTelemetry 1.20.1"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
