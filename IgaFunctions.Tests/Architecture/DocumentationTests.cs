using System.Text.Json;
using System.Text.RegularExpressions;

namespace Iga.Tests.Architecture;

/// <summary>The README claims what the code has.</summary>
public sealed partial class DocumentationTests
{
    private static readonly string Readme = File.ReadAllText(Path.Combine(Sources.Root, "README.md"));
    private static readonly string Settings = File.ReadAllText(Path.Combine(Sources.Root, "docs", "settings.md"));

    [Fact]
    public void Every_variable_that_is_read_is_documented_and_every_documented_one_is_read()
    {
        var read = VariablesRead("IgaFunctions").Concat(VariablesRead("IgaFunctions.LocalHost")).ToHashSet();
        var documented = DocumentedVariable().Matches(Settings)
            .Select(match => match.Value)
            .Select(name => name.StartsWith('_') ? $"IGA_IDEMPOTENCY_STATUS{name}" : name)
            .ToHashSet();

        // An error code, no variable.
        documented.Remove("IGA_CONFIG_ERROR_GCS_BUCKET");
        Assert.Equal(read.Order(), documented.Order());
    }

    [Fact]
    public void The_example_of_app_settings_has_every_variable_of_the_app()
    {
        using var example = JsonDocument.Parse(File.ReadAllText(Path.Combine(Sources.Root, "local.settings.json.example")));
        var named = example.RootElement.GetProperty("Values").EnumerateObject().Select(value => value.Name).ToHashSet();

        // The local host's own, and the older names that stand for another in the example.
        Assert.Empty(VariablesRead("IgaFunctions").Except(named).Except(["IGA_STAGING_DIR", "GCP_PROJECT_ID", "GCP_LOCATION"]));
    }

    [Fact]
    public void The_readme_names_variables_that_there_are()
    {
        // The first one is read by the tests, the others are error codes.
        Assert.Empty(DocumentedVariable().Matches(Readme).Select(match => match.Value)
            .Except(DocumentedVariable().Matches(Settings).Select(match => match.Value))
            .Except(["IGA_TEST_BASE_URL", "IGA_IDEMPOTENCY_KEY_REUSED"]));
    }

    /// <summary>The replaced system's README, and what its code read besides.</summary>
    [Theory]
    [InlineData("IGA_HOST", "IGA_PORT", "IGA_DEBUG_MODE", "FLASK_DEBUG", "GOOGLE_APPLICATION_CREDENTIALS", "IGA_VERTEXAI_PROJECT_ID",
        "GCP_PROJECT_ID", "IGA_VERTEXAI_LOCATION", "GCP_LOCATION", "GCS_BUCKET_NAME", "IGA_VERTEXAI_IMAGE_MODEL_ID", "IGA_GCS_IMAGE_PREFIX",
        "IGA_DEFAULT_ASPECT_RATIO", "IGA_ADD_WATERMARK", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "POSTGRES_HOST", "POSTGRES_PORT",
        "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB", "IGA_POSTGRES_DB_URL", "IGA_IDEMPOTENCY_STATUS_PROCESSING",
        "IGA_IDEMPOTENCY_STATUS_COMPLETED", "IGA_IDEMPOTENCY_STATUS_FAILED", "IGA_IDEMPOTENCY_LOCK_TIMEOUT_SECONDS", "IGA_GENERATED_IMAGE_DIR")]
    public void The_guide_from_the_flask_service_has_every_setting_of_it_and_names_those_that_there_are(params string[] ofTheFlaskService)
    {
        var guide = File.ReadAllText(Path.Combine(Sources.Root, "docs", "moving-from-the-flask-service.md"));
        string[] ofTheTable = [.. SettingsRow().Matches(guide).SelectMany(row => GuideVariable().Matches(row.Groups[1].Value)).Select(match => match.Value)];

        Assert.Equal(ofTheFlaskService.Order(), ofTheTable.Order());
        Assert.Empty(GuideVariable().Matches(guide).Select(match => match.Value).Where(name => name.StartsWith("IGA_", StringComparison.Ordinal))
            .Except(VariablesRead("IgaFunctions")).Except(VariablesRead("IgaFunctions.LocalHost")).Except(ErrorCodes())
            .Except(["IGA_GENERATED_IMAGE_DIR", "IGA_SERVICE_URL"])); // what is without effect, and CPOA's own
    }

    [Fact]
    public void Every_link_in_the_documentation_leads_somewhere()
    {
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Sources.Root, "docs"), "*.md", SearchOption.AllDirectories)
            .Append(Path.Combine(Sources.Root, "README.md")).Append(Path.Combine(Sources.Root, "CONTRIBUTING.md")))
        {
            Assert.All(Link().Matches(File.ReadAllText(file)), link =>
            {
                var target = link.Groups[1].Length == 0 ? file : Path.Combine(Path.GetDirectoryName(file)!, link.Groups[1].Value);
                Assert.True(Path.Exists(target), $"{file}: {link.Value}");
                Assert.True(!link.Groups[2].Success || Anchors(File.ReadAllText(target)).Contains(link.Groups[2].Value), $"{file}: {link.Value}");
            });
        }
    }

    [Theory]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/how-a-request-travels.md")]
    public void Every_source_file_that_a_guide_names_is_there(string guide)
    {
        var files = Directory.EnumerateDirectories(Sources.Root, "IgaFunctions*").SelectMany(Sources.Of).ToArray();
        var named = SourceName().Matches(File.ReadAllText(Path.Combine(Sources.Root, guide))).Select(match => match.Groups[1].Value);

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(
            name.Contains("NAME", StringComparison.Ordinal) || files.Any(file => file.EndsWith($"/{name}", StringComparison.Ordinal)), name));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    public void Every_test_class_that_is_given_as_an_example_is_there(string page)
    {
        var named = TestClass().Matches(File.ReadAllText(Path.Combine(Sources.Root, page))).Select(match => match.Groups[1].Value);

        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.True(typeof(DocumentationTests).Assembly.GetType(name) is { IsAbstract: false }, name));
    }

    [Theory]
    [InlineData("docs/security.md")]
    [InlineData("docs/postgresql.md")]
    public void Every_test_that_a_page_refers_to_is_there(string page)
    {
        var classes = typeof(DocumentationTests).Assembly.GetTypes().Select(type => type.Name).ToHashSet();
        var named = NamedTest().Matches(File.ReadAllText(Path.Combine(Sources.Root, page))).Select(match => match.Groups[1].Value);

        Assert.Empty(named.Except(classes));
        Assert.NotEmpty(named);
    }

    [Fact]
    public void Ci_runs_the_two_commands_that_the_readme_gives()
    {
        var ci = File.ReadAllText(Path.Combine(Sources.Root, ".ci", "run"));
        Assert.Contains("""dotnet run --project IgaFunctions.LocalHost -- generate "a lighthouse at dawn" """.Trim(), Readme, StringComparison.Ordinal);
        Assert.Contains("""IgaFunctions.LocalHost" -- generate "a lighthouse at dawn" """.Trim(), ci, StringComparison.Ordinal);
        Assert.Contains("\ndotnet test\n", Readme, StringComparison.Ordinal);
        Assert.Contains("\ndotnet test ", ci, StringComparison.Ordinal);
    }

    /// <summary>What GitHub makes of the headings; of those that read the same, the second gets a number.</summary>
    private static IEnumerable<string> Anchors(string page) => Heading().Matches(CodeBlock().Replace(page, ""))
        .Select(heading => NoPartOfAnAnchor().Replace(heading.Groups[1].Value.ToLowerInvariant(), "").Replace(' ', '-'))
        .GroupBy(anchor => anchor)
        .SelectMany(same => same.Select((anchor, index) => index == 0 ? anchor : $"{anchor}-{index}"));

    private static IEnumerable<string> ErrorCodes() => typeof(Iga.Http.ErrorCode).GetFields().Select(field => (string)field.GetRawConstantValue()!);

    private static IEnumerable<string> VariablesRead(string project) => Sources.Of(project)
        .Where(file => File.ReadAllText(file) is var code
            && (code.Contains("settings.", StringComparison.Ordinal) || code.Contains("environment[", StringComparison.Ordinal))
            && !file.EndsWith("/SettingsWithoutEffect.cs", StringComparison.Ordinal)) // names what is not read
        .SelectMany(file => CodeVariable().Matches(File.ReadAllText(file)).Select(match => match.Groups[1].Value));

    [GeneratedRegex("\"((?:IGA|POSTGRES|GCP|GCS|GOOGLE|STORAGE|OTEL)_[A-Z_]+|AzureWebJobsStorage)\"")]
    private static partial Regex CodeVariable();

    [GeneratedRegex("(?<=`)(?:(?:IGA|POSTGRES|GCP|GCS|GOOGLE|STORAGE|OTEL)_[A-Z_]+|_COMPLETED|_FAILED|AzureWebJobsStorage)(?=`)")]
    private static partial Regex DocumentedVariable();

    [GeneratedRegex(@"^\| (`.+?) \|", RegexOptions.Multiline)]
    private static partial Regex SettingsRow();

    [GeneratedRegex(@"(?<=`)[A-Z]+(?:_[A-Z]+)+")]
    private static partial Regex GuideVariable();

    [GeneratedRegex(@"\]\((?!http)([^)#]*)(?:#([^)]+))?\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"^#{1,6} +(.+?) *$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoPartOfAnAnchor();

    [GeneratedRegex(@"`([\w./]+\.cs)`")]
    private static partial Regex SourceName();

    [GeneratedRegex(@"`(\w+Tests)`")]
    private static partial Regex NamedTest();

    [GeneratedRegex(@"-class (Iga\.[\w.]+)")]
    private static partial Regex TestClass();
}
