using Iga.Http;
using Iga.Keys;
using Iga.Tasks;
using Iga.Workflow;

namespace Iga.TaskImage;

/// <summary>Finds out where the picture of a task is, from the task's record alone.</summary>
public sealed class TaskPictures(TaskRecords records, TaskReports reports, ILogger<TaskPictures> logger)
{
    /// <param name="cancellationToken">Ends with the time for an answer, or with the caller.</param>
    /// <param name="hungUp">Ends with the caller: there is nobody to tell, and nothing to log.</param>
    /// <exception cref="RejectedException">There is no such task, it has not ended, has no picture, or that can't be read.</exception>
    internal async Task<TaskPicture> FindAsync(DurableTaskClient client, string taskId, CancellationToken cancellationToken, CancellationToken hungUp)
    {
        if (!TaskIdText.TryRead(taskId, out var id))
        {
            throw PictureRefusal.UnknownTask();
        }

        var (record, image) = await ReadAsync(id, cancellationToken, hungUp);
        return record switch
        {
            null => throw await WithoutRecordAsync(client, id, cancellationToken, hungUp),
            { Outcome: null } => throw PictureRefusal.NotEnded(),
            { Outcome.Image: { } result } => new TaskPicture(id, result.ImageUrl, image),
            _ => throw PictureRefusal.NoPicture(),
        };
    }

    private async Task<(TaskRecord? Record, Images.StagedImage? Image)> ReadAsync(Guid id, CancellationToken cancellationToken, CancellationToken hungUp)
    {
        try
        {
            var record = records.FindAsync(id, cancellationToken);
            var report = reports.FindAsync(id, cancellationToken);
            await Task.WhenAll(record, report).WaitAsync(cancellationToken);
            return (await record, (await report)?.Image);
        }
        catch (Exception exception) when (!hungUp.IsCancellationRequested)
        {
            logger.LogError(exception, "The record of task {task_id} could not be read", id);
            throw PictureRefusal.StoreUnavailable();
        }
    }

    /// <summary>A task that met a key which another holder has got gets its record when it ends.</summary>
    private async Task<RejectedException> WithoutRecordAsync(
        DurableTaskClient client, Guid id, CancellationToken cancellationToken, CancellationToken hungUp)
    {
        try
        {
            var instance = await client.GetInstanceAsync(id.ToString(), getInputsAndOutputs: false, cancellationToken)
                .WaitAsync(cancellationToken);
            return instance is null || instance.Name != ImageWorkflow.Name ? PictureRefusal.UnknownTask()
                : instance.IsCompleted ? PictureRefusal.NoRecord()
                : PictureRefusal.NotEnded();
        }
        catch (Exception exception) when (!hungUp.IsCancellationRequested)
        {
            logger.LogError(exception, "The task hub could not be asked for task {task_id}", id);
            return PictureRefusal.HubUnavailable();
        }
    }
}
