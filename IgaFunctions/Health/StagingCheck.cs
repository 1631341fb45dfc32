using Iga.Faults;
using Iga.Http;
using Iga.Staging;

namespace Iga.Health;

/// <summary>Whether a picture could be kept until it is in the bucket: without that no model is called.</summary>
public sealed class StagingCheck(IImageStaging staging)
{
    internal static readonly Readiness Silent = NotReady("no answer in time");

    public async Task<Readiness> AskAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var room = await staging.ReserveAsync(null, cancellationToken);
            return Readiness.Ready;
        }
        catch (FailureException exception)
        {
            return NotReady(exception.InnerException?.Message ?? exception.Message);
        }
        catch (OperationCanceledException)
        {
            return Silent;
        }
    }

    private static Readiness NotReady(string cause) => new(
        ErrorCode.StagingUnavailable, "There is no room at the moment where pictures wait for the bucket; tasks wait.", cause);
}
