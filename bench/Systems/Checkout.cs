namespace Iga.Bench.Systems;

/// <summary>The checkout that this program was built in.</summary>
internal static class Checkout
{
    /// <summary>Its folder; null where there is none.</summary>
    public static string? Root { get; } = Find();

    /// <summary>Azurite, which <c>npm ci</c> brings.</summary>
    public static string? Azurite =>
        Root is { } root && Path.Combine(root, "node_modules", ".bin", "azurite") is var program && File.Exists(program) ? program : null;

    private static string? Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Iga.Functions.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName;
    }
}
