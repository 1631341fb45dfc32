using System.Text.Json;
using Iga.Health;
using Iga.Keys;
using Iga.Tests.Fixtures;
using Iga.Workflow.Activities;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace Iga.Tests.EndToEnd;

/// <summary>
/// On Azure Functions a new version may start before its migrations were applied: nothing is accepted, or paid for, that the database
/// could not keep, and all goes on once it can.
/// </summary>
public sealed class UnmigratedDatabaseTests
{
    [Fact]
    public async Task Callers_are_told_to_come_back_and_nothing_is_paid_for_until_the_migrations_are_applied()
    {
        await using var service = await OwnService.StartAsync();
        await service.ExecuteAsync("alter table idempotency_keys rename column image_details to not_made_yet");

        // The service has looked at its database already; one that starts now has not.
        var table = new IdempotencyTable(service.Get<NpgsqlDataSource>());
        var store = new IdempotencyStore(service.Get<NpgsqlDataSource>(), table, service.Get<IdempotencyOptions>());
        (var key, var prompt) = (Caller.NewKey(), $"a lighthouse {Guid.NewGuid()}");

        var refused = await DirectPost.SendAsync(service, service.Hub, key, prompt, store: store);
        var ill = await HealthAsync(service, table);

        Assert.Equal((503, "IGA_IDEMPOTENCY_STORE_UNAVAILABLE"), (refused.Status, refused.Body.GetProperty("error_code").GetString()));
        Assert.NotNull(refused.RetryAfter);
        Assert.Equal((503, "IGA_IDEMPOTENCY_STORE_UNAVAILABLE"), (ill.Status, ill.Body.GetProperty("error_code").GetString()));
        Assert.Contains("not ready for this version", ill.Body.GetProperty("message").GetString(), StringComparison.Ordinal);

        // A task that the version before has accepted waits, as for PostgreSQL.
        var task = Claims.NewTask(key, prompt);
        await Assert.ThrowsAsync<TableNotReadyException>(
            () => service.Make<ImageMaker>(store).MakeAsync(task, DateTime.UtcNow, [], CancellationToken.None));
        Assert.Equal(0, service.ModelCalls(prompt));

        await service.ExecuteAsync("alter table idempotency_keys rename column not_made_yet to image_details");
        Assert.Equal(200, (await HealthAsync(service, table)).Status);
        Assert.Equal(202, (await DirectPost.SendAsync(service, service.Hub, key, prompt, store: store)).Status);
    }

    [Fact]
    public async Task A_database_that_lacks_a_migration_is_told_from_one_that_is_away()
    {
        await using var service = await OwnService.StartAsync();
        await service.ExecuteAsync("alter table idempotency_keys rename column image_details to not_made_yet");

        // The service has looked at its database already; one that starts now has not.
        var table = new IdempotencyTable(service.Get<NpgsqlDataSource>());
        var checks = await service.Make<ReadinessProbe>(service.Make<StoreCheck>(table)).ReportAsync(service.Hub);

        Assert.Equal(
            [("database", "ok"), ("migrations", "failed"), ("hub", "ok"), ("staging", "ok")],
            checks.Select(check => (check.Name, check.Status)));
        Assert.Contains("not ready for this version", checks[1].Reason, StringComparison.Ordinal);
    }

    private static async Task<(int Status, JsonElement Body)> HealthAsync(OwnService service, IdempotencyTable table)
    {
        var context = new DefaultHttpContext { RequestServices = service.Host.Services };
        context.Response.Body = new MemoryStream();
        var result = await service.Make<HealthFunction>(service.Make<ReadinessProbe>(service.Make<StoreCheck>(table))).HealthAsync(context.Request, CancellationToken.None);
        await result.ExecuteAsync(context);
        context.Response.Body.Position = 0;
        using var body = await JsonDocument.ParseAsync(context.Response.Body);
        return (context.Response.StatusCode, body.RootElement.Clone());
    }
}
