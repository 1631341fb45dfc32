using System.Buffers.Binary;
using Iga.Emulators.Pictures;
using Iga.Emulators.Vertex;
using Iga.Images;

namespace Iga.Tests.Emulators;

public sealed class VertexPictureTests : IAsyncLifetime
{
    private VertexEmulator _vertex = null!;

    public async ValueTask InitializeAsync() => _vertex = await VertexEmulator.StartAsync(new());

    public async ValueTask DisposeAsync() => await _vertex.DisposeAsync();

    [Theory]
    [InlineData("1:1", 1024, 1024)]
    [InlineData("3:4", 896, 1280)]
    [InlineData("4:3", 1280, 896)]
    [InlineData("9:16", 768, 1408)]
    [InlineData("16:9", 1408, 768)]
    public async Task An_Imagen_picture_has_the_size_of_its_ratio(string ratio, int width, int height)
    {
        var (_, answer) = await _vertex.PostAsync(Vertex.ImagenModel, "predict", Vertex.Imagen("a lighthouse", ratio));
        Assert.Equal((width, height), PngSize(Vertex.Prediction(answer).Bytes));
    }

    [Theory]
    [InlineData("gemini-3.1-flash-image", "1:1", null, 1024, 1024)]
    [InlineData("gemini-3.1-flash-image", "2:3", null, 848, 1264)]
    [InlineData("gemini-3.1-flash-image", "3:2", null, 1264, 848)]
    [InlineData("gemini-3.1-flash-image", "3:4", null, 896, 1200)]
    [InlineData("gemini-3.1-flash-image", "5:4", null, 1152, 928)]
    [InlineData("gemini-3.1-flash-image", "16:9", null, 1376, 768)]
    [InlineData("gemini-3.1-flash-image", "21:9", null, 1584, 672)]
    [InlineData("gemini-3.1-flash-image", "4:1", null, 2048, 512)]
    [InlineData("gemini-3.1-flash-image", "1:8", null, 384, 3072)]
    [InlineData("gemini-3.1-flash-image", "2:3", "512", 424, 632)]
    [InlineData("gemini-3.1-flash-image", "21:9", "512", 792, 168)]
    [InlineData("gemini-3.1-flash-image", "8:1", "512", 1536, 192)]
    [InlineData("gemini-2.5-flash-image", "2:3", null, 832, 1248)]
    [InlineData("gemini-2.5-flash-image", "4:3", null, 1184, 864)]
    [InlineData("gemini-2.5-flash-image", "16:9", null, 1344, 768)]
    [InlineData("gemini-2.5-flash-image", "21:9", null, 1536, 672)]
    public async Task A_Gemini_picture_has_the_size_of_its_model_and_ratio(string model, string ratio, string? size, int width, int height)
    {
        var (_, answer) = await _vertex.PostAsync(model, "generateContent", Vertex.Gemini("a lighthouse", ratio, size));
        Assert.Equal((width, height), PngSize(Vertex.Inline(answer).Bytes));
    }

    [Theory]
    [InlineData("2K", 2752, 1536)]
    [InlineData("4K", 5504, 3072)]
    public async Task A_larger_size_doubles_or_quadruples_it(string size, int width, int height)
    {
        var (_, answer) = await _vertex.PostAsync(
            Vertex.GeminiModel, "generateContent", Vertex.Gemini("a lighthouse", "16:9", size));
        Assert.Equal((width, height), PngSize(Vertex.Inline(answer).Bytes));
    }

    [Fact]
    public async Task A_picture_is_a_JPEG_when_asked_to_be()
    {
        var (_, answer) = await _vertex.PostAsync(
            Vertex.GeminiModel, "generateContent", Vertex.Gemini("a lighthouse", mimeType: "image/jpeg"));
        var (type, bytes) = Vertex.Inline(answer);
        Assert.Equal("image/jpeg", type);
        Assert.Equal(ImageFormat.Jpeg, ImageFormat.Detect(bytes));
    }

    [Fact]
    public async Task The_same_request_gives_the_same_bytes_and_another_prompt_another_picture()
    {
        var first = Vertex.Inline((await _vertex.GenerateAsync("a lighthouse at dawn")).Body).Bytes;
        var again = Vertex.Inline((await _vertex.GenerateAsync("a lighthouse at dawn")).Body).Bytes;
        var other = Vertex.Inline((await _vertex.GenerateAsync("a lighthouse at dusk")).Body).Bytes;
        Assert.Equal(first, again);
        Assert.NotEqual(first, other);
    }

    [Fact]
    public async Task Any_prompt_can_be_drawn()
    {
        var waves = string.Join(' ', Enumerable.Repeat("wave", 1_000));
        foreach (var prompt in new[] { "日本の灯台 🗼 é\u0301 \t\n~{}|", new string('w', 5_000), waves })
        {
            Assert.Equal((1024, 1024), PngSize(Vertex.Inline((await _vertex.GenerateAsync(prompt)).Body).Bytes));
        }
    }

    [Fact]
    public async Task A_factory_replaces_the_painter()
    {
        byte[] bytes = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, .. new byte[200_001]];
        await using var vertex = await VertexEmulator.StartAsync(new()
        {
            PictureFactory = (request, _) =>
            {
                Assert.Equal(("a lighthouse", 1024, "image/png"), (request.Prompt, request.Width, request.MimeType));
                return ValueTask.FromResult(new Picture(bytes, "image/png"));
            },
        });
        Assert.Equal(bytes, Vertex.Inline((await vertex.GenerateAsync()).Body).Bytes);
        Assert.Equal(bytes, Vertex.Prediction((await vertex.PredictAsync()).Body).Bytes);
    }

    private static (int Width, int Height) PngSize(ReadOnlySpan<byte> png)
    {
        Assert.Equal(ImageFormat.Png, ImageFormat.Detect(png));
        // The IHDR chunk comes first: 8 bytes of signature, length, name, then width and height.
        return (BinaryPrimitives.ReadInt32BigEndian(png[16..]), BinaryPrimitives.ReadInt32BigEndian(png[20..]));
    }
}
