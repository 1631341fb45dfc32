using Iga.Configuration;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Configuration;

public sealed class GoogleCredentialSettingsTests
{
    [Theory]
    [InlineData(null, "no such file")]
    [InlineData("", "is no JSON")]
    [InlineData("-----BEGIN PRIVATE KEY-----", "is no JSON")]
    [InlineData("[]", "holds no credentials of Google")]
    [InlineData("""{"project_id": "p"}""", "holds no credentials of Google")]
    [InlineData("""{"type": 1}""", "holds no credentials of Google")]
    [InlineData("""{"type": "service_account"}""", null)]
    public void A_file_that_holds_no_credentials_is_told_beside_all_else_that_is_wrong(string? content, string? expected)
    {
        var file = Path.Combine(Path.GetTempPath(), $"iga-{Guid.NewGuid():N}.json");
        if (content is not null)
        {
            File.WriteAllText(file, content);
        }

        var errors = ErrorsWith(("GOOGLE_APPLICATION_CREDENTIALS", file), ("IGA_MAX_PENDING", "0"));

        File.Delete(file);
        Assert.Equal(expected is null ? 1 : 2, errors.Count);
        Assert.Contains(expected ?? "IGA_MAX_PENDING", string.Join('\n', errors), StringComparison.Ordinal);
        Assert.DoesNotContain("PRIVATE", string.Join('\n', errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_in_place_of_the_file_is_no_file_that_can_be_read() => Assert.Contains(
        "can't be read", Assert.Single(ErrorsWith(("GOOGLE_APPLICATION_CREDENTIALS", Path.GetTempPath()))), StringComparison.Ordinal);

    [Theory]
    [InlineData("http://127.0.0.1:1", "http://127.0.0.1:1", "my-bucket", false)]
    [InlineData("http://127.0.0.1:1", null, null, false)] // without a bucket nothing is stored
    [InlineData("http://127.0.0.1:1", null, "my-bucket", true)]
    [InlineData(null, "http://127.0.0.1:1", "my-bucket", true)]
    public void The_file_is_looked_at_where_google_is_called(string? vertex, string? storage, string? bucket, bool isLookedAt) => Assert.Equal(
        isLookedAt,
        ErrorsWith(
            ("GOOGLE_APPLICATION_CREDENTIALS", "/nowhere/key.json"), ("IGA_VERTEX_ENDPOINT", vertex), ("STORAGE_EMULATOR_HOST", storage),
            ("GCS_BUCKET_NAME", bucket)).Count == 1);

    private static IReadOnlyList<string> ErrorsWith(params (string Name, string? Value)[] changes)
    {
        var variables = new Dictionary<string, string?>
        {
            ["IGA_POSTGRES_DB_URL"] = "postgresql://iga:s3cret@db/aethercast",
            ["IGA_VERTEXAI_PROJECT_ID"] = "my-project",
            ["IGA_VERTEXAI_LOCATION"] = "global",
            ["GCS_BUCKET_NAME"] = "my-bucket",
            ["IGA_GCS_IMAGE_PREFIX"] = "images/iga/",
        };
        foreach (var (name, value) in changes)
        {
            variables[name] = value;
        }

        var settings = new Settings(new ConfigurationBuilder().AddInMemoryCollection(variables).Build());
        IgaOptionsReader.Read(settings);
        try
        {
            settings.ThrowIfInvalid();
            return [];
        }
        catch (ConfigurationException exception)
        {
            return exception.Errors;
        }
    }
}
