using Iga.Callers;

namespace Iga.Configuration;

/// <summary>Reads whose keys are known. No error that it reports shows a key.</summary>
internal static class ApiKeySettings
{
    private const string Variable = "IGA_API_KEYS";
    private const string File = "IGA_API_KEYS_FILE";

    public static ApiKeyOptions Read(Settings settings)
    {
        var list = new ApiKeyList();
        var entries = settings.List(Variable);
        for (var place = 0; place < entries.Length; place++)
        {
            list.Add($"{Variable}, entry {place + 1}", entries[place], needsName: false);
        }

        if (entries.Length == 0 && settings.IsSet(Variable))
        {
            list.Errors.Add($"{Variable} holds no key");
        }

        foreach (var error in list.Errors)
        {
            settings.Error(error);
        }

        list.Errors.Clear();
        IReadOnlyList<ApiKey> ofVariable = [.. list.Keys];
        var (path, content) = ReadFile(settings, list);
        return new ApiKeyOptions { Variable = ofVariable, File = path, FileContent = content, Set = new ApiKeySet(list.Keys) };
    }

    private static (string? Path, byte[] Content) ReadFile(Settings settings, ApiKeyList list)
    {
        if (settings.Text(File) is not { } path)
        {
            return (null, []);
        }

        var (content, problem) = ApiKeyFile.Load(path);
        if (content is null)
        {
            settings.Error(File, path, $"the file can't be read: {problem}");
            return (path, []);
        }

        ApiKeyFile.Parse(content, list);
        foreach (var error in list.Errors)
        {
            settings.Error($"{File} '{path}', {error}");
        }

        return (path, content);
    }
}
