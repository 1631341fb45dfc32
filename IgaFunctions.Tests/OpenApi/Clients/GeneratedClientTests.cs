using System.Text.Json;
using Iga.Tests.Fixtures;

namespace Iga.Tests.OpenApi.Clients;

/// <summary>Public generators make clients of the document that compile and make a picture, with nothing else known of the service.</summary>
public sealed class GeneratedClientTests(Service service) : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("iga-client-").FullName;
    private readonly CancellationToken _cancellation = TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_schema_that_OpenAPI_publishes_of_itself_accepts_the_document()
    {
        ClientTool.RequireModules();
        var answer = await ClientTool.RunAsync(
            "node", [Path.Combine(ClientTool.Folder, "validate.mjs"), await DocumentAsync()], ClientTool.Folder, []);

        Assert.Equal("""{"valid":true,"errors":[]}""", answer.Trim());
    }

    [Fact]
    public async Task A_client_that_openapi_typescript_makes_makes_a_picture()
    {
        ClientTool.RequireModules();
        Directory.CreateSymbolicLink(Path.Combine(_folder, "node_modules"), ClientTool.Modules);
        Copy("package.json");
        Copy("samples/make-picture.ts");
        await NodeAsync("node_modules/openapi-typescript/bin/cli.js", await DocumentAsync(), "-o", "iga.ts");
        await NodeAsync(
            "node_modules/typescript/bin/tsc", "--strict", "--skipLibCheck", "--target", "es2022", "--module", "nodenext",
            "--lib", "es2023,dom,dom.iterable", "make-picture.ts");

        var key = Caller.NewKey();
        var output = await NodeAsync(new Dictionary<string, string>
        {
            ["IGA_URL"] = service.Client.BaseAddress!.GetLeftPart(UriPartial.Authority),
            ["IGA_KEY"] = ApiKey ?? "",
            ["IGA_IDEMPOTENCY_KEY"] = key,
        }, "make-picture.js");

        await AssertMadeAsync(key, JsonDocument.Parse(output).RootElement.GetProperty("image_url").GetString());
    }

    [Fact]
    public async Task A_client_that_Kiota_makes_makes_a_picture()
    {
        await ClientTool.RequireKiotaAsync();
        await ClientTool.RunAsync(
            "dotnet",
            [
                "tool", "run", "kiota", "generate", "--language", "CSharp", "--openapi", await DocumentAsync(),
                "--class-name", "IgaClient", "--namespace-name", "Iga.Generated", "--output", Path.Combine(_folder, "client"),
            ],
            ClientTool.Folder, []);
        Copy("samples/MakePicture.cs");
        var makePicture = CompiledClient.Compile(Directory.EnumerateFiles(_folder, "*.cs", SearchOption.AllDirectories), _cancellation);

        var key = Caller.NewKey();
        await AssertMadeAsync(key, await makePicture(service.Client, key, _cancellation));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string? ApiKey => Environment.GetEnvironmentVariable("IGA_TEST_API_KEY");

    private async Task<string> DocumentAsync()
    {
        var file = Path.Combine(_folder, "openapi.json");
        await File.WriteAllTextAsync(file, await service.Client.GetStringAsync("/openapi.json", _cancellation), _cancellation);
        return file;
    }

    private async Task AssertMadeAsync(string key, string? imageUrl)
    {
        Assert.Equal($"gs://{Service.Bucket}/{Assert.Single(await service.ObjectsOfAsync(key))}", imageUrl);
    }

    private void Copy(string file) => File.Copy(Path.Combine(ClientTool.Folder, file), Path.Combine(_folder, Path.GetFileName(file)));

    private Task<string> NodeAsync(params string[] arguments) => NodeAsync([], arguments);

    private Task<string> NodeAsync(Dictionary<string, string> variables, params string[] arguments) =>
        ClientTool.RunAsync("node", arguments, _folder, variables);
}
