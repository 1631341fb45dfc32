#!/usr/bin/env bash
# One would guess: a Spectre.Console console that writes to standard error shows its spinner if standard error is a terminal, wherever standard output
# goes (`program > result.json`), as its Profile.Out.IsTerminal and Capabilities.Ansi follow its own writer.
# What happens: Capabilities.Interactive, which a Status or Progress also needs, asks the process: one of the three standard streams redirected,
# the input, too, and it is false for every console. The spinner is gone with `> file` though it is drawn on standard error, and with
# `2> file` or `< file` from a console on standard output. `Interactive = InteractionSupport.Yes` in the settings overrides it.
# Versions: Spectre.Console 0.57.2; .NET SDK 10 and `script` of util-linux are needed.
# Source: found by trying; spectreconsole/spectre.console #2042, which brought the two outputs in beside the input.
set -euo pipefail
command -v script > /dev/null || { echo "needs script of util-linux" >&2; exit 2; }
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
    <PackageReference Include="Spectre.Console" Version="0.57.2" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Spectre.Console;

IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
{
    Out = new AnsiConsoleOutput(args[1] == "stderr" ? Console.Error : Console.Out),
    Interactive = args.Length > 2 ? InteractionSupport.Yes : InteractionSupport.Detect,
    Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false }, // nothing from the variables of a CI
});
console.Status().Start("working", _ => Thread.Sleep(500));
File.WriteAllText(args[0], $"terminal {console.Profile.Out.IsTerminal}, Ansi {console.Profile.Capabilities.Ansi}"
    + $", Interactive {console.Profile.Capabilities.Interactive}");
CS
echo "Spectre.Console 0.57.2"
build
app=$(echo bin/Debug/*/finding.dll)
try() { # what the console writes to, what is redirected, a setting
  : > file
  TERM=xterm timeout 60 script --quiet --return --command "dotnet $app answer $1 ${3:-} $2" screen < /dev/null > /dev/null 2>&1 || exit 2
  if grep -q $'\e\[?25l' screen file; then spinner=drawn; else spinner=none; fi # a spinner hides the cursor first
  echo "console on $1, '$2'${3:+, $3}: $(cat answer), spinner $spinner"
}
out=$(
  for redirected in '' '> file' '2> file' '< file'; do try stderr "$redirected"; try stdout "$redirected"; done
  try stderr '> file' InteractionSupport.Yes
)
echo "$out"
expected="console on stderr, '': terminal True, Ansi True, Interactive True, spinner drawn
console on stdout, '': terminal True, Ansi True, Interactive True, spinner drawn
console on stderr, '> file': terminal True, Ansi True, Interactive False, spinner none
console on stdout, '> file': terminal False, Ansi False, Interactive False, spinner none
console on stderr, '2> file': terminal False, Ansi False, Interactive False, spinner none
console on stdout, '2> file': terminal True, Ansi True, Interactive False, spinner none
console on stderr, '< file': terminal True, Ansi True, Interactive False, spinner none
console on stdout, '< file': terminal True, Ansi True, Interactive False, spinner none
console on stderr, '> file', InteractionSupport.Yes: terminal True, Ansi True, Interactive True, spinner drawn"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
