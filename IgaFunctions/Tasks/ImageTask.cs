using System.Text.Json.Serialization;

namespace Iga.Tasks;

/// <summary>A task: the orchestration's input, and all that its activities need to know.</summary>
/// <param name="TaskId">The orchestration's instance id, and the fencing token of everything that the task writes.</param>
/// <param name="IdempotencyKey">The caller's key, verbatim.</param>
/// <param name="WorkflowId">X-Workflow-ID, or null.</param>
/// <param name="Fingerprint">64 hex digits: the SHA-256 of the effective request.</param>
/// <param name="HeartbeatSeconds">How often a live task renews its lock.</param>
/// <param name="MayHaveObject">An earlier task or run may have stored the key's object; it is looked for before a picture is paid for.</param>
/// <param name="Caller">The name of the API key that it was posted with; null where keys have no names, and for tasks of before.</param>
/// <param name="TraceParent">The span of its POST, in W3C's form; its steps, in whatever process, belong below it. Null where nothing is traced.</param>
public sealed record ImageTask(
    Guid TaskId, string IdempotencyKey, string? WorkflowId, string Fingerprint, ImageRequest Request, double HeartbeatSeconds,
    bool MayHaveObject = false, string? Caller = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceParent = null)
{
    public string InstanceId => TaskId.ToString();
}
