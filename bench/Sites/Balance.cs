namespace Iga.Bench.Sites;

/// <summary>What the books say at the end of a run.</summary>
internal sealed record Balance
{
    /// <summary>Tasks that were promised by a 202.</summary>
    public required int Tasks { get; init; }

    public required int Keys { get; init; }

    public required int Succeeded { get; init; }

    public required int Failed { get; init; }

    /// <summary>Objects of the keys.</summary>
    public required int Objects { get; init; }

    /// <summary>Pictures that the model made for the keys.</summary>
    public required int Pictures { get; init; }

    /// <summary>Of those: in flight when their host was killed, so that another one may be paid for.</summary>
    public required int InFlightAtKill { get; init; }

    /// <summary>Of those: made in vain by a host that lost its lease.</summary>
    public required int LostWithLease { get; init; }

    /// <summary>Of those: in flight when the grace period of a SIGTERM ran out.</summary>
    public required int HandedOn { get; init; }

    /// <summary>Of those: their answer was lost or spoiled by a scripted fault.</summary>
    public required int Spoiled { get; init; }

    /// <summary>Accepted, but neither SUCCESS nor FAILURE.</summary>
    public required IReadOnlyList<string> Lost { get; init; }

    /// <summary>More or less than one object, or more than one result, for a key.</summary>
    public required IReadOnlyList<string> Doubled { get; init; }

    /// <summary>Pictures that nothing excuses.</summary>
    public required IReadOnlyList<string> PaidTwice { get; init; }

    /// <summary>What was left behind, and answers that the contract does not know.</summary>
    public required IReadOnlyList<string> Other { get; init; }

    public IReadOnlyList<string> Violations => [.. Lost, .. Doubled, .. PaidTwice, .. Other];
}
