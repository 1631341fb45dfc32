using Iga.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace Iga.Keys;

/// <summary>
/// What a claim's statement has besides where the spend of a day is limited: only tasks that fit in become tasks, over all processes. With
/// every claim waiting for the one before it, each counts what has been committed, and none overshoots.
/// </summary>
internal static class SpendLimitSql
{
    /// <summary>The lock's number, the same in all processes: "iga_spen" in ASCII, that no other user of the database takes it by chance.</summary>
    private const long LockId = 0x6967_615F_7370_656E;

    /// <summary>
    /// A statement before the claim's, in the same transaction and the same round trip. The claim's own would not do: what it sees is
    /// settled before it waits.
    /// </summary>
    public const string Lock = "select pg_advisory_xact_lock(@spend_lock);";

    /// <summary>
    /// <c>wanted</c>: the asked for that would be new tasks, and whether each fits in if it is alone. <c>affordable</c>: those that fit in
    /// together; the others that fit in alone are to ask again. A picture that is staged is paid for, and so in <c>iga_spend</c>.
    /// </summary>
    public const string Tables = $"""
        , spent as materialized (
            select coalesce((select sum(usd) from iga_spend where day = (now() at time zone 'utc')::date), 0)
                + coalesce((
                    select sum(coalesce(reserved_usd, @unknown_usd)) from idempotency_keys
                    where {IdempotencyTable.IsInFlight}
                        and task_name = @task_name and status = @processing and staged_image is null), 0) as usd
        ), wanted as materialized (
            select a.n, a.reserved_usd, s.usd + a.reserved_usd <= @daily_limit as fits
            from asked a left join prior p using (n) cross join spent s
            where p.n is null or p.is_ours_to_take
        ), affordable as materialized (
            select w.n from (select n, sum(reserved_usd) over (order by n) as usd from wanted where fits) w cross join spent s
            where s.usd + w.usd <= @daily_limit
        )
        """;

    public const string IsAffordable = "and n in (select n from affordable)";

    /// <summary>Null where nothing new is asked for.</summary>
    public const string Fits = "(select w.fits from wanted w where w.n = a.n)";

    public static void AddTo(NpgsqlCommand command, Reservation limit) => command
        .With("spend_lock", NpgsqlDbType.Bigint, LockId)
        .With("unknown_usd", NpgsqlDbType.Numeric, limit.UnknownUsd)
        .With("daily_limit", NpgsqlDbType.Numeric, limit.DailyLimit);
}
