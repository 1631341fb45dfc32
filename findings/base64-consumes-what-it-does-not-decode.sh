#!/usr/bin/env bash
# One would guess: Base64.DecodeFromUtf8 of .NET, given base64 with something else behind it, such as the quotation mark that ends a JSON string,
# stops there: InvalidData, with all characters before it consumed. Its documentation says that the consumed count is there to slice the input
# for the next call.
# What happens: with isFinalBlock: false and fewer than four characters that are no white space behind the base64, it is NeedMoreData, and where
# there is white space among them, the count includes the foreign characters: 3 bytes of base64 and a pretty-printed JSON's end, 40 characters, are
# "37 consumed, 3 bytes written", though only the first 4 characters are base64. Who goes on at that place has stepped over the quotation
# mark and the brackets, and takes a whole document for one that was cut off. Without white space the count is right. With padding in the base64
# it is InvalidData, and right. So where base64 ends must be known before it is decoded.
# Versions: .NET SDK 10.0 (System.Private.CoreLib 10.0.x), no packages.
# Source: found by trying; learn.microsoft.com, Base64.DecodeFromUtf8, parameter bytesConsumed.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
export NUGET_PACKAGES=$work/packages DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1
export MSBUILDDISABLENODEREUSE=1 UseSharedCompilation=false # leave no build server behind
echo ".NET SDK $(dotnet --version)"
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
using System.Buffers.Text;
using System.Text;

Console.WriteLine($".NET {Environment.Version}");
var compact = "\"}";
var pretty = "\"\n                }\n              ]\n";
(string Name, int Bytes, string Behind, string Expected)[] cases =
[
    ("no padding, compact JSON", 300, compact, "NeedMoreData, 0 too many"),
    ("no padding, pretty-printed JSON", 300, pretty, "NeedMoreData, 33 too many"),
    ("no padding, pretty-printed JSON, shortest", 3, pretty, "NeedMoreData, 33 too many"),
    ("padding, pretty-printed JSON", 301, pretty, "InvalidData, -4 too many"),
];
var isAsBefore = true;
foreach (var (name, bytes, behind, expected) in cases)
{
    var text = Encoding.ASCII.GetBytes(Convert.ToBase64String(new byte[bytes]) + behind);
    var status = Base64.DecodeFromUtf8(text, new byte[text.Length], out var consumed, out var written, isFinalBlock: false);
    var end = Array.IndexOf(text, (byte)'"');
    var seen = $"{status}, {consumed - end} too many";
    Console.WriteLine($"{name}: {text.Length} characters, the quotation mark at {end}: {status}, {consumed} consumed, {written} bytes written");
    isAsBefore &= seen == expected;
}

Console.WriteLine(isAsBefore ? "As described above." : "This has changed.");
return isAsBefore ? 0 : 1;
CS
timeout 300 dotnet build -c Release -o out > log 2>&1 || { cat log >&2; exit 2; } # 2: it could not be tried
dotnet out/finding.dll
