namespace Iga.Bench.Sites;

/// <summary>How a <see cref="Site"/> is set up.</summary>
internal sealed record SiteOptions
{
    /// <summary>How many local hosts share the database.</summary>
    public int Hosts { get; init; } = 1;

    /// <summary>A database that exists; null brings a PostgreSQL of the site's own.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>How long a picture takes, from and up to.</summary>
    public (TimeSpan From, TimeSpan To) ModelPace { get; init; } = (TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(400));

    /// <summary>How many calls of the model a host has in flight at once; null does not limit them.</summary>
    public int? ModelConcurrency { get; init; }

    /// <summary>How long a host that is told to stop waits for the calls that are under way.</summary>
    public TimeSpan ShutdownGrace { get; init; } = TimeSpan.FromSeconds(5);
}
