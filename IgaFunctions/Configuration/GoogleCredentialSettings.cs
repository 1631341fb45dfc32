using System.Text.Json;

namespace Iga.Configuration;

/// <summary>Looks at the file of Google's credentials; what is in it Google's library judges at the start.</summary>
internal static class GoogleCredentialSettings
{
    private const string Name = "GOOGLE_APPLICATION_CREDENTIALS";

    public static void Check(Settings settings)
    {
        if (settings.Text(Name) is not { } path)
        {
            return;
        }

        try
        {
            using var file = File.OpenRead(path);
            using var content = JsonDocument.Parse(file);
            if (content.RootElement.ValueKind != JsonValueKind.Object
                || !content.RootElement.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String)
            {
                settings.Error(Name, path, "the file holds no credentials of Google; it must be a service account's key or another file "
                    + "with a \"type\", as Google gives it out");
            }
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            settings.Error(Name, path, "no such file; must be the path of a credentials file");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            settings.Error(Name, path, "the file can't be read by the user that the service runs as");
        }
        catch (JsonException)
        {
            // What was wrong where is not said: the message could show a part of a key.
            settings.Error(Name, path, "the file is no JSON; must be a credentials file as Google gives it out");
        }
    }
}
