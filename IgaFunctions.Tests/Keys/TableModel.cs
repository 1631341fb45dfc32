using Iga.Keys;
using Iga.Tasks;

namespace Iga.Tests.Keys;

/// <summary>What the store promises, in the simplest form: a dictionary that one caller after another works on.</summary>
internal sealed class TableModel
{
    private readonly Dictionary<Guid, string> _archive = [];

    /// <summary>Our rows, by the caller's key.</summary>
    public Dictionary<string, ModelRow> Rows { get; } = [];

    public Claim Claim(ImageTask task)
    {
        var row = Rows.GetValueOrDefault(task.IdempotencyKey);
        if (row is null || (row.IsFree && (row.Fingerprint ?? task.Fingerprint) == task.Fingerprint))
        {
            if (row?.TaskId is { } superseded)
            {
                _archive.TryAdd(superseded, row.Error is null ? "conflict" : $"error {row.Error}");
            }

            Rows[task.IdempotencyKey] = new ModelRow(task.TaskId, "processing", task.Fingerprint, "fresh", null, null, IsUntouched: true);
            return new Claim.Won(task.TaskId, MayHaveObject: row is not null);
        }

        return row switch
        {
            { TaskId: null } => new Claim.HeldElsewhere(),
            { TaskId: { } holder } when holder == task.TaskId => new Claim.Won(holder, MayHaveObject: true),
            { TaskId: { } holder } when row.Fingerprint != task.Fingerprint => new Claim.Reused(holder),
            { TaskId: { } holder } => new Claim.Replayed(holder, InFlight: row.Status == "processing"),
        };
    }

    public Ownership Confirm(ImageTask task)
    {
        switch (Rows.GetValueOrDefault(task.IdempotencyKey))
        {
            case { Status: "completed", ImageUrl: { } url } row when row.TaskId is null || row.TaskId == task.TaskId:
                return new Ownership.Completed(new ImageResult(url, "p", "vertex-ai-m"));
            case { } row when row.IsInFlightOf(task.TaskId):
                Rows[task.IdempotencyKey] = row.Lock == "fresh" ? row : row with { Lock = "fresh", IsUntouched = false };
                return new Ownership.Owned(row.Staged is null ? null : AttackedStore.StagedOf(task));
            default:
                return new Ownership.Lost();
        }
    }

    public bool Renew(ImageTask task) => Write(task, "processing", row => row with { Lock = "fresh", IsUntouched = false });

    /// <summary>Only of a task in flight: <see cref="Write"/> does not let it be written again after the end.</summary>
    public bool RecordStaged(ImageTask task) =>
        Write(task, "processing", row => row with { Staged = AttackedStore.StagedOf(task).Size });

    public bool Complete(ImageTask task) => Write(task, "completed", row => row with
    {
        Status = "completed",
        Lock = "none",
        IsUntouched = false,
        ImageUrl = AttackedStore.ResultOf(task).ImageUrl,
        Error = null,
        Staged = null,
    });

    public bool Fail(ImageTask task) => Write(task, "failed", row => row with
    {
        Status = "failed",
        Lock = "none",
        IsUntouched = false,
        ImageUrl = null,
        Error = AttackedStore.ErrorOf(task).Message,
        Staged = null,
    });

    public void Release(ImageTask task)
    {
        if (Rows.GetValueOrDefault(task.IdempotencyKey) is { IsUntouched: true } row && row.IsInFlightOf(task.TaskId))
        {
            Rows.Remove(task.IdempotencyKey);
        }
    }

    public void Age(string key, string age)
    {
        if (Rows.GetValueOrDefault(key) is { Lock: not "none" } row)
        {
            Rows[key] = row with { Lock = age, IsUntouched = false };
        }
    }

    /// <summary>How a poll sees a task.</summary>
    public string RecordOf(Guid taskId) =>
        Rows.Values.SingleOrDefault(row => row.TaskId == taskId) is { } row
            ? row switch
            {
                { Error: { } error } => $"error {error}",
                { ImageUrl: { } url } => $"image {url}",
                _ => "in flight",
            }
            : _archive.GetValueOrDefault(taskId, "unknown");

    /// <param name="status">What the row's status becomes; the same status again may be written again.</param>
    private bool Write(ImageTask task, string status, Func<ModelRow, ModelRow> change)
    {
        var row = Rows.GetValueOrDefault(task.IdempotencyKey);
        if (row?.TaskId != task.TaskId || (row.Status != "processing" && row.Status != status))
        {
            return false;
        }

        Rows[task.IdempotencyKey] = change(row);
        return true;
    }
}
