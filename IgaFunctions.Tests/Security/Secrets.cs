using System.Security.Cryptography;
using System.Text.Json;

namespace Iga.Tests.Security;

/// <summary>What a service knows and nobody may read.</summary>
internal sealed class Secrets
{
    private readonly RSA _key = RSA.Create(2048);

    public string Password { get; } = $"pg-{Guid.NewGuid():N}";

    public string ApiKey { get; } = $"api-{Guid.NewGuid():N}";

    public string OtherApiKey { get; } = $"other-{Guid.NewGuid():N}";

    /// <summary>What a stranger tries: not a secret of ours, but perhaps one of another service.</summary>
    public string WrongApiKey { get; } = $"wrong-{Guid.NewGuid():N}";

    /// <summary>What Google gives for the credentials.</summary>
    public string AccessToken { get; } = $"ya29.{Guid.NewGuid():N}";

    private string KeyId { get; } = Guid.NewGuid().ToString("N");

    private string PrivateKey => _key.ExportPkcs8PrivateKeyPem();

    /// <summary>Each as a text that would be found wherever it is printed.</summary>
    public IEnumerable<string> All =>
        [Password, ApiKey, OtherApiKey, WrongApiKey, AccessToken, KeyId, .. PrivateKey.Split('\n')[1..4], "Password=", "Bearer ey"];

    /// <returns>The text of a service account's key file.</returns>
    public string CredentialsFile(Uri tokenAddress) => JsonSerializer.Serialize(new
    {
        type = "service_account",
        project_id = "test",
        private_key_id = KeyId,
        private_key = PrivateKey,
        client_email = "iga@test.iam.gserviceaccount.com",
        client_id = "1",
        token_uri = tokenAddress.ToString(),
    });
}
