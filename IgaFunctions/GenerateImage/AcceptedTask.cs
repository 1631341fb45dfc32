namespace Iga.GenerateImage;

/// <summary>The 202 of a task, which may yet be exchanged for the task's end where the caller waits for it.</summary>
internal sealed class AcceptedTask(Guid taskId, IResult answer) : IResult
{
    public Guid TaskId => taskId;

    public Task ExecuteAsync(HttpContext httpContext) => answer.ExecuteAsync(httpContext);
}
