// Writes the software bill of materials of a published folder, in CycloneDX 1.6 (https://cyclonedx.org): the packages whose files are in
// it, with the SHA-512 of the package, and each library file that no package claims. Every publish runs it (Directory.Build.targets).
//   dotnet run deploy/bill-of-materials.cs -- FOLDER PROGRAM VERSION
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false

using System.Security.Cryptography;
using System.Text.Json.Nodes;
using System.Xml.Linq;

var (folder, program, version) = (args[0], args[1], args[2]);
var packageFolder = Environment.GetEnvironmentVariable("NUGET_PACKAGES")
    ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");
string[] assetKinds = ["runtime", "native", "runtimeTargets", "resources"];
var components = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
var dependencies = new SortedDictionary<string, SortedSet<string>>(StringComparer.Ordinal);
var own = $"{program}@{version}";
var unclaimed = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
    .Where(file => Path.GetExtension(file) is ".dll" or ".so" or ".dylib" or ".exe")
    .Select(file => Path.GetRelativePath(folder, file)).ToHashSet();

foreach (var file in Directory.EnumerateFiles(folder, "*.deps.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
{
    AddPackagesOf(JsonNode.Parse(File.ReadAllText(file))!, Path.GetDirectoryName(Path.GetRelativePath(folder, file))!);
}

foreach (var file in unclaimed.Order(StringComparer.Ordinal))
{
    components.Add($"file:{file}", new JsonObject
    {
        ["type"] = "file",
        ["bom-ref"] = $"file:{file}",
        ["name"] = file,
        ["hashes"] = Hashes(SHA512.HashData(File.ReadAllBytes(Path.Combine(folder, file)))),
        ["evidence"] = Occurrences([file]),
    });
}

dependencies[own] = [.. components.Keys];
var bill = new JsonObject
{
    ["bomFormat"] = "CycloneDX",
    ["specVersion"] = "1.6",
    ["version"] = 1,
    ["metadata"] = new JsonObject
    {
        ["component"] = new JsonObject { ["type"] = "application", ["bom-ref"] = own, ["name"] = program, ["version"] = version },
    },
    ["components"] = new JsonArray([.. components.Values]),
    ["dependencies"] = new JsonArray([.. dependencies.Select(one => new JsonObject
    {
        ["ref"] = one.Key,
        ["dependsOn"] = new JsonArray([.. one.Value.Where(components.ContainsKey).Select(target => JsonValue.Create(target))]),
    })]),
};
File.WriteAllText(Path.Combine(folder, "sbom.cdx.json"), bill.ToJsonString(new() { WriteIndented = true }) + "\n");

void AddPackagesOf(JsonNode deps, string at)
{
    // The last target is the one of the platform, where the folder is for one.
    var target = deps["targets"]!.AsObject().Last().Value!.AsObject();
    foreach (var (id, library) in deps["libraries"]!.AsObject())
    {
        var entry = target[id];
        string[] files =
        [
            .. assetKinds
                .SelectMany(kind => entry?[kind]?.AsObject().Select(one => one.Key) ?? [])
                .SelectMany(file => Places(file).Select(place => Path.Combine(at, place)))
                .Where(file => File.Exists(Path.Combine(folder, file))).Distinct(),
        ];
        var isOurs = library!["type"]!.GetValue<string>() != "package";
        if (isOurs)
        {
            // Not what the Functions SDK generates, whose type is the same: that is listed as a file.
            unclaimed.ExceptWith(files.Where(file => Path.GetFileName(file).StartsWith("IgaFunctions", StringComparison.Ordinal)));
        }

        if (isOurs || files.Length == 0)
        {
            continue; // what is here of it is the framework's, or nothing
        }

        unclaimed.ExceptWith(files);
        var (name, number) = (id.Split('/')[0], id.Split('/')[1]);
        var reference = Reference(name, number);
        if (components.TryGetValue(reference, out var known))
        {
            foreach (var file in files)
            {
                known["evidence"]!["occurrences"]!.AsArray().Add(new JsonObject { ["location"] = file });
            }
        }
        else
        {
            components.Add(reference, Package(name, number, reference, library["sha512"]!.GetValue<string>(), files));
        }

        dependencies.TryAdd(reference, new SortedSet<string>(StringComparer.Ordinal));
        dependencies[reference].UnionWith(
            entry!["dependencies"]?.AsObject().Select(one => Reference(one.Key, one.Value!.GetValue<string>())) ?? []);
    }
}

// A file of a package lies at the top; in a folder of its language; or where it lies in the package.
static string[] Places(string file) =>
    [Path.GetFileName(file), Path.Combine([.. file.Split('/').TakeLast(2)]), file];

JsonObject Package(string name, string number, string reference, string hash, string[] files)
{
    var package = new JsonObject
    {
        ["type"] = "library",
        ["bom-ref"] = reference,
        ["name"] = name,
        ["version"] = number,
        ["hashes"] = Hashes(Convert.FromBase64String(hash["sha512-".Length..])),
    };
    if (License(name, number) is { } license)
    {
        package["licenses"] = new JsonArray(license);
    }

    package["purl"] = reference;
    package["evidence"] = Occurrences(files);
    return package;
}

JsonObject? License(string name, string number)
{
    var manifest = Path.Combine(packageFolder, name.ToLowerInvariant(), number.ToLowerInvariant(), $"{name.ToLowerInvariant()}.nuspec");
    if (!File.Exists(manifest))
    {
        return null;
    }

    var metadata = XDocument.Load(manifest).Descendants().First(element => element.Name.LocalName == "metadata");
    var license = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "license");
    var url = metadata.Elements().FirstOrDefault(element => element.Name.LocalName == "licenseUrl")?.Value;
    return (license?.Attribute("type")?.Value, url) switch
    {
        ("expression", _) => new JsonObject { ["expression"] = license!.Value },
        ("file", _) => new JsonObject { ["license"] = new JsonObject { ["name"] = $"{license!.Value} in the package" } },
        (_, { } address) => new JsonObject { ["license"] = new JsonObject { ["name"] = address, ["url"] = address } },
        _ => null,
    };
}

static string Reference(string name, string number) => $"pkg:nuget/{name}@{number}";

static JsonArray Hashes(byte[] hash) => [new JsonObject { ["alg"] = "SHA-512", ["content"] = Convert.ToHexStringLower(hash) }];

static JsonObject Occurrences(string[] files) => new()
{
    ["occurrences"] = new JsonArray([.. files.Select(file => new JsonObject { ["location"] = file })]),
};
