using System.Globalization;
using Iga.TaskList;
using Iga.Tests.Fixtures;
using Iga.Usage;

namespace Iga.Tests.TaskList;

/// <summary>
/// What a page costs the database does not depend on how many tasks there are: it is counted in rows and entries of indexes that are read.
/// And pages hold what a look at all tasks would find, each task once.
/// </summary>
public sealed class ListCostTests(ManyTasks many) : IClassFixture<ManyTasks>
{
    [Fact]
    public async Task A_page_of_any_filter_reads_about_a_page_of_rows_and_a_combination_of_them_a_bounded_number()
    {
        // A page of 50, of each of two tables, and what the planner reads of its statistics by the way.
        const int page = 400;
        const int bounded = 60_000;
        foreach (var (filter, most) in ((TaskFilter, int)[])
            [
                (new(), page), (Of("FAILURE"), page), (Of("PENDING"), page), (Of("PENDING", "STARTED", "RETRY", "FAILURE"), page),
                (new(WorkflowId: "busy"), page), (new(WorkflowId: "rare"), page), (new(WorkflowId: "nobody's"), page),
                (new(Caller: "often"), page), (new(Caller: "seldom"), page), (new(Caller: "nobody"), page),
                (new(IdempotencyKey: "key-57"), page), (new(IdempotencyKey: "nobody's"), page), (new(IdempotencyKey: "key-57", WorkflowId: "busy"), page),
                (new(Since: DateTimeOffset.UtcNow), page), (new(Until: DateTimeOffset.UnixEpoch), page),
                (Of("SUCCESS"), bounded), (Of("SUCCESS") with { WorkflowId = "busy" }, bounded), (Of("FAILURE") with { Caller = "seldom" }, bounded),
                (Of("STARTED") with { WorkflowId = "busy" }, bounded), (new(WorkflowId: "busy", Caller: "seldom"), bounded),
            ])
        {
            // The first time statements are prepared, and the planner looks.
            for (var n = 0; n < 3; n++)
            {
                var before = await many.Database.ReadRowsAsync();
                await many.Tasks.ListAsync(null!, filter, 50, null, default);
                var read = await many.Database.ReadRowsAsync() - before;
                Assert.True(read < most || n == 0, $"{filter} {string.Join(',', filter.Statuses ?? new HashSet<string>())}: {read} rows read");
            }
        }
    }

    [Fact]
    public async Task Pages_together_hold_every_task_that_fits_once_and_no_row_of_others()
    {
        foreach (var (filter, where) in ((TaskFilter, string)[])
            [
                (Of("SUCCESS"), "result_payload is not null"),
                (Of("FAILURE"), "error_payload is not null"),
                (Of("STARTED"), "false"), // no engine knows them, so they read as PENDING
                (Of("PENDING"), "error_payload is null and result_payload is null"),
                (Of("PENDING", "FAILURE"), "result_payload is null"),
                (new(WorkflowId: "busy"), "workflow_id = 'busy'"),
                (Of("SUCCESS") with { WorkflowId = "busy" }, "workflow_id = 'busy' and result_payload is not null"),
                (Of("FAILURE") with { WorkflowId = "busy", Caller = "often" }, "workflow_id = 'busy' and caller = 'often' and error_payload is not null"),
                (new(Caller: "seldom"), "caller = 'seldom'"),
                (new(WorkflowId: "busy", Caller: "seldom"), "workflow_id = 'busy' and caller = 'seldom'"),
                (new(IdempotencyKey: "key-57"), "idempotency_key = 'key-57'"),
            ])
        {
            var found = new List<Guid>();
            Guid? after = null;
            for (var pages = 0; pages == 0 || after is not null; pages++)
            {
                Assert.True(pages < ManyTasks.Rows / 100, "no end");
                var page = await many.Tasks.ListAsync(null!, filter, 1_000, after, default);
                found.AddRange(page.Tasks.Select(task => task.TaskId));
                after = page.Next;
            }

            Assert.True((await ExpectedAsync(where)).SequenceEqual(found), string.Create(CultureInfo.InvariantCulture, $"{where}: {found.Count}"));
        }
    }

    [Fact]
    public async Task Usage_reads_the_tasks_of_its_time_and_counts_each_once()
    {
        var since = DateTimeOffset.UtcNow.AddSeconds(-4_000);
        var until = since.AddSeconds(1_000);
        var query = new UsageQuery(UsageKey.Workflow, since, until);
        var reader = new UsageReader(many.Database, many.Table);
        await reader.ReadAsync(query, until, default);

        var before = await many.Database.ReadRowsAsync();
        var (_, rows, total) = await reader.ReadAsync(query, until, default);
        var read = await many.Database.ReadRowsAsync() - before;

        // All of that time have failed: see ManyTasks. The archive's ended all at once, later.
        Assert.InRange(total.Tasks, 990, 1_000);
        Assert.Equal((total.Tasks, 0m), (total.Failed, total.Usd));
        Assert.Equal(total.Tasks, rows.Sum(row => row.Tasks));
        Assert.Equal(["busy", null], rows.Select(row => row.Key["workflow_id"]).Order().Reverse());
        Assert.True(read < 3_000, $"{read} rows read");
    }

    private async Task<Guid[]> ExpectedAsync(string where) => (await many.Database.ScalarAsync<Guid[]>($"""
        select coalesce(array_agg(task_id order by task_id desc), '{"{}"}') from (
            select task_id, workflow_id, caller, idempotency_key, result_payload, error_payload from idempotency_keys where task_id is not null
            union all select task_id, workflow_id, caller, idempotency_key, result_payload, error_payload from iga_task_archive
        ) t where {where}
        """))!;

    private static TaskFilter Of(params string[] statuses) => new(Statuses: statuses.ToHashSet());
}
