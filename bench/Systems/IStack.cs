namespace Iga.Bench.Systems;

/// <summary>A system to measure.</summary>
internal interface IStack
{
    /// <summary>The heading of its column.</summary>
    string Name { get; }

    /// <summary>How many tasks it works on at once while the model is slow; null when that is not what limits it.</summary>
    int? Slots { get; }

    /// <summary>Which part of a large load it is given, one in so many, so that a run ends in minutes.</summary>
    int LoadDivisor { get; }

    /// <summary>Sets it up on a fresh database, without starting its processes.</summary>
    Task<Service> PrepareAsync(Lab lab, CancellationToken cancellationToken);
}
