#!/usr/bin/env bash
# One would guess: the verifiers of Standard Webhooks in the packages of that name take the same messages, the one for .NET (by others, out of the
# project's reference) and the project's own for Node.js. The header webhook-signature may list several signatures, one for each key while a key is
# being replaced, and a message is good if one of them is right, wherever in the list it stands.
# What happens: the one for .NET never compares the last of several. A message whose right signature stands there is refused ("No matching signature
# found"); the one for Node.js takes it. It is no hole: what is refused is good, and wrong signatures are taken by neither. A sender can
# write the last signature twice.
# Versions: StandardWebhooks 1.1.2 (NuGet), standardwebhooks 1.1.1 (npm); .NET SDK 10 and Node.js 20 are needed.
# Source: found by trying; svix/svix-webhooks #2393 mends the same in another library with this code; codefactors/StandardWebhooks, README.md.
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
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
    <PackageReference Include="StandardWebhooks" Version="1.1.2" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using StandardWebhooks;

const string Id = "msg_1", Body = """{"type":"done"}""";
string time = DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString();
byte[] key = RandomNumberGenerator.GetBytes(32);
string secret = "whsec_" + Convert.ToBase64String(key);
string good = Sign(key), other = Sign(RandomNumberGenerator.GetBytes(32));
(string Name, string Signatures)[] cases =
[
    ("right alone", good),
    ("right, other", $"{good} {other}"),
    ("other, right", $"{other} {good}"),
    ("other, right, other", $"{other} {good} {other}"),
    ("other, other, right", $"{other} {other} {good}"),
    ("other, right, right", $"{other} {good} {good}"),
    ("other alone", other),
    ("other, other", $"{other} {other}"),
];
var messages = new List<object>();
foreach ((string name, string signatures) in cases)
{
    messages.Add(new { name, secret, body = Body, headers = Headers(signatures) });
    string verdict = "taken";
    try
    {
        var headers = new HeaderDictionary();
        foreach (var (header, value) in Headers(signatures))
        {
            headers[header] = value;
        }

        new StandardWebhook(secret).Verify(Body, headers);
    }
    catch (Exception e)
    {
        verdict = $"refused, {e.Message.TrimEnd('.')}";
    }

    Console.WriteLine($".NET, {name}: {verdict}");
}

File.WriteAllText("messages.json", JsonSerializer.Serialize(messages));

string Sign(byte[] with) => "v1," + Convert.ToBase64String(HMACSHA256.HashData(with, Encoding.UTF8.GetBytes($"{Id}.{time}.{Body}")));

Dictionary<string, string> Headers(string signatures) =>
    new() { ["webhook-id"] = Id, ["webhook-timestamp"] = time, ["webhook-signature"] = signatures };
CS
cat > verify.cjs <<'JS'
const { Webhook } = require('standardwebhooks');

for (const { name, secret, body, headers } of JSON.parse(require('node:fs').readFileSync('messages.json', 'utf8'))) {
  let verdict = 'taken';
  try {
    new Webhook(secret).verify(body, headers);
  } catch (error) {
    verdict = `refused, ${error.message}`;
  }
  console.log(`Node.js, ${name}: ${verdict}`);
}
JS
expected='.NET, right alone: taken
.NET, right, other: taken
.NET, other, right: refused, No matching signature found
.NET, other, right, other: taken
.NET, other, other, right: refused, No matching signature found
.NET, other, right, right: taken
.NET, other alone: refused, No matching signature found
.NET, other, other: refused, No matching signature found
Node.js, right alone: taken
Node.js, right, other: taken
Node.js, other, right: taken
Node.js, other, right, other: taken
Node.js, other, other, right: taken
Node.js, other, right, right: taken
Node.js, other alone: refused, No matching signature found
Node.js, other, other: refused, No matching signature found'
timeout 300 npm install --prefix "$work" --silent --no-audit --no-fund --no-update-notifier standardwebhooks@1.1.1 || exit 2
npm=$(node -p 'require("./node_modules/standardwebhooks/package.json").version')
echo "NuGet StandardWebhooks 1.1.2; Node.js $(node --version), npm standardwebhooks $npm"
build
out=$(timeout 60 dotnet run --no-build && timeout 60 node verify.cjs)
echo "$out"
if [ "$out" = "$expected" ]; then echo "as written"; else echo "CHANGED: expected"; echo "$expected"; exit 1; fi
