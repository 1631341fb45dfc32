using System.Net;
using Iga.Bucket;
using Iga.LocalHost.Doctor;
using Iga.LocalHost.Host;
using Iga.Tests.Fixtures;
using Microsoft.Extensions.Configuration;

namespace Iga.Tests.Doctor;

public sealed class CheckupTests
{
    [Fact]
    public async Task Every_setting_that_is_wrong_is_a_finding_and_nothing_is_started()
    {
        var environment = new ConfigurationBuilder().AddInMemoryCollection([new("IGA_PORT", "many"), new("IGA_MAX_PROMPT_CHARS", "-1")]).Build();

        var findings = await new LocalCheckup(environment, told => Assert.Fail(told)).RunAsync(TestContext.Current.CancellationToken);

        Assert.All(findings, finding => Assert.Equal(("configuration", FindingState.Wrong), (finding.Check, finding.State)));
        Assert.Contains(findings, finding => finding.Text.Contains("IGA_PORT", StringComparison.Ordinal));
        Assert.Contains(findings, finding => finding.Text.Contains("IGA_MAX_PROMPT_CHARS", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(-4, true)]
    [InlineData(90, false)]
    [InlineData(-90, false)]
    public void A_clock_that_is_off_is_told_with_how_much(int seconds, bool isWell)
    {
        var now = DateTimeOffset.UnixEpoch;

        var finding = ClockCheck.Compare("the server", now, now.AddSeconds(1), now.AddSeconds(seconds));

        Assert.Equal(isWell ? FindingState.Ok : FindingState.Wrong, finding.State);
        Assert.NotEqual(isWell, finding.Text.Contains("s apart", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_database_that_is_out_of_reach_is_told_with_what_to_do()
    {
        var findings = await new DatabaseCheckup("Host=127.0.0.1;Port=1;Username=iga;Database=iga;Password=s3cret-of-iga", StartFailure.Describe)
            .RunAsync(TestContext.Current.CancellationToken);

        var finding = Assert.Single(findings);
        Assert.Equal(FindingState.Wrong, finding.State);
        Assert.Contains("POSTGRES_HOST", finding.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-of-iga", finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_is_told_with_its_version_and_the_migrations_that_it_lacks()
    {
        var findings = await new DatabaseCheckup(await TestCluster.CreateDatabaseAsync(), StartFailure.Describe).RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains(findings, finding => finding is { Check: "PostgreSQL", State: FindingState.Ok });
        Assert.Contains(findings, finding => finding.Check == "migrations" && finding.Text.Contains("001_idempotency_keys", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(200, """{"permissions": ["storage.objects.create", "storage.objects.get", "storage.objects.update", "storage.objects.delete"]}""", true, "written")]
    [InlineData(200, """{"permissions": ["storage.objects.get"]}""", false, "storage.objects.create, storage.objects.update, storage.objects.delete")]
    [InlineData(200, "{}", false, "roles/storage.objectUser")]
    [InlineData(404, "{}", false, "There is no bucket pictures")]
    [InlineData(403, "{}", false, "refuses these credentials")]
    [InlineData(500, "", false, "500")]
    public async Task A_bucket_is_told_with_the_rights_that_are_missing(int status, string body, bool isWell, string told)
    {
        using var http = new HttpClient(new Answers((HttpStatusCode)status, body));

        var findings = await new BucketCheckup(http, new StorageOptions("pictures", "images/", new Uri("http://127.0.0.1:1/")))
            .RunAsync(TestContext.Current.CancellationToken);

        var finding = Assert.Single(findings);
        Assert.Equal(isWell ? FindingState.Ok : FindingState.Wrong, finding.State);
        Assert.Contains(told, finding.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bucket_that_is_not_configured_or_out_of_reach_is_told()
    {
        using var http = new HttpClient();
        var endpoint = new Uri("http://127.0.0.1:1/");

        var none = await new BucketCheckup(http, new StorageOptions(null, "images/", endpoint)).RunAsync(TestContext.Current.CancellationToken);
        var away = await new BucketCheckup(http, new StorageOptions("b", "images/", endpoint)).RunAsync(TestContext.Current.CancellationToken);

        Assert.Contains("GCS_BUCKET_NAME", Assert.Single(none).Text, StringComparison.Ordinal);
        Assert.Contains("can't be reached", Assert.Single(away).Text, StringComparison.Ordinal);
    }

    private sealed class Answers(HttpStatusCode status, string body) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body) });
    }
}
