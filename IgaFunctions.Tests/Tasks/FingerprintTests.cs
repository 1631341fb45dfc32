using Iga.Tasks;

namespace Iga.Tests.Tasks;

/// <summary>
/// The fingerprints of today. They stand in the rows of keys: should one of these change, every key of yesterday would read as used
/// for another request.
/// </summary>
public sealed class FingerprintTests
{
    [Theory]
    [InlineData(
        "a red fox", "1:1", true, "gemini-3.1-flash-image", "679d719ca7218c0f6e14a06d6db07b203646258a9ff26211d266df2e729fdd5f")]
    [InlineData(
        "a red fox", "16:9", false, "imagen-4.0-generate-001", "515191a13088ce121bad864c182862f217453689a51414c7c1016773030c733c")]
    [InlineData(
        "ein \"Füchslein\" 🦊\n<b>&'+", "21:9", true, "gemini-3.1-flash-image",
        "c171d396b16c66cb6db20fe56b9d01c323c050b9e21ca8c1aae42f1a6075ef6c")]
    [InlineData("true", "1:1", true, "gemini-3-pro-image", "488dd7f41220fa29e97d3a49c94c1ca3bba8509ae0ce1eec89e1b07926ff66d8")]
    public void The_fingerprint_of_a_request_never_changes(
        string prompt, string aspectRatio, bool addWatermark, string modelId, string fingerprint) =>
        Assert.Equal(fingerprint, new ImageRequest(prompt, aspectRatio, addWatermark, modelId).Fingerprint());
}
