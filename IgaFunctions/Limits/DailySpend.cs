using Iga.Http;
using Iga.Keys;
using Iga.Models;
using Iga.Tasks;

namespace Iga.Limits;

/// <summary>
/// What all callers together may spend on a day, over all processes. The claim of a task's key reserves what its picture costs, or is
/// refused; when the picture is paid for, what it did cost takes the place of that.
/// </summary>
public sealed class DailySpend(LimitOptions limits, ModelOptions models, TimeProvider time)
{
    /// <returns>For the claim of the task's key; null where there is no limit.</returns>
    internal Reservation? ReservationFor(ImageTask task) => limits.DailySpend is { } limit
        ? new(models.CandidatesFor(task.Request).Max(request => models.Catalog.PriceOf(request.ModelId, request.ImageSize)),
            models.Catalog.HighestPrice, limit)
        : null;

    internal RejectedException Refuse() => Refusal.DayIsSpent(limits.DailySpend ?? 0, UtcDay.Left(time)).ToException();
}
