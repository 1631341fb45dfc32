using Iga.Tasks;

namespace Iga.Keys;

/// <summary>How a task's course is written into its row: along with what is written anyway.</summary>
internal static class TaskRuns
{
    /// <summary>Assignments of an update of the table as <c>k</c>. The same run may be written again.</summary>
    /// <param name="run">A <see cref="TaskRun"/> as JSON, in SQL; null writes nothing.</param>
    public static string Assignments(string run) => $"""
        started_at = coalesce(k.started_at, ({run} ->> 'started_at')::timestamptz),
        attempts = case when k.attempts is null then {run} -> 'attempts' else (
            select jsonb_agg(l.call order by l.n) from (
                select f.call, f.n from (
                    select distinct on (c.call -> 'at') c.call, c.n
                    from jsonb_array_elements(k.attempts || coalesce({run} -> 'attempts', '[]'::jsonb)) with ordinality c (call, n)
                    order by c.call -> 'at', c.n
                ) f order by f.n desc limit {TaskAttempt.MostKept}
            ) l) end
        """;

    /// <summary>The calls of a column, with what models said of them erased (<c>@erased</c>).</summary>
    public static string Erased(string attempts) => $$"""
        (select jsonb_agg(
            case when c.call -> 'fault' ->> 'message' is null then c.call
                else jsonb_set(c.call, '{fault,message}', to_jsonb(@erased)) end order by c.n)
        from jsonb_array_elements({{attempts}}) with ordinality c (call, n))
        """;
}
