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

    [Theory]
    [InlineData("4K", null, null, null, "cdb1339d148f106bb880dfdf7264a2428bed8b54aac390d666179a803d1f802c")]
    [InlineData(null, "jpeg", null, null, "bb50615748146bfc9205d707be468b86f40cb3c99428bfda27c3e6cc444ecfda")]
    [InlineData(null, null, "gs://b/a.png gs://b/b.png", null, "32fb7c832f0a2a2b6ca51fa09f1677c55ed939bc9e916215cd571687318b95b4")]
    [InlineData(null, null, null, 0, "3e8094f88c0d9df32928bae55e5be9326b043c43ef07ff2eb769f5e839d99c06")]
    [InlineData("2K", "jpeg", "gs://b/a.png", 17, "d1344bd46087d5dcd5a59f77272534aa153eeb3c40810d2b5c9db431cd570931")]
    public void A_field_that_is_used_counts(string? size, string? format, string? references, int? seed, string fingerprint) =>
        Assert.Equal(fingerprint, new ImageRequest("a red fox", "1:1", true, "gemini-3.1-flash-image")
        {
            ImageSize = size,
            OutputFormat = format,
            ReferenceImages = references?.Split(' '),
            Seed = seed,
        }.Fingerprint());

    [Fact]
    public void Who_is_told_of_the_end_counts_where_somebody_is() =>
        Assert.Equal("e6a3b7fc0133ebede4eda72a70a6fccef05bf95d6b62391fec8ed44b73ca77d8", new ImageRequest("a red fox", "1:1", true, "gemini-3.1-flash-image")
        {
            CallbackUrl = "https://hooks.example.com/iga?a=b",
        }.Fingerprint());
}
