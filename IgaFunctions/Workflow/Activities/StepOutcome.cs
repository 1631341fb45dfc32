using Iga.Telemetry;

namespace Iga.Workflow.Activities;

/// <summary>What a step's span says of how far the task got.</summary>
internal static class StepOutcome
{
    public static Progress Ended(this TaskStep step, Progress progress)
    {
        var fault = progress switch
        {
            Progress.Staged staged => staged.Fault,
            Progress.NotMade failed => failed.Fault,
            _ => null,
        };
        return step.Ended(progress, progress.GetType().Name, fault?.Kind);
    }
}
