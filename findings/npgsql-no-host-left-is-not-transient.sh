#!/usr/bin/env bash
# One would guess: NpgsqlException.IsTransient, which retry policies ask, says of an outage whether another try may help. A database that refuses
# connections is transient with one host in the connection string, so it is with two that both refuse.
# What happens: with several hosts the failures come as one NpgsqlException around an AggregateException, and that is not transient, though each
# failure in it is. A second host in the connection string, or BuildMultiHost() with one, switches off retries that worked before. (Where all
# hosts answer with the same error of PostgreSQL, such as 57P03, that error itself is thrown, and it is transient.)
# Versions: Npgsql 10.0.3; .NET SDK 10 is needed.
# Source: npgsql/npgsql #4187, where the exception of several hosts got its shape; nothing known that speaks of IsTransient.
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
    <PackageReference Include="Npgsql" Version="10.0.3" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Net;
using System.Net.Sockets;
using Npgsql;

// Bound and not listening: connections are refused.
using var first = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
using var second = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
string one = Bind(first);
string two = one + "," + Bind(second);
await ShowAsync("one host", new NpgsqlDataSourceBuilder(Hosts(one)).Build());
await ShowAsync("two hosts", new NpgsqlDataSourceBuilder(Hosts(two)).Build());
await ShowAsync("two hosts, BuildMultiHost, primary",
    new NpgsqlDataSourceBuilder(Hosts(two)).BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary));
await ShowAsync("one host, BuildMultiHost, primary",
    new NpgsqlDataSourceBuilder(Hosts(one)).BuildMultiHost().WithTargetSession(TargetSessionAttributes.Primary));

static string Bind(Socket socket)
{
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return "127.0.0.1:" + ((IPEndPoint)socket.LocalEndPoint!).Port;
}

static string Hosts(string hosts) => $"Host={hosts};Username=somebody;Timeout=10";

static async Task ShowAsync(string what, NpgsqlDataSource source)
{
    await using NpgsqlDataSource disposed = source;
    try
    {
        await using NpgsqlConnection connection = await source.OpenConnectionAsync();
        Console.WriteLine(what + ": connected");
    }
    catch (NpgsqlException e)
    {
        string inner = e.InnerException is AggregateException all
            ? "AggregateException of " + string.Join(", ", all.InnerExceptions.Select(one => "transient " + ((NpgsqlException)one).IsTransient))
            : e.InnerException!.GetType().Name;
        Console.WriteLine($"{what}: transient {e.IsTransient}, inside: {inner}");
    }
}
CS
expected='one host: transient True, inside: SocketException
two hosts: transient False, inside: AggregateException of transient True, transient True
two hosts, BuildMultiHost, primary: transient False, inside: AggregateException of transient True, transient True
one host, BuildMultiHost, primary: transient False, inside: AggregateException of transient True'
echo "Npgsql 10.0.3"
build
out=$(timeout 90 dotnet run --no-build)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
