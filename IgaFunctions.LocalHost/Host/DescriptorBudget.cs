using Iga.Bucket;
using Iga.Configuration;
using Iga.TaskImage;

namespace Iga.LocalHost.Host;

/// <summary>
/// How the descriptors that the process may have (<c>ulimit -n</c>) are divided, so that callers' connections never take those that
/// the tasks need. A process that has used up all of them can't even load code, and ends.
/// </summary>
/// <param name="Connections">So many may callers have open.</param>
/// <param name="Activities">So many run at once; the rest waits its turn in the database, where it costs nothing.</param>
/// <param name="EmulatorConnections">
/// So many may be open to each embedded emulator: the activities' own, those that pictures are read by, and some for whoever looks at it.
/// </param>
internal sealed record DescriptorBudget(int Connections, int Activities, int EmulatorConnections)
{
    public const int LeastConnections = 32;

    private const int MostConnections = 10_000;

    private const int LeastActivities = 8;

    /// <summary>The process's own: .NET keeps a file open for each assembly, which makes 260 to 300 with pipes and logs.</summary>
    private const int OwnFiles = 384;

    /// <summary>PostgreSQL's besides the pool: the heartbeat's, and what listens for news.</summary>
    private const int OtherSessions = 8;

    private const int SpareEmulatorConnections = 32;

    /// <param name="limit">Of descriptors.</param>
    /// <param name="pool">The largest number of the pool's connections to PostgreSQL.</param>
    /// <param name="mostActivities">As host.json has it.</param>
    /// <param name="asked">IGA_MAX_CONNECTIONS.</param>
    /// <param name="settings">Is told where the limit is too small for what was asked, or for anything.</param>
    public static DescriptorBudget Divide(
        int limit, int pool, EmbeddingPlan embedded, int mostActivities, int? asked, Settings settings)
    {
        // Each activity has a call of the model, and those that upload the staged file and the upload. Of an embedded emulator's
        // connections both ends are in this process, and that of GCS has the object's file open.
        var call = 1 + (embedded.Vertex ? 1 : 0);
        var upload = 2 + (embedded.Storage ? 2 : 0);
        var spare = SpareEmulatorConnections * ((embedded.Vertex ? 1 : 0) + (embedded.Storage ? 1 : 0));
        // A picture that a caller looks at: the same without the staged file.
        var pictures = PictureReads.AtOnce * (1 + (embedded.Storage ? 2 : 0));
        var left = limit - OwnFiles - pool - OtherSessions - spare - pictures;
        var forConnections = left - Needed(LeastActivities);
        if (forConnections < LeastConnections)
        {
            settings.Error($"The process may have {limit} files and sockets open (ulimit -n), of which its database, model and bucket "
                + $"leave too few for callers: it has to be {limit - forConnections + LeastConnections} or more");
        }
        else if (asked > forConnections)
        {
            settings.Error("IGA_MAX_CONNECTIONS", $"{asked}",
                $"must be at most {forConnections}, since the process may have {limit} files and sockets open (ulimit -n)");
        }

        var activities = Math.Clamp(Fitting(asked is { } kept ? left - kept : left / 3 * 2), LeastActivities, mostActivities);
        var connections = asked ?? Math.Clamp(left - Needed(activities), LeastConnections, MostConnections);
        return new DescriptorBudget(connections, activities, activities + PictureReads.AtOnce + SpareEmulatorConnections);

        int Needed(int count) => (count * call) + (Math.Min(count, GcsImageStore.UploadsAtOnce) * upload);

        // The first where all of them may upload at once, else the second.
        int Fitting(int descriptors) => Math.Max(
            descriptors / (call + upload), (descriptors - (GcsImageStore.UploadsAtOnce * upload)) / call);
    }
}
