using Iga.Keys;
using Iga.LocalHost.Migrations;
using Iga.Postgres;
using Iga.TaskList;
using Iga.Tests.Fixtures;
using Npgsql;

namespace Iga.Tests.TaskList;

/// <summary>A database full of tasks that ended, one every second up to a minute ago, and what lists them.</summary>
public sealed class ManyTasks : IAsyncLifetime
{
    public const int Rows = 60_000;

    /// <summary>In the order of their ids, the first one the oldest; the number of each is n, its fate follows from it.</summary>
    private const string Fill = """
        create function pg_temp.id_of(n int, of_archive bool) returns uuid language sql as $$
            select (lpad(to_hex((extract(epoch from date_trunc('day', now())) * 1000)::bigint - 1000000000000 + n * 1000::bigint), 12, '0')
                || '7000' || case when of_archive then '9' else '8' end || '00000000000' || lpad(to_hex(n % 16), 4, '0'))::uuid
        $$;
        insert into idempotency_keys (idempotency_key, task_name, task_id, status, workflow_id, caller, created_at, ended_at, request_fingerprint,
            effective_request, result_payload, error_payload, image_details)
        select 'key-' || n, 'generate_image_vertex_ai_task', pg_temp.id_of(n, false),
            case when f then 'failed' when p then 'processing' else 'completed' end,
            case when n % 2 = 0 then 'busy' when n % 5001 = 0 then 'rare' end, case when n % 4999 = 0 then 'seldom' else 'often' end,
            now() - interval '1 second' * (ROWS - n), case when not p then now() - interval '1 second' * (ROWS - n) end, 'f',
            jsonb_build_object('prompt', 'p ' || n, 'aspect_ratio', '1:1', 'add_watermark', true, 'model_id', 'm'),
            case when not f and not p then jsonb_build_object('image_url', 'gs://b/o', 'prompt_used', 'p ' || n, 'model_version', 'v') end,
            case when f then '{"type": "task_failed", "message": "x"}'::jsonb end,
            case when not f and not p then jsonb_build_object('size', 1, 'content_type', 'image/png', 'extension', 'png', 'crc32_c', 'x',
                'origin', jsonb_build_object('model_id', 'm', 'usd', (n % 97) / 100.0)) end
        from (select n, n % 1000 = 1 or n between ROWS - 12000 and ROWS - 5 as f, n % 10007 = 3 as p from generate_series(1, ROWS) n) t;
        insert into iga_task_archive (task_id, idempotency_key, workflow_id, caller, archived_at, created_at, ended_at, error_payload)
        select pg_temp.id_of(n, true), 'key-' || n, case when n % 2 = 0 then 'busy' end, 'often', now(), now(), now(),
            '{"type": "task_failed", "message": "x"}'
        from generate_series(7, ROWS, 50) n;
        insert into idempotency_keys (idempotency_key, task_name, status, workflow_id) select 'theirs-' || n, 'another_service', 'processing', 'busy'
        from generate_series(1, 1000) n;
        analyze idempotency_keys; analyze iga_task_archive
        """;

    public NpgsqlDataSource Database { get; private set; } = null!;

    internal IdempotencyTable Table => new(Database);

    internal TaskSummaries Tasks => new(new TaskRows(Database, Table), new NoStates());

    public async ValueTask InitializeAsync()
    {
        // One session: its statements are prepared once, and it counts what was read.
        Database = PostgresDataSource.Create($"{await TestCluster.CreateDatabaseAsync()};Maximum Pool Size=1;Command Timeout=120");
        await MigrationRunner.ApplyAsync(Database, default);
        await Database.ExecuteAsync(Fill.Replace("ROWS", $"{Rows}", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}
